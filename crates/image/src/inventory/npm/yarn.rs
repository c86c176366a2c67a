//! `yarn.lock` of yarn 1 and of its successors: entries with ranges for a head and `version` beneath.

use super::super::basket::Basket;
use super::super::{Found, Kind, Package};

pub fn read(bytes: &[u8]) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut basket = Basket::default();
    let mut head: Option<(&str, usize)> = None;
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            head = line.trim_end().strip_suffix(':').map(|head| (head, at + 1));
            continue;
        }
        let line = line.trim();
        let Some(version) = line.strip_prefix("version ").or_else(|| line.strip_prefix("version: ")) else { continue };
        // An entry has one version, and the project's own entries are of the workspace or its metadata.
        let Some((head, line)) = head.take() else { continue };
        if head.contains("@workspace:") || head == "__metadata" {
            continue;
        }
        match name(head) {
            Some(name) => basket.add(Package::new(Kind::Npm, name, version.trim().trim_matches('"'), line)),
            None => basket.doubt(line, "an entry without a package's name"),
        }
    }
    basket.found()
}

/// The name before the range of the first of `"@a/b@^1", "@a/b@^2"`; of an alias, the name that it stands for.
fn name(head: &str) -> Option<&str> {
    let first = head.split(',').next()?.trim().trim_matches('"');
    let at = |text: &str| text.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(at, _)| at);
    let (name, range) = first.split_at_checked(at(first)?)?;
    match range.strip_prefix("@npm:").filter(|other| at(other).is_some()) {
        Some(other) => other.get(..at(other)?),
        None => Some(name),
    }
}
