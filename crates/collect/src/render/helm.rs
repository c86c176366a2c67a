//! Helm charts: folders with a `Chart.yaml`.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};

use super::{Rendering, program, run};
use crate::file;
use crate::options::Options;

pub(super) const WHAT: &str = "Helm chart";

/// Every outermost chart among the files.
pub(super) fn find(files: &[(PathBuf, u64)]) -> Vec<Rendering> {
    let folders: BTreeSet<&Path> = files
        .iter()
        .filter(|(path, _)| path.file_name() == Some(OsStr::new("Chart.yaml")))
        .filter_map(|(path, _)| path.parent())
        .collect();
    let is_outermost =
        |folder: &&&Path| !folder.ancestors().skip(1).any(|above| is_inside_chart(above, folder, &folders));
    folders.iter().filter(is_outermost).map(|folder| rendering(folder, files)).collect()
}

/// Whether `above` is a chart that holds `folder` as one of its own parts; a chart at a repository's root does not make
/// charts elsewhere below it its own.
fn is_inside_chart(above: &Path, folder: &Path, charts: &BTreeSet<&Path>) -> bool {
    let part = folder.strip_prefix(above).ok().and_then(|rest| rest.iter().next());
    charts.contains(above) && part.is_some_and(|part| part == "charts" || part == "templates")
}

fn rendering(folder: &Path, files: &[(PathBuf, u64)]) -> Rendering {
    let (mut own, mut covered) = (BTreeSet::new(), BTreeSet::new());
    for (path, _) in files {
        let Ok(inside) = path.strip_prefix(folder) else { continue };
        let mut parts = inside.iter().map(OsStr::to_string_lossy);
        let (first, has_more) = (parts.next().unwrap_or_default(), parts.next().is_some());
        match (first.as_ref(), has_more) {
            ("crds", true) => drop(covered.insert(path.clone())),
            ("templates" | "charts", true) => drop(own.insert(path.clone())),
            (name, false) if is_chart_file(name) => drop(own.insert(path.clone())),
            _ => {}
        }
    }
    let shown = file::name(folder);
    Rendering {
        folder: folder.to_owned(),
        what: WHAT,
        own,
        covered,
        obstacle: None,
        remedy: format!("install Helm, or render it yourself: `helm template {shown} | rampart scan -`"),
    }
}

fn is_chart_file(name: &str) -> bool {
    matches!(name, "Chart.yaml" | "Chart.lock" | "requirements.yaml" | "requirements.lock")
        || (name.starts_with("values") && file::is_manifest(Path::new(name)))
}

pub(super) fn render(folder: &Path, options: &Options) -> Result<String, String> {
    let about = about(&folder.join("Chart.yaml"))?;
    if about.is_library {
        return Ok(String::new());
    }
    let helm = program("helm", options).ok_or("`helm` is not on the PATH")?;
    // A name that begins with a dash would be taken for an option.
    let folder = if folder.is_absolute() { folder.to_owned() } else { Path::new(".").join(folder) };
    let arguments = [OsStr::new("template"), OsStr::new("release"), folder.as_os_str(), OsStr::new("--include-crds")];
    run(&helm, &arguments, options)
}

struct About {
    /// A library is used by other charts and makes no objects itself.
    is_library: bool,
}

fn about(chart: &Path) -> Result<About, String> {
    let (file, size) = file::open(chart)?;
    let source = Arc::new(SourceText::new("", file::read_text(file, size, 1 << 20)?));
    let mut is_library = false;
    Document::each_from_yaml(&source, &Limits::STANDARD, &mut |read| {
        is_library |= read.is_ok_and(|document| document.root().text_at(&["type"]) == Some("library"));
    });
    Ok(About { is_library })
}

/// The file inside of the chart that a rendered document was made from, as its head says.
pub(super) fn made_from(document: &str) -> Option<PathBuf> {
    let line = document.lines().take(4).find_map(|line| line.strip_prefix("# Source: "))?;
    // The first part is the chart's name.
    let (_, path) = line.trim().split_once('/')?;
    let path = Path::new(path);
    path.components().all(|part| matches!(part, std::path::Component::Normal(_))).then(|| path.to_owned())
}
