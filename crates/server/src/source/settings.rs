//! The settings of the plane's own evaluations: its settings files, or the folder's own, and what people decided since.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use rampart_collect::Target;
use rampart_model::settings::file;
use rampart_model::{Diagnostic, Settings};

const FILE_NAME: &str = ".rampart.yaml";

/// The files that count for a target: those that were named, else the one that lies in the folder.
pub(super) fn files(named: &[PathBuf], target: &Target) -> Vec<PathBuf> {
    match target {
        _ if !named.is_empty() => named.to_vec(),
        Target::Folder(folder) => Some(folder.join(FILE_NAME)).filter(|path| path.is_file()).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Another value where one of the files was written.
pub(super) fn trace(files: &[PathBuf]) -> Vec<Option<SystemTime>> {
    files.iter().map(|path| written(path)).collect()
}

fn written(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|file| file.modified()).ok()
}

/// # Errors
/// A file cannot be read.
pub(super) fn read(files: &[PathBuf], now: Timestamp) -> Result<(Settings, Vec<Diagnostic>), String> {
    let mut settings = Settings::new(now);
    let mut doubts = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("the settings `{}` cannot be read: {error}", path.display()))?;
        doubts.extend(file::read(&path.display().to_string(), &text, &mut settings));
    }
    Ok((settings, doubts))
}
