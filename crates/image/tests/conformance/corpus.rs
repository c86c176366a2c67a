//! The archive of a corpus, and the list of what is met.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The texts of an archive: path and content. None, said aloud, where the archive is absent.
pub fn texts(name: &str) -> Option<Vec<(String, String)>> {
    let text = |(path, bytes)| Some((path, String::from_utf8(bytes).ok()?));
    Some(files(name)?.into_iter().filter_map(text).collect())
}

/// The files of an archive.
#[expect(clippy::print_stdout, reason = "a skipped test must say so")]
pub fn files(name: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let folder = std::env::var_os("RAMPART_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    let Ok(packed) = std::fs::read(folder.join(name)) else {
        println!("SKIPPED: {} has no {name}; set RAMPART_CORPORA", folder.display());
        return None;
    };
    let bytes = zstd::decode_all(packed.as_slice()).expect("the corpus is zstd");
    let mut archive = tar::Archive::new(bytes.as_slice());
    let mut files = Vec::new();
    for entry in archive.entries().expect("the corpus is tar") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("an entry's bytes");
        files.push((path, bytes));
    }
    Some(files)
}

/// How many cases of each file are met, and which are not.
#[derive(Default)]
pub struct Tally {
    met: BTreeMap<String, (usize, usize)>,
    missed: Vec<String>,
}

impl Tally {
    pub fn count(&mut self, file: &str, is_met: bool, case: impl FnOnce() -> String) {
        let (met, all) = self.met.entry(file.to_owned()).or_default();
        *all += 1;
        *met += usize::from(is_met);
        if !is_met {
            self.missed.push(format!("{file}: {}", case()));
        }
    }

    /// Holds the tally against the list `name`; `RAMPART_RATCHET=1` writes the list instead.
    #[expect(clippy::print_stdout, reason = "what is missed is worth reading where a list is written")]
    pub fn check(&self, name: &str) {
        let lines = |(file, (met, all)): (&String, &(usize, usize))| format!("{file} {met}/{all}\n");
        let text: String = self.met.iter().map(lines).collect();
        let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance").join(name);
        if std::env::var_os("RAMPART_RATCHET").is_some() {
            println!("{text}{:#?}", self.missed);
            std::fs::write(&list, &text).expect("the list is written");
        }
        let known = std::fs::read_to_string(&list).unwrap_or_default();
        assert_eq!(text, known, "missed: {:#?}", self.missed);
    }
}
