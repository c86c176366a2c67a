//! Folders that must be rendered before they are manifests: Helm charts and Kustomize folders.
//!
//! They are rendered by the user's own `helm`, `kustomize` or `kubectl`, where the PATH has one; else, and where that
//! fails, the folder is [`Missed`](crate::Missed) by name, and what can be read without rendering is read: the custom
//! resource definitions of a chart, the resources of a kustomization without its patches.
//!
//! What a rendering covers is not read a second time as plain files: a chart's own files, and all files that a rendered
//! kustomization names, itself or through its bases. Only outermost ones are rendered: not the charts inside of a chart,
//! and no kustomization that another one below the same root builds upon.

mod command;
mod helm;
mod kustomize;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rampart_model::{Name, SourceText};

use crate::collected::{Collected, Missed};
use crate::folder::Listing;
use crate::live::unlined;
use crate::options::Options;
use crate::pool::{Feed, Form, Item};
use crate::stream::Batch;
use crate::{file, text};
pub(crate) use kustomize::is_kustomization;

/// A folder to render, and what stands in for it.
struct Rendering {
    folder: PathBuf,
    /// What it is called in messages.
    what: &'static str,
    /// Files that the rendering covers, and that are left out of a plain reading even where it fails.
    own: BTreeSet<PathBuf>,
    /// Files that the rendering covers, and that are read plainly where it fails.
    covered: BTreeSet<PathBuf>,
    /// Why it is not even tried.
    obstacle: Option<String>,
    remedy: String,
}

/// What is left of a listing for plain reading, and what must be rendered.
pub(crate) struct Plan {
    pub(crate) files: Vec<(PathBuf, u64)>,
    renderings: Vec<Rendering>,
    sizes: Vec<(PathBuf, u64)>,
}

/// Sets apart what must be rendered.
pub(crate) fn plan(listing: &mut Listing) -> Plan {
    let all = std::mem::take(&mut listing.files);
    let mut renderings = helm::find(&all);
    let in_charts: BTreeSet<PathBuf> =
        renderings.iter().flat_map(|chart| chart.own.iter().chain(&chart.covered)).cloned().collect();
    let kustomizations = listing.kustomizations.iter().filter(|path| !in_charts.contains(*path));
    renderings.extend(kustomize::find(kustomizations.map(PathBuf::as_path), &all));
    let concerned: BTreeSet<&PathBuf> =
        renderings.iter().flat_map(|rendering| rendering.own.iter().chain(&rendering.covered)).collect();
    let (sizes, files) = all.into_iter().partition(|(path, _)| concerned.contains(path));
    Plan { files, renderings, sizes }
}

/// Renders what was set apart and feeds it. Returns the files to read plainly in the place of what failed.
pub(crate) fn feed(plan: Plan, options: &Options, feed: &Feed, collected: &mut Collected) -> Vec<(PathBuf, u64)> {
    let Plan { renderings, sizes, .. } = plan;
    let (mut rendered, mut plain, mut own) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for rendering in renderings {
        own.extend(rendering.own.iter().cloned());
        let outcome = match &rendering.obstacle {
            Some(obstacle) => Err(obstacle.clone()),
            None if rendering.what == helm::WHAT => helm::render(&rendering.folder, options),
            None => kustomize::render(&rendering.folder, options),
        };
        match outcome {
            Ok(output) => {
                collected.sources += 1;
                feed_output(&rendering, &output, feed);
                rendered.extend(rendering.covered);
            }
            Err(why) => {
                collected.missed.push(Missed {
                    source: file::name(&rendering.folder),
                    reason: format!("the {} was not rendered: {why}", rendering.what),
                    remedy: rendering.remedy,
                });
                plain.extend(rendering.covered);
            }
        }
    }
    sizes
        .into_iter()
        .filter(|(path, _)| plain.contains(path) && !rendered.contains(path) && !own.contains(path))
        .collect()
}

/// Feeds rendered documents under the names of the files that they were made from, where the output tells.
fn feed_output(rendering: &Rendering, output: &str, feed: &Feed) {
    let mut batch = Batch::new(feed);
    for (position, part) in text::parts(output).into_iter().enumerate() {
        let made_from = helm::made_from(part.text).map(|path| rendering.folder.join(path));
        let name = Name::from(file::name(made_from.as_deref().unwrap_or(&rendering.folder)));
        let source: SourceText = unlined(name, part.text.to_owned());
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        batch.add(Item { source, position, listed_as: None, form: Form::Yaml });
    }
    batch.flush();
}

/// A program on the PATH. Relative entries of the PATH are passed over: the scanned folder must not bring its own.
fn program(name: &str, options: &Options) -> Option<PathBuf> {
    let search_path = options.search_path.as_deref()?;
    std::env::split_paths(search_path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name).with_extension(std::env::consts::EXE_EXTENSION))
        .find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    let Ok(metadata) = std::fs::metadata(path) else { return false };
    #[cfg(unix)]
    let may_run = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let may_run = true;
    metadata.is_file() && may_run
}

fn run(program: &Path, arguments: &[&OsStr], options: &Options) -> Result<String, String> {
    command::run(program, arguments, options.render_time)
}

/// `path` with `.` and `..` resolved by name, as a kustomization means its entries.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if normal.file_name().is_some() => drop(normal.pop()),
            other => normal.push(other),
        }
    }
    normal
}
