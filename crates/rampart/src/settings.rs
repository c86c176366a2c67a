//! The settings of a run: the settings file first, words of the command line over it.

use std::path::{Path, PathBuf};

use rampart_model::settings::file;
use rampart_model::{Diagnostic, Settings};

use crate::cli::Input;
use crate::exit::Refused;
use crate::output;

const FILE_NAME: &str = ".rampart.yaml";

/// # Errors
/// The settings file that was asked for cannot be read.
pub fn of(input: &Input) -> Result<(Settings, Vec<Diagnostic>), Refused> {
    let mut settings = Settings::new(input.now.unwrap_or_else(jiff::Timestamp::now));
    let mut doubts = Vec::new();
    for path in files(input) {
        let text = output::read(&path)?;
        doubts.extend(file::read(&path.display().to_string(), &text, &mut settings));
    }
    if let Some(version) = input.kubernetes_version {
        settings.kubernetes_version = Some(version);
    }
    if !input.namespace.is_empty() {
        settings.namespaces.clone_from(&input.namespace);
    }
    Ok((settings, doubts))
}

/// The file that was named, or the one in each target folder, or the one in the working folder.
fn files(input: &Input) -> Vec<PathBuf> {
    if let Some(named) = &input.settings {
        return vec![named.clone()];
    }
    let in_folder = |folder: &Path| Some(folder.join(FILE_NAME)).filter(|path| path.is_file());
    let found: Vec<PathBuf> = input.targets.iter().filter_map(|target| in_folder(Path::new(target))).collect();
    if found.is_empty() { in_folder(Path::new("")).into_iter().collect() } else { found }
}
