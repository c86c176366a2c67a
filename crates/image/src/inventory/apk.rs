//! Alpine's `lib/apk/db/installed`: stanzas of lines with a letter, a colon and a value.

use super::basket::Basket;
use super::{Found, Kind, Package, Source};

/// Bytes of paths kept, as a long folder with many short names would take far more than it was written in.
const MOST_PATHS: usize = 64 << 20;

pub fn read(bytes: &[u8]) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut basket = Basket::default();
    let mut current: Option<Package> = None;
    let (mut folder, mut paths) = ("", 0_usize);
    // A stanza that no blank line ends is one all the same.
    for (at, line) in text.lines().chain([""]).enumerate() {
        if line.trim().is_empty() {
            if let Some(package) = current.take() {
                basket.add(package);
            }
            folder = "";
            continue;
        }
        let Some((letter, value)) = line.split_once(':') else {
            basket.doubt(at + 1, "a line that is no field");
            continue;
        };
        let value = value.trim();
        let package = current.get_or_insert_with(|| Package::new(Kind::Apk, "", "", at + 1));
        match letter {
            "P" => value.clone_into(&mut package.name),
            "V" => value.clone_into(&mut package.version),
            "A" => package.architecture = Some(value.to_owned()),
            "L" => package.licence = Some(value.to_owned()),
            "o" => package.source = Some(Source { name: value.to_owned(), version: None }),
            "F" => folder = value,
            "R" if paths < MOST_PATHS => {
                let slash = if folder.is_empty() { "" } else { "/" };
                let path = format!("{folder}{slash}{value}");
                paths += path.len();
                package.files.push(path);
                if paths >= MOST_PATHS {
                    basket.doubt(at + 1, "more files than are kept: which packages own the rest is unknown");
                }
            }
            _ => {}
        }
    }
    basket.found()
}
