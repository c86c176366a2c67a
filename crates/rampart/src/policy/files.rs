//! The YAML files of a folder of policies and tests, and of the folders around it that its cases point to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files of one run, and bytes of one file.
const MOST: usize = 50_000;
const MOST_BYTES: u64 = 16 << 20;
/// How far above a case its policies may lie.
const ABOVE: usize = 3;
const DEPTH: usize = 32;

/// The files beneath `folder`, by their path from a folder some levels above it; and `folder` itself from there.
///
/// # Errors
/// The folder cannot be read.
pub fn read(folder: &Path) -> Result<(BTreeMap<String, String>, String), String> {
    let folder = std::fs::canonicalize(folder).map_err(|error| {
        format!(
            "`{}` cannot be read: {}; name a folder with test cases",
            folder.display(),
            crate::output::cause(&error)
        )
    })?;
    let mut base = folder.clone();
    for _ in 0..ABOVE {
        // The top of the file system would be too much to read from.
        match base.parent().filter(|above| above.parent().is_some()) {
            Some(above) => base = above.to_path_buf(),
            None => break,
        }
    }
    let mut files = BTreeMap::new();
    walk(&folder, &base, 0, &mut files);
    let prefix = folder.strip_prefix(&base).unwrap_or(&folder).to_string_lossy().into_owned();
    Ok((files, prefix))
}

/// Adds what a case of the folder names and the folder does not hold, such as `../policy.yaml`.
pub fn add(folder: &Path, files: &mut BTreeMap<String, String>, wanted: &[String]) {
    let Ok(folder) = std::fs::canonicalize(folder) else { return };
    let base: PathBuf =
        folder.ancestors().take(ABOVE + 1).filter(|path| path.parent().is_some()).last().unwrap_or(&folder).into();
    for path in wanted {
        let full = base.join(path);
        if !files.contains_key(path) {
            if full.is_dir() {
                walk(&full, &base, 0, files);
            } else {
                take(&full, &base, files);
            }
        }
    }
}

fn walk(folder: &Path, base: &Path, depth: usize, files: &mut BTreeMap<String, String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < DEPTH {
            walk(&entry.path(), base, depth + 1, files);
        } else if kind.is_file() {
            take(&entry.path(), base, files);
        }
    }
}

fn take(path: &Path, base: &Path, files: &mut BTreeMap<String, String>) {
    let is_yaml = path.extension().is_some_and(|end| matches!(end.to_str(), Some("yaml" | "yml" | "json")));
    if !is_yaml || files.len() >= MOST || std::fs::metadata(path).is_ok_and(|facts| facts.len() > MOST_BYTES) {
        return;
    }
    if let (Ok(text), Ok(name)) = (std::fs::read_to_string(path), path.strip_prefix(base)) {
        files.insert(name.to_string_lossy().into_owned(), text);
    }
}
