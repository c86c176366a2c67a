//! The files of a kube-bench `cfg` folder.

use std::path::Path;

use rampart_policy::kube_bench::benchmark::Files;

/// One file of a definition.
const MOST_BYTES: u64 = 8 << 20;

/// `config.yaml` and what lies in the folders beside it, by the path within `cfg`.
///
/// # Errors
/// The folder or a file cannot be read.
pub fn read(cfg: &Path) -> Result<Files, String> {
    let mut files = Files::new();
    take(cfg, "config.yaml", &mut files)?;
    let wrong = |path: &Path, error: &std::io::Error| format!("`{}` cannot be read: {error}", path.display());
    for folder in std::fs::read_dir(cfg).map_err(|error| wrong(cfg, &error))?.filter_map(Result::ok) {
        let name = folder.file_name().to_string_lossy().into_owned();
        let Ok(within) = std::fs::read_dir(folder.path()) else { continue };
        for file in within.filter_map(Result::ok) {
            let file = file.file_name().to_string_lossy().into_owned();
            if file.ends_with(".yaml") {
                take(cfg, &format!("{name}/{file}"), &mut files)?;
            }
        }
    }
    Ok(files)
}

fn take(cfg: &Path, name: &str, files: &mut Files) -> Result<(), String> {
    let path = cfg.join(name);
    let wrong = |why: String| format!("`{}` cannot be read: {why}; name a kube-bench `cfg` folder", path.display());
    let length = std::fs::metadata(&path).map_err(|error| wrong(crate::output::cause(&error).to_string()))?.len();
    if length > MOST_BYTES {
        return Err(wrong(format!("it is larger than {MOST_BYTES} bytes")));
    }
    let text = std::fs::read_to_string(&path).map_err(|error| wrong(crate::output::cause(&error).to_string()))?;
    files.insert(name.to_owned(), text);
    Ok(())
}
