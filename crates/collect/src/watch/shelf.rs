//! What a mirror keeps: objects without what must not be kept, compressed, within a limit of memory.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rampart_model::{Diagnostic, Document, KubernetesVersion, Limits};
use tokio::sync::watch;

use crate::cluster::Resource;
use crate::collected::Collected;
use crate::live::{Stripped, unlined};

/// Bytes that an object takes beside its text and its name: places in maps and the heads of allocations.
const OVERHEAD: u64 = 160;

/// Complaints about one kind that are kept.
const BROKEN: usize = 20;

/// An object's text, compressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packed {
    bytes: Arc<[u8]>,
    length: usize,
}

impl Packed {
    fn of(text: &str) -> Result<Self, String> {
        let bytes = zstd::bulk::compress(text.as_bytes(), 3).map_err(|error| format!("cannot compress it: {error}"))?;
        Ok(Self { bytes: bytes.into(), length: text.len() })
    }

    fn text(&self) -> Result<String, String> {
        let bytes = zstd::bulk::decompress(&self.bytes, self.length).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    }

    fn cost(&self, key: &str) -> u64 {
        (self.bytes.len() as u64).saturating_add(key.len() as u64).saturating_add(OVERHEAD)
    }
}

/// An object on its way to a reader.
pub(crate) struct Kept {
    path: String,
    object: Packed,
}

impl Kept {
    pub(crate) fn document(self, limits: &Limits) -> Result<Document, Diagnostic> {
        let Self { path, object } = self;
        match object.text() {
            Ok(text) => Document::from_json(Arc::new(unlined(path, text)), limits),
            Err(error) => Err(Diagnostic::lost(path, format!("it cannot be unpacked from memory: {error}"))),
        }
    }
}

/// One listing: a kind, or a kind within a namespace.
struct Place {
    resource: Arc<Resource>,
    /// The name under which the kind is reported as unseen.
    label: String,
    /// By `namespace/name`.
    objects: HashMap<String, Packed>,
    /// Hashes of the keys of objects that there was no room for.
    absent: HashSet<u64>,
    broken: Vec<Diagnostic>,
    /// Why what is kept may not be what there is.
    trouble: Option<String>,
    is_listed: bool,
}

#[derive(Default)]
struct Inner {
    places: BTreeMap<String, Place>,
    used: u64,
    /// Groups that could not be looked up.
    failed: BTreeMap<String, String>,
    server_version: Option<KubernetesVersion>,
}

pub(crate) struct Shelf {
    inner: Mutex<Inner>,
    limit: u64,
    keys: RandomState,
    revision: watch::Sender<u64>,
    is_ready: watch::Sender<bool>,
}

/// What a mirror holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    pub kinds: u64,
    pub objects: u64,
    /// Memory of the kept objects.
    pub bytes: u64,
    /// Objects that there is no room for.
    pub absent: u64,
}

impl Shelf {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            inner: Mutex::default(),
            limit,
            keys: RandomState::new(),
            revision: watch::Sender::new(0),
            is_ready: watch::Sender::new(false),
        }
    }

    /// Counts changes of anything that an evaluation would see.
    pub(crate) fn revision(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Turns true when each listing has been tried.
    pub(crate) fn is_ready(&self) -> watch::Receiver<bool> {
        self.is_ready.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `change` and tells the listeners where it says that something changed.
    fn change(&self, change: impl FnOnce(&mut Inner) -> bool) -> bool {
        let (is_changed, is_ready) = {
            let mut inner = self.lock();
            let is_changed = change(&mut inner);
            let is_settled = |place: &Place| place.is_listed || place.trouble.is_some();
            (is_changed, !inner.places.is_empty() && inner.places.values().all(is_settled))
        };
        if is_ready {
            self.is_ready.send_if_modified(|ready| !std::mem::replace(ready, true));
        }
        if is_changed {
            self.revision.send_modify(|revision| *revision = revision.wrapping_add(1));
        }
        is_changed
    }

    pub(crate) fn open(&self, path: &str, resource: &Arc<Resource>, label: &str) {
        let place = Place {
            resource: Arc::clone(resource),
            label: label.to_owned(),
            objects: HashMap::new(),
            absent: HashSet::new(),
            broken: Vec::new(),
            trouble: None,
            is_listed: false,
        };
        self.change(|inner| inner.places.insert(path.to_owned(), place).is_none());
    }

    pub(crate) fn close(&self, path: &str) {
        self.change(|inner| {
            let Some(place) = inner.places.remove(path) else { return false };
            let cost: u64 = place.objects.iter().map(|(key, packed)| packed.cost(key)).sum();
            inner.used = inner.used.saturating_sub(cost);
            true
        });
    }

    /// Keeps an object; true where that changes anything.
    pub(crate) fn put(&self, path: &str, object: &Stripped) -> bool {
        let packed = match Packed::of(&object.text) {
            Ok(packed) => packed,
            Err(why) => return self.complain(path, Diagnostic::lost(path, why)),
        };
        let key = key(object);
        let hash = self.keys.hash_one(&key);
        self.change(|inner| {
            let Some(place) = inner.places.get_mut(path) else { return false };
            let before = place.objects.get(&key);
            if before == Some(&packed) {
                return false;
            }
            let freed = before.map_or(0, |before| before.cost(&key));
            let used = inner.used.saturating_sub(freed).saturating_add(packed.cost(&key));
            if used > self.limit {
                place.objects.remove(&key);
                inner.used = inner.used.saturating_sub(freed);
                return place.absent.insert(hash) || freed > 0;
            }
            inner.used = used;
            place.absent.remove(&hash);
            place.objects.insert(key, packed);
            true
        })
    }

    pub(crate) fn remove(&self, path: &str, object: &Stripped) -> bool {
        let key = key(object);
        let hash = self.keys.hash_one(&key);
        self.change(|inner| {
            let Some(place) = inner.places.get_mut(path) else { return false };
            let was_absent = place.absent.remove(&hash);
            let removed = place.objects.remove(&key);
            inner.used = inner.used.saturating_sub(removed.as_ref().map_or(0, |packed| packed.cost(&key)));
            was_absent || removed.is_some()
        })
    }

    /// Notes that a listing is through: what it did not name is gone.
    pub(crate) fn listed(&self, path: &str, named: &HashSet<String>, broken: Vec<Diagnostic>) -> bool {
        let hashes: HashSet<u64> = named.iter().map(|key| self.keys.hash_one(key)).collect();
        self.change(|inner| {
            let Some(place) = inner.places.get_mut(path) else { return false };
            let mut is_changed = !std::mem::replace(&mut place.is_listed, true);
            is_changed |= place.trouble.take().is_some();
            is_changed |= std::mem::replace(&mut place.broken, broken) != place.broken;
            let absent = place.absent.len();
            place.absent.retain(|hash| hashes.contains(hash));
            is_changed |= absent != place.absent.len();
            let mut freed = 0u64;
            place.objects.retain(|key, packed| {
                let stays = named.contains(key);
                freed = freed.saturating_add(if stays { 0 } else { packed.cost(key) });
                stays
            });
            inner.used = inner.used.saturating_sub(freed);
            is_changed || freed > 0
        })
    }

    /// Notes an object that could not be read.
    pub(crate) fn complain(&self, path: &str, diagnostic: Diagnostic) -> bool {
        self.change(|inner| {
            let Some(place) = inner.places.get_mut(path) else { return false };
            let is_new = place.broken.len() < BROKEN && !place.broken.contains(&diagnostic);
            if is_new {
                place.broken.push(diagnostic);
            }
            is_new
        })
    }

    /// Notes why a listing is not up to date, or that it is again.
    pub(crate) fn trouble(&self, path: &str, why: Option<String>) -> bool {
        self.change(|inner| {
            let Some(place) = inner.places.get_mut(path) else { return false };
            if place.trouble == why {
                return false;
            }
            place.trouble = why;
            true
        })
    }

    /// Notes what discovery found beside the kinds themselves.
    pub(crate) fn discovered(&self, failed: BTreeMap<String, String>, server_version: Option<KubernetesVersion>) {
        self.change(|inner| {
            let version = server_version.or(inner.server_version);
            let is_changed = inner.failed != failed || inner.server_version != version;
            inner.failed = failed;
            inner.server_version = version;
            is_changed
        });
    }

    /// Listings with objects left out, where there is room again.
    pub(crate) fn to_list_again(&self) -> Vec<String> {
        let inner = self.lock();
        if inner.used > self.limit - self.limit / 5 {
            return Vec::new();
        }
        let has_absent = inner.places.iter().filter(|(_, place)| !place.absent.is_empty());
        has_absent.map(|(path, _)| path.clone()).collect()
    }

    pub(crate) fn server_version(&self) -> Option<KubernetesVersion> {
        self.lock().server_version
    }

    pub(crate) fn usage(&self) -> Usage {
        let inner = self.lock();
        let sum = |count: fn(&Place) -> usize| inner.places.values().map(|place| count(place) as u64).sum();
        Usage {
            kinds: inner.places.len() as u64,
            objects: sum(|place| place.objects.len()),
            bytes: inner.used,
            absent: sum(|place| place.absent.len()),
        }
    }

    /// All that is kept at this moment, and the account of it. The objects are shared, not copied.
    pub(crate) fn view(&self) -> (Vec<Kept>, Collected) {
        let inner = self.lock();
        let mut collected =
            Collected { is_cluster: true, server_version: inner.server_version, ..Collected::default() };
        let mut kept = Vec::new();
        for (group, why) in &inner.failed {
            collected.unseen.insert(format!("all kinds of {group}"), why.clone());
        }
        for place in inner.places.values() {
            collected.diagnostics.extend(place.broken.iter().cloned());
            let late = (!place.is_listed).then(|| "it has not been listed yet".to_owned());
            let full = (!place.absent.is_empty()).then(|| {
                format!(
                    "{} of its objects have no room within the memory limit of {} MiB; raise the limit",
                    place.absent.len(),
                    self.limit >> 20
                )
            });
            match place.trouble.clone().or(late).or(full) {
                Some(why) => drop(collected.unseen.entry(place.label.clone()).or_insert(why)),
                None => collected.sources += 1,
            }
            kept.extend(place.objects.iter().map(|(key, object)| {
                let (namespace, name) = key.split_once('/').unwrap_or(("", key));
                Kept { path: place.resource.path_of(namespace, name), object: object.clone() }
            }));
        }
        (kept, collected)
    }
}

/// `namespace/name`.
pub(crate) fn key(object: &Stripped) -> String {
    format!("{}/{}", object.namespace, object.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(limit: u64) -> Shelf {
        let shelf = Shelf::new(limit);
        let resource = Resource {
            group: String::new(),
            version: "v1".to_owned(),
            kind: "Pod".to_owned(),
            plural: "pods".to_owned(),
            is_namespaced: true,
        };
        shelf.open("api/v1/pods", &Arc::new(resource), "Pod");
        shelf
    }

    fn pod(name: &str, text: &str) -> Stripped {
        Stripped { namespace: "n".to_owned(), name: name.to_owned(), text: text.to_owned() }
    }

    fn named(names: &[&str]) -> HashSet<String> {
        names.iter().map(|name| format!("n/{name}")).collect()
    }

    #[test]
    fn only_what_an_evaluation_would_see_counts_as_a_change() {
        let shelf = shelf(1 << 20);
        let mut revision = shelf.revision();
        let before = *revision.borrow_and_update();
        let put = |text: &str| shelf.put("api/v1/pods", &pod("a", text));
        assert_eq!([put("{}"), put("{}"), put(r#"{"a":1}"#)], [true, false, true]);
        assert!(!*shelf.is_ready().borrow());
        assert!(shelf.listed("api/v1/pods", &named(&["a"]), Vec::new()));
        assert!(*shelf.is_ready().borrow());
        assert!(!shelf.listed("api/v1/pods", &named(&["a"]), Vec::new()));
        assert!(shelf.listed("api/v1/pods", &named(&[]), Vec::new()));
        assert_eq!((shelf.usage().objects, shelf.usage().bytes), (0, 0));
        assert_eq!(*revision.borrow() - before, 4);
    }

    #[test]
    fn what_has_no_room_is_named_and_comes_back_when_there_is_some() {
        let shelf = shelf(400);
        shelf.listed("api/v1/pods", &named(&[]), Vec::new());
        for name in ["a", "b", "c", "d"] {
            shelf.put("api/v1/pods", &pod(name, "{}"));
        }
        let usage = shelf.usage();
        assert!(usage.absent > 0 && usage.bytes <= 400, "{usage:?}");
        let (kept, collected) = shelf.view();
        assert_eq!(kept.len() as u64, usage.objects);
        assert!(collected.unseen["Pod"].contains("memory limit"), "{collected:?}");
        assert!(shelf.to_list_again().is_empty());
        shelf.remove("api/v1/pods", &pod("a", ""));
        shelf.remove("api/v1/pods", &pod("b", ""));
        assert_eq!(shelf.to_list_again(), ["api/v1/pods"]);
        shelf.listed("api/v1/pods", &named(&[]), Vec::new());
        assert!(shelf.view().1.unseen.is_empty());
    }

    #[test]
    fn kept_object_reads_back_under_its_api_path() {
        let shelf = shelf(1 << 20);
        shelf.put("api/v1/pods", &pod("a", r#"{"kind":"Pod"}"#));
        let (kept, _) = shelf.view();
        let document = kept.into_iter().next().unwrap().document(&Limits::STANDARD).unwrap();
        assert_eq!(document.source().name.as_ref(), "api/v1/namespaces/n/pods/a");
        assert_eq!(document.source().text, r#"{"kind":"Pod"}"#);
    }
}
