//! The manifests of a folder, in the order of their paths.
//!
//! `.gitignore` and `.rampartignore` are respected, hidden folders other than `.git` are read, and symbolic links are
//! followed no further than the folder reaches: what they point to inside of it is met anyway, and what lies outside was
//! not asked for.

use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};
use rampart_model::Diagnostic;

use crate::{file, render};

#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Paths and sizes.
    pub(crate) files: Vec<(PathBuf, u64)>,
    /// Files that make their folder one of Kustomize.
    pub(crate) kustomizations: Vec<PathBuf>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Lists every manifest below `root`.
pub(crate) fn list(root: &Path) -> Listing {
    let mut listing = Listing::default();
    let canonical_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .follow_links(false)
        // Only files of the tree itself decide, so that two machines see the same manifests.
        .git_global(false)
        .require_git(false)
        .add_custom_ignore_filename(".rampartignore")
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => visit(&entry, &canonical_root, &mut listing),
            Err(error) => listing.diagnostics.push(explained(&error, root)),
        }
    }
    listing.files.sort();
    listing
}

fn visit(entry: &DirEntry, canonical_root: &Path, listing: &mut Listing) {
    let path = entry.path();
    if let Some(error) = entry.error() {
        let message = format!("{error}; mend the pattern");
        listing.diagnostics.push(Diagnostic { lost: false, ..Diagnostic::lost(file::name(path), message) });
    }
    let Some(kind) = entry.file_type() else { return };
    if kind.is_symlink() && entry.depth() > 0 {
        if let Some(message) = doubt_about_link(path, canonical_root) {
            listing.diagnostics.push(Diagnostic::lost(file::name(path), message));
        }
        return;
    }
    if kind.is_file() && render::is_kustomization(path) {
        listing.kustomizations.push(path.to_owned());
    }
    if !kind.is_symlink() && !kind.is_dir() && file::is_manifest(path) {
        let size = entry.metadata().map_or(0, |metadata| metadata.len());
        listing.files.push((path.to_owned(), size));
    }
}

/// What is wrong with a symbolic link; none where its target is met elsewhere or is no manifest.
fn doubt_about_link(path: &Path, canonical_root: &Path) -> Option<String> {
    match path.canonicalize() {
        Ok(target) if target.starts_with(canonical_root) => {
            let is_loop = path.parent().and_then(|parent| parent.canonicalize().ok())?.starts_with(&target);
            is_loop.then(|| "a symbolic link to a folder that it lies in; not followed, remove the link".to_owned())
        }
        Ok(target) if target.is_dir() || file::is_manifest(path) => {
            Some("a symbolic link that leads out of the scanned folder; scan its target by name".to_owned())
        }
        Ok(_) => None,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            file::is_manifest(path).then(|| "a symbolic link to nothing; mend or remove the link".to_owned())
        }
        Err(error) => Some(format!("a symbolic link that cannot be followed: {error}; mend or remove the link")),
    }
}

fn explained(error: &ignore::Error, root: &Path) -> Diagnostic {
    let (path, cause) = path_and_cause(error);
    let message = match cause.io_error() {
        Some(io) if io.kind() == std::io::ErrorKind::PermissionDenied => {
            "cannot be listed: permission denied; make it readable or list it in `.rampartignore`".to_owned()
        }
        Some(io) => format!("cannot be listed: {io}; mend it or list it in `.rampartignore`"),
        None => format!("cannot be listed: {cause}; mend it or list it in `.rampartignore`"),
    };
    Diagnostic::lost(file::name(path.unwrap_or(root)), message)
}

fn path_and_cause(error: &ignore::Error) -> (Option<&Path>, &ignore::Error) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), err),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_and_cause(err),
        other => (None, other),
    }
}
