//! The secret detector: known token formats, and values under keys that say what they hold. Pure, linear, and the only one:
//! rules ask it what to report, [`crate::redact`] asks it what to mask.
//!
//! A scan for literal needles comes first, so that text without any costs one pass; only at a needle is anything parsed.
//! What it answers names a kind and a place, never a value.

mod assignments;
mod formats;
mod keys;
mod values;

use std::ops::Range;

use crate::redact::Redacted;

/// Why something is taken for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// It stands under a key such as `password`.
    Key,
    /// It has the shape of a token that a known issuer gives out.
    Format,
}

/// A secret in a text, by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What it looks like, such as `AWS access key ID` or `password`.
    pub looks_like: &'static str,
    pub ground: Ground,
    /// The key that names it, where there is one.
    pub key: Option<Range<usize>>,
    /// The bytes to keep from view.
    pub range: Range<usize>,
}

impl Sighting {
    pub fn redacted(&self) -> Redacted {
        Redacted { looks_like: self.looks_like.to_owned() }
    }
}

/// How much must speak for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// To report one: tokens stand by themselves.
    Report,
    /// To mask one: also in the midst of other text.
    Mask,
}

/// The secrets in a text of any kind: a token, a URL, lines of an environment file, properties, JSON, YAML, XML, a shell line.
pub fn find(text: &str) -> Vec<Sighting> {
    search(text, Care::Report)
}

/// As [`find`], where too much is better than too little.
pub(crate) fn find_to_mask(text: &str) -> Vec<Sighting> {
    search(text, Care::Mask)
}

/// Only what is a secret by its own shape.
pub(crate) fn find_formats(text: &str) -> Vec<Sighting> {
    let mut found = Vec::new();
    formats::find(text, Care::Mask, &mut found);
    found
}

fn search(text: &str, care: Care) -> Vec<Sighting> {
    let mut found = Vec::new();
    formats::find(text, care, &mut found);
    assignments::find(text, care, &mut found);
    if found.len() > 1 {
        // A token under a telling key is one secret, known best by its format.
        found.sort_by_key(|sighting| (sighting.range.start, std::cmp::Reverse(sighting.ground)));
        if care == Care::Report {
            let formats: Vec<_> =
                found.iter().filter(|one| one.ground == Ground::Format).map(|one| one.range.clone()).collect();
            found.retain(|one| {
                one.ground == Ground::Format
                    || !formats.iter().any(|range| range.start < one.range.end && one.range.start < range.end)
            });
        }
    }
    found
}

/// What `value` under `key` looks like, where it is a secret: an environment variable, an entry of a map, a flag.
pub fn judge(key: &str, value: &str) -> Option<Sighting> {
    if value.len() < 3 {
        return None;
    }
    if let Some(sighting) = find(value).into_iter().max_by_key(|sighting| sighting.ground) {
        return Some(sighting);
    }
    let weight = keys::weigh(key)?;
    values::is_secret(weight, value).then(|| Sighting {
        looks_like: weight.looks_like(),
        ground: Ground::Key,
        key: None,
        range: 0..value.len(),
    })
}

/// True where the key says that its value is secret.
pub fn is_telling_key(key: &str) -> bool {
    keys::weigh(key).is_some()
}

/// True for text that only holds the place of a secret or says where it is: `changeme`, `${NAME}`, a path, a certificate.
pub fn is_stand_in(text: &str) -> bool {
    values::is_stand_in(text)
}

#[cfg(test)]
mod tests;
