//! What a target looks like from outside: enough to notice that it changed, without reading it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::SystemTime;

use crate::folder;
use crate::target::Target;

/// A number that is another one where a file of the target was written, came or went. None where looking from outside
/// tells nothing, as with a cluster.
pub fn trace(target: &Target) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    match target {
        Target::Folder(root) => {
            let listing = folder::list(root);
            let others = listing.kustomizations.iter().map(|path| (path, 0)).chain([(root, 0)]);
            for (path, size) in listing.files.iter().map(|(path, size)| (path, *size)).chain(others) {
                (path, size, written(path)).hash(&mut hasher);
            }
            listing.diagnostics.len().hash(&mut hasher);
        }
        Target::File(path) | Target::Snapshot(path) => {
            let size = std::fs::metadata(path).map(|file| file.len()).ok();
            (path, size, written(path)).hash(&mut hasher);
        }
        Target::Stdin | Target::Context { .. } => return None,
    }
    Some(hasher.finish())
}

fn written(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|file| file.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_written_comes_or_goes_changes_the_trace_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Folder(folder.path().to_owned());
        let file = folder.path().join("pod.yaml");
        let mut seen = vec![trace(&target)];
        std::fs::write(&file, "a: 1").unwrap();
        seen.push(trace(&target));
        assert_eq!(trace(&target), trace(&target));
        std::fs::write(&file, "a: 12").unwrap();
        seen.push(trace(&target));
        let earlier = SystemTime::now() - std::time::Duration::from_secs(60);
        std::fs::File::options().write(true).open(&file).unwrap().set_modified(earlier).unwrap();
        seen.push(trace(&target));
        std::fs::remove_file(&file).unwrap();
        seen.push(trace(&target));
        seen.dedup();
        assert_eq!(seen.len(), 5);
        assert_eq!(trace(&Target::Stdin), None);
    }
}
