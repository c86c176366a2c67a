//! `go.mod`: what is required, with replacements in force.
//!
//! The file names what a build may use; a binary's own build information says what it did use, and counts for more.

use std::collections::BTreeMap;

use super::basket::Basket;
use super::{Found, Kind, Package};

pub fn read(bytes: &[u8]) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut basket = Basket::default();
    let mut block: Option<&str> = None;
    let mut required = Vec::new();
    let mut replaced = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.split("//").next().unwrap_or_default();
        let mut words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        let verb = match (block, words.as_slice()) {
            (_, []) => continue,
            (Some(_), [")"]) => {
                block = None;
                continue;
            }
            (None, [verb, "("]) => {
                block = Some(verb);
                continue;
            }
            (Some(verb), _) => verb,
            (None, [verb, ..]) => {
                let verb = *verb;
                words.remove(0);
                verb
            }
        };
        match (verb, words.as_slice()) {
            ("require", [module, version]) => required.push((*module, *version, at + 1)),
            ("replace", [module, "=>", to @ ..]) => {
                replaced.insert((*module, None), target(to));
            }
            ("replace", [module, version, "=>", to @ ..]) => {
                replaced.insert((*module, Some(*version)), target(to));
            }
            ("require" | "replace", _) => basket.doubt(at + 1, format!("a `{verb}` of another form")),
            _ => {}
        }
    }
    for (module, version, line) in required {
        let replacement = replaced.get(&(module, Some(version))).or_else(|| replaced.get(&(module, None)));
        match replacement {
            None => basket.add(Package::new(Kind::Go, module, version, line)),
            Some(Some((to, version))) => basket.add(Package::new(Kind::Go, *to, *version, line)),
            Some(None) => basket.doubt(line, "a module that a local folder replaces: its version is unknown"),
        }
    }
    basket.found()
}

/// The module and version that replace another; none for a folder.
fn target<'t>(words: &[&'t str]) -> Option<(&'t str, &'t str)> {
    match words {
        [module, version] => Some((module, version)),
        _ => None,
    }
}
