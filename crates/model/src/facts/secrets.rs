//! Secrets by name, who refers to them, and pods that take the token of a service account nobody chose.
//!
//! No payload is looked at. Names are remembered wherever an object may mean a Secret by them: a Secret that nothing
//! names is unused with good certainty only then.

mod mentions;
mod references;

use std::collections::HashSet;

use super::Origin;
use crate::document::Value;
use crate::evidence::{Evidence, Location};
use crate::name::{Name, Names};
use crate::object::Object;
use crate::path::FieldPath;
use crate::redact;
use crate::subject::Subject;
use crate::workload::Pod;

#[derive(Debug, Default, Clone)]
pub struct SecretFacts {
    pub secrets: Vec<SecretObject>,
    /// Pods' references that must be there for the pod to start.
    pub references: Vec<Reference>,
    pub token_takers: Vec<TokenTaker>,
    /// Namespace (empty: any) and name of every Secret that an object may mean.
    mentioned: HashSet<(Name, Name)>,
    /// Namespace (empty: any) and name of Secrets that a controller makes from another object.
    made: HashSet<(Name, Name)>,
}

/// A Secret, without what is in it.
#[derive(Debug, Clone)]
pub struct SecretObject {
    pub origin: Origin,
    /// Such as `kubernetes.io/tls`; `Opaque` where not given.
    pub of_type: Name,
    /// Another object owns it, or labels say that a controller finds it by them.
    pub is_kept_by_controller: bool,
}

/// A pod's need of a Secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub subject: Subject,
    pub secret: Name,
    place: Place,
}

impl Reference {
    pub fn evidence(&self) -> Evidence {
        self.place.evidence(Some(self.secret.to_string()))
    }
}

/// A pod that runs as `default` and does not refuse its token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenTaker {
    pub subject: Subject,
    /// What the pod itself says; none leaves it to the service account.
    pub automount: Option<bool>,
    place: Place,
}

impl TokenTaker {
    /// The pod's `automountServiceAccountToken`, there or absent.
    pub fn evidence(&self) -> Evidence {
        self.place.evidence(self.automount.map(|automount| automount.to_string()))
    }
}

/// Evidence in little room: there is one for each reference, and paths repeat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    path: Name,
    document: u32,
    location: Option<Location>,
    excerpt: Option<Box<str>>,
}

impl Place {
    fn at(value: Value<'_>, missing: &str, names: &mut Names) -> Self {
        let document = value.document();
        let has_lines = document.source().has_lines;
        Self {
            path: names.intern(&value.path().join(missing).to_string()),
            document: document.position(),
            location: has_lines.then(|| value.location()),
            excerpt: if has_lines { redact::excerpt(value, false).map(Into::into) } else { None },
        }
    }

    fn evidence(&self, value: Option<String>) -> Evidence {
        Evidence {
            path: self.path.parse().unwrap_or_else(|_| FieldPath::default()),
            location: self.location.clone(),
            document: self.document,
            value,
            excerpt: self.excerpt.as_deref().map(str::to_owned),
        }
    }
}

impl SecretFacts {
    /// True where some object may mean the Secret.
    pub fn is_mentioned(&self, namespace: &str, name: &str) -> bool {
        contains(&self.mentioned, namespace, name)
    }

    /// True where a controller makes the Secret from another object.
    pub fn is_made(&self, namespace: &str, name: &str) -> bool {
        contains(&self.made, namespace, name)
    }

    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        if object.is("", "Secret") {
            self.secrets.push(SecretObject {
                origin: Origin::of(object, names),
                of_type: names.intern(object.value().text_at(&["type"]).unwrap_or("Opaque")),
                is_kept_by_controller: is_kept_by_controller(object),
            });
            return;
        }
        let mut mentions = mentions::Mentions { found: &mut self.mentioned, names, namespace: object.namespace() };
        mentions.of(object);
        for (namespace, secret) in mentions::made_by(object) {
            self.made.insert((names.intern(namespace), names.intern(secret)));
        }
        if !Pod::is_made_by_scanned_controller(*object) {
            for pod in Pod::all(*object) {
                self.fold_pod(&pod, names);
            }
        }
    }

    fn fold_pod(&mut self, pod: &Pod<'_>, names: &mut Names) {
        let namespace = names.intern(pod.object.namespace());
        references::of(pod, |reference| {
            let secret = names.intern(reference.name);
            self.mentioned.insert((Name::clone(&namespace), Name::clone(&secret)));
            if let Some(value) = reference.needed {
                let place = Place::at(value, "", names);
                self.references.push(Reference { subject: super::subject(&pod.object, names), secret, place });
            }
        });
        let automount = pod.spec.field("automountServiceAccountToken");
        let takes = automount.and_then(Value::bool) != Some(false);
        if takes && pod.service_account() == "default" && !is_static(pod) {
            let place = match automount {
                Some(value) => Place::at(value, "", names),
                None => Place::at(pod.spec, "automountServiceAccountToken", names),
            };
            self.token_takers.push(TokenTaker {
                subject: super::subject(&pod.object, names),
                automount: automount.and_then(Value::bool),
                place,
            });
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.secrets.extend(other.secrets);
        self.references.extend(other.references);
        self.token_takers.extend(other.token_takers);
        self.mentioned.extend(other.mentioned);
        self.made.extend(other.made);
    }

    pub(super) fn sort(&mut self) {
        self.secrets
            .sort_by(|a, b| (&a.origin.subject, &a.origin.evidence).cmp(&(&b.origin.subject, &b.origin.evidence)));
        self.references.sort();
        self.token_takers.sort();
    }
}

fn contains(set: &HashSet<(Name, Name)>, namespace: &str, name: &str) -> bool {
    let in_namespace = |namespace: &str| set.contains(&(Name::from(namespace), Name::from(name)));
    in_namespace(namespace) || in_namespace("")
}

/// Labels by which controllers find Secrets that nothing names.
const FOUND_BY_LABEL: &[&str] = &[
    "argocd.argoproj.io/secret-type",
    "sealedsecrets.bitnami.com/sealed-secrets-key",
    "cluster.x-k8s.io/cluster-name",
    "grafana_datasource",
    "grafana_dashboard",
    "owner",
];

fn is_kept_by_controller(object: &Object<'_>) -> bool {
    object.value().dig(&["metadata", "ownerReferences"]).is_some_and(|owners| !owners.is_empty())
        || FOUND_BY_LABEL.iter().any(|label| object.label(label).is_some())
}

/// Static pods get no token: their manifests cannot name a service account.
fn is_static(pod: &Pod<'_>) -> bool {
    pod.object.is("", "Pod")
        && (pod.object.annotation("kubernetes.io/config.mirror").is_some()
            || (pod.object.namespace() == "kube-system" && pod.object.label("tier") == Some("control-plane")))
}
