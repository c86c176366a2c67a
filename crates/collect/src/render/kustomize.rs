//! Kustomize folders: those with a `kustomization.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText, Value};

use super::{Rendering, normal, program, run};
use crate::file;
use crate::options::Options;

const WHAT: &str = "Kustomize folder";

/// Names that Kustomize looks for.
pub(crate) fn is_kustomization(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str);
    matches!(name, Some("kustomization.yaml" | "kustomization.yml" | "Kustomization"))
}

/// What one kustomization says.
#[derive(Debug, Default)]
struct Kustomization {
    /// A part of others, which makes nothing by itself.
    is_component: bool,
    /// Other folders that it builds upon.
    folders: BTreeSet<PathBuf>,
    /// Files with objects.
    resources: BTreeSet<PathBuf>,
    /// Files that are no objects by themselves: patches, settings, the kustomization itself.
    parts: BTreeSet<PathBuf>,
    /// The first entry that is no file here: rendering would fetch it.
    elsewhere: Option<String>,
}

/// The renderings of the outermost kustomizations among `paths`. Patches of the others are set apart with them.
pub(super) fn find<'p>(paths: impl Iterator<Item = &'p Path>, files: &[(PathBuf, u64)]) -> Vec<Rendering> {
    let found: BTreeMap<PathBuf, Kustomization> =
        paths.filter_map(|path| Some((path.parent()?.to_owned(), read(path)))).collect();
    let built_upon: BTreeSet<&PathBuf> = found.values().flat_map(|one| &one.folders).collect();
    let names: BTreeMap<PathBuf, &PathBuf> = files.iter().map(|(path, _)| (normal(path), path)).collect();
    let outermost = found.iter().filter(|(folder, one)| !one.is_component && !built_upon.contains(&normal(folder)));
    outermost.map(|(folder, _)| rendering(folder, &found, &names)).collect()
}

/// Collects what a kustomization covers, through all that it builds upon.
fn rendering(
    folder: &Path,
    found: &BTreeMap<PathBuf, Kustomization>,
    names: &BTreeMap<PathBuf, &PathBuf>,
) -> Rendering {
    let by_name: BTreeMap<PathBuf, &Kustomization> = found.iter().map(|(folder, one)| (normal(folder), one)).collect();
    let (mut own, mut covered, mut elsewhere) = (BTreeSet::new(), BTreeSet::new(), None);
    let (mut seen, mut open) = (BTreeSet::new(), vec![normal(folder)]);
    while let Some(next) = open.pop() {
        if !seen.insert(next.clone()) {
            continue;
        }
        let outside;
        let one = match by_name.get(&next) {
            Some(one) => *one,
            // Outside of the scanned folder, where only Kustomize itself reads on.
            None => match kustomization_in(&next) {
                Some(path) => {
                    outside = read(&path);
                    &outside
                }
                None => continue,
            },
        };
        own.extend(one.parts.iter().cloned());
        covered.extend(one.resources.iter().cloned());
        elsewhere = elsewhere.or_else(|| one.elsewhere.clone());
        open.extend(one.folders.iter().cloned());
    }
    let as_listed = |paths: BTreeSet<PathBuf>| {
        paths.iter().filter_map(|path| names.get(path)).map(|path| (*path).clone()).collect()
    };
    let shown = file::name(folder);
    Rendering {
        folder: folder.to_owned(),
        what: WHAT,
        own: as_listed(own),
        covered: as_listed(covered),
        obstacle: elsewhere
            .map(|entry| format!("it builds upon `{entry}`, which is not here and would have to be fetched")),
        remedy: format!(
            "install Kustomize or kubectl, or render it yourself: `kustomize build {shown} | rampart scan -`"
        ),
    }
}

fn kustomization_in(folder: &Path) -> Option<PathBuf> {
    let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    names.into_iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

fn read(path: &Path) -> Kustomization {
    let mut kustomization = Kustomization::default();
    let folder = path.parent().unwrap_or(Path::new(""));
    kustomization.parts.insert(normal(path));
    let text = file::open(path).and_then(|(file, size)| file::read_text(file, size, 1 << 20));
    let Ok(text) = text else { return kustomization };
    Document::each_from_yaml(&Arc::new(SourceText::new("", text)), &Limits::STANDARD, &mut |read| {
        if let Ok(document) = read {
            take(document.root(), folder, &mut kustomization);
        }
    });
    kustomization
}

fn take(root: Value<'_>, folder: &Path, kustomization: &mut Kustomization) {
    kustomization.is_component |= root.text_at(&["kind"]) == Some("Component");
    let list = |key: &str| root.field(key).into_iter().flat_map(Value::items);
    for key in ["resources", "bases", "components", "crds", "generators", "transformers", "validators"] {
        for entry in list(key).filter_map(Value::str) {
            let path = normal(&folder.join(entry));
            match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => drop(kustomization.folders.insert(path)),
                Ok(_) if matches!(key, "resources" | "crds") => drop(kustomization.resources.insert(path)),
                Ok(_) => drop(kustomization.parts.insert(path)),
                // Written in place, in YAML.
                Err(_) if entry.contains('\n') => {}
                Err(_) => drop(kustomization.elsewhere.get_or_insert_with(|| entry.to_owned())),
            }
        }
    }
    let texts = list("patchesStrategicMerge").chain(list("configurations")).filter_map(Value::str);
    let paths = ["patches", "patchesJson6902", "replacements"]
        .into_iter()
        .flat_map(list)
        .filter_map(|entry| entry.text_at(&["path"]))
        .chain(root.text_at(&["openapi", "path"]));
    let files = texts.chain(paths).filter(|entry| !entry.contains('\n'));
    kustomization.parts.extend(files.map(|entry| normal(&folder.join(entry))));
}

pub(super) fn render(folder: &Path, options: &Options) -> Result<String, String> {
    // A name that begins with a dash would be taken for an option.
    let folder = if folder.is_absolute() { folder.to_owned() } else { Path::new(".").join(folder) };
    if let Some(kustomize) = program("kustomize", options) {
        return run(&kustomize, &[OsStr::new("build"), folder.as_os_str()], options);
    }
    let kubectl = program("kubectl", options).ok_or("neither `kustomize` nor `kubectl` is on the PATH")?;
    run(&kubectl, &[OsStr::new("kustomize"), folder.as_os_str()], options)
}
