//! What to read, from a word of the command line.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::collected::Refusal;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Folder(PathBuf),
    File(PathBuf),
    Stdin,
    /// A context of a kubeconfig: `name` or, where it is none, the current one; from `kubeconfig` or, where it is none,
    /// from `$KUBECONFIG` or `~/.kube/config`.
    Context {
        name: Option<String>,
        kubeconfig: Option<PathBuf>,
    },
    /// A file that [`Options::snapshot`](crate::Options) wrote.
    Snapshot(PathBuf),
}

/// What a word must begin with to be a context, whatever the files of this folder are called.
const CONTEXT_PREFIX: &str = "context:";

/// The first bytes of every zstd frame.
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

impl Target {
    /// Reads a word: `-` is standard input, `context:NAME` a context; else a folder, snapshot or file of that name, and
    /// where there is none, a context.
    ///
    /// # Errors
    /// The word is neither an existing path nor can it be a context's name.
    pub fn parse(word: &str, kubeconfig: Option<&Path>) -> Result<Self, Refusal> {
        let context = |name: &str| Self::Context {
            name: (!name.is_empty()).then(|| name.to_owned()),
            kubeconfig: kubeconfig.map(Path::to_owned),
        };
        if word == "-" {
            return Ok(Self::Stdin);
        }
        if let Some(name) = word.strip_prefix(CONTEXT_PREFIX) {
            return Ok(context(name));
        }
        let path = Path::new(word);
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Ok(Self::Folder(path.to_owned())),
            Ok(metadata) if metadata.is_file() && is_snapshot(path) => Ok(Self::Snapshot(path.to_owned())),
            Ok(_) => Ok(Self::File(path.to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && may_be_context(path, word) => {
                Ok(context(word))
            }
            Err(error) => {
                let remedy = "name an existing folder or file, `-`, or `context:NAME`";
                Err(Refusal::usage(format!("cannot open `{word}`: {error}"), remedy))
            }
        }
    }
}

/// Whether a word that names no file may name a context. Contexts may hold slashes (`arn:aws:eks:...:cluster/prod`), so
/// only what looks like a path or a manifest and a dangling link are kept out.
fn may_be_context(path: &Path, word: &str) -> bool {
    let is_link = std::fs::symlink_metadata(path).is_ok();
    let looks_like_path = word.starts_with(['/', '.', '~']) || word.ends_with('/');
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let looks_like_manifest = matches!(extension, "yaml" | "yml" | "json" | "ndjson" | "jsonl" | "rampart-snapshot");
    !(word.is_empty() || is_link || looks_like_path || looks_like_manifest)
}

fn is_snapshot(path: &Path) -> bool {
    use std::io::Read;
    let mut first = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && first == ZSTD_MAGIC
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) | Self::File(path) | Self::Snapshot(path) => write!(f, "{}", path.display()),
            Self::Stdin => f.write_str("-"),
            Self::Context { name: Some(name), .. } => write!(f, "{CONTEXT_PREFIX}{name}"),
            Self::Context { name: None, .. } => f.write_str("the current context"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_is_taken_for_what_exists_and_else_for_a_context() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pod.yaml");
        std::fs::write(&file, "a: 1").unwrap();
        let snapshot = folder.path().join("saved");
        std::fs::write(&snapshot, [0x28, 0xB5, 0x2F, 0xFD, 0]).unwrap();
        let parse = |path: &Path| Target::parse(path.to_str().unwrap(), None).unwrap();
        assert_eq!(parse(folder.path()), Target::Folder(folder.path().to_owned()));
        assert_eq!(parse(&file), Target::File(file.clone()));
        assert_eq!(parse(&snapshot), Target::Snapshot(snapshot.clone()));
        assert_eq!(Target::parse("-", None), Ok(Target::Stdin));
        let context = |name: &str| Target::Context { name: Some(name.to_owned()), kubeconfig: None };
        for name in ["kind-dev", "arn:aws:eks:eu-west-1:123:cluster/prod", "admin@cluster.local"] {
            assert_eq!(Target::parse(name, None), Ok(context(name)));
            assert_eq!(Target::parse(&format!("context:{name}"), None), Ok(context(name)));
        }
    }

    #[test]
    fn misspelt_path_is_refused_and_not_taken_for_a_context() {
        for word in ["./manifests", "/no/such/folder", "deploy.yaml", "dir/deploy.yml", "", "charts/"] {
            let refusal = Target::parse(word, None).unwrap_err();
            assert!(refusal.reason.contains(word), "{refusal}");
        }
    }
}
