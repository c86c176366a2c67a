//! The one place where secrets are kept out of what leaves the program.
//!
//! Two things are masked in what is shown of a source: what lies in the payload of a Secret, wherever it stands on the
//! line, and what [`crate::secret`] takes for a secret. Masking comes before shortening: half a token is no longer known
//! as one.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Kind, Value};
use crate::secret;

/// What stands where a secret was.
pub const MASK: &str = "(redacted)";

/// Characters shown of a source line, and of a value.
const LINE_SHOWN: usize = 200;
const VALUE_SHOWN: usize = 120;

/// Bytes of a line of which an excerpt is shown.
const LONGEST_LINE: usize = 800;

/// Bytes looked at to show these: enough to know a token that begins where they end.
const LOOKED_AT: usize = 4096;

/// A secret that was found: its kind is known, its value is gone. There is no way back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Redacted {
    /// What it looks like, such as `AWS access key ID`.
    pub looks_like: String,
}

impl std::fmt::Display for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {MASK}", self.looks_like)
    }
}

/// The annotation in which kubectl keeps a copy of the whole object, payload and all.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// True where `value` must not be shown: it lies in the payload of a Secret, or under a name that says it is secret.
pub fn holds_secret(value: Value<'_>) -> bool {
    let ancestors = value.ancestors();
    let mut chain: Vec<Value<'_>> = ancestors.iter().map(|(value, _)| *value).collect();
    chain.push(value);
    let in_payload = chain.windows(3).any(|window| match window {
        [object, part, _] => is_secret_object(*object) && is_payload(part.key()),
        _ => false,
    }) || chain.windows(4).any(|window| match window {
        [object, metadata, annotations, annotation] => {
            is_secret_object(*object)
                && metadata.key() == "metadata"
                && annotations.key() == "annotations"
                && annotation.key() == LAST_APPLIED
        }
        _ => false,
    });
    in_payload || is_named_secret(&ancestors, value)
}

/// A Secret, also as an item of a list whose items leave out their kind.
fn is_secret_object(object: Value<'_>) -> bool {
    object.kind() == Kind::Object
        && match object.text_at(&["kind"]) {
            Some(kind) => kind == "Secret",
            None => {
                let document = object.document();
                document.root().text_at(&["kind"]) == Some("SecretList")
                    || document.listed_type().is_some_and(|(_, kind)| kind == "Secret")
            }
        }
}

fn is_payload(key: &str) -> bool {
    matches!(key, "data" | "stringData")
}

/// The value of `{name: DB_PASSWORD, value: ..}`, the word behind `--password` in a list, and `password: ..` itself.
fn is_named_secret(ancestors: &[(Value<'_>, usize)], value: Value<'_>) -> bool {
    let Some((text, (parent, position))) = value.str().zip(ancestors.last().copied()) else { return false };
    let name = match (parent.kind(), value.key()) {
        (Kind::Array, _) => match position.checked_sub(1).and_then(|before| parent.items().nth(before)) {
            Some(before) => before.str().filter(|flag| flag.starts_with('-')),
            None => None,
        },
        (_, "value") => parent.text_at(&["name"]),
        (_, key) => Some(key),
    };
    name.is_some_and(|name| secret::is_telling_key(name) && secret::judge(name, text).is_some())
}

/// The value as evidence shows it: one short line, masked.
pub fn brief(value: Value<'_>) -> String {
    match value.str() {
        Some(text) => shorten(&mask(window(text, LOOKED_AT)), VALUE_SHOWN),
        None => value.brief(),
    }
}

/// The source line on which `value` begins, as it may be shown; `is_secret` hides the value itself too. None for lines
/// that no person wrote, as in JSON without line breaks: the part shown would seldom reach the value, and to mask such
/// lines for each finding would be most of the work of a scan.
pub fn excerpt(value: Value<'_>, is_secret: bool) -> Option<String> {
    let document = value.document();
    let source = document.source();
    let (start, _) = value.key_span().unwrap_or_else(|| value.span());
    let line = source.line_at(start);
    if line.len() > LONGEST_LINE {
        return None;
    }
    let from = source.line_start(start);
    let shown = window(line, LOOKED_AT);
    let mut hidden: Vec<Range<usize>> = secret::find_to_mask(shown).into_iter().map(|found| found.range).collect();
    payloads(document.root(), from..from + shown.len(), 0, &mut hidden);
    if is_secret {
        hidden.extend(overlap(value, &(from..from + shown.len())));
    }
    Some(shorten(&without(shown, hidden), LINE_SHOWN))
}

/// A line of the source, as it may be shown where it is known to hold a secret.
pub fn excerpt_of_line(line: &str) -> String {
    let shown = window(line, LOOKED_AT);
    let masked = mask(shown);
    match masked == shown {
        // The detector saw the secret with its surroundings: by itself, the line says nothing.
        true => MASK.to_owned(),
        false => shorten(&masked, LINE_SHOWN),
    }
}

/// The bytes of `value` that are among `shown`, relative to its start.
fn overlap(value: Value<'_>, shown: &Range<usize>) -> Option<Range<usize>> {
    let (start, end) = value.span();
    let (start, end) = ((start as usize).max(shown.start), (end as usize).min(shown.end));
    (start < end).then(|| start - shown.start..end - shown.start)
}

/// Adds what Secrets keep on the bytes `shown` of the source, relative to their start.
fn payloads(value: Value<'_>, shown: Range<usize>, depth: u32, hidden: &mut Vec<Range<usize>>) {
    // Lists hold objects; nothing else does that matters here.
    if depth > 2 || value.kind() != Kind::Object {
        return;
    }
    let mut hide = |value: Value<'_>| hidden.extend(overlap(value, &shown));
    if is_secret_object(value) {
        for part in ["data", "stringData"] {
            match value.field(part) {
                Some(part) if part.kind() == Kind::Object => part.entries().for_each(|(_, entry)| hide(entry)),
                Some(part) => hide(part),
                None => {}
            }
        }
        value.dig(&["metadata", "annotations", LAST_APPLIED]).into_iter().for_each(&mut hide);
    }
    for item in value.field("items").into_iter().flat_map(Value::items) {
        let (start, end) = item.span();
        if start as usize >= shown.end {
            break;
        }
        if end as usize > shown.start {
            payloads(item, shown.clone(), depth + 1, hidden);
        }
    }
}

/// Masks what looks secret in `text`.
pub fn mask(text: &str) -> Cow<'_, str> {
    masked(text, secret::find_to_mask(text))
}

/// Masks what is a secret by its own shape: for sentences, which may well speak of passwords.
pub fn mask_tokens(text: &str) -> Cow<'_, str> {
    masked(text, secret::find_formats(text))
}

fn masked(text: &str, found: Vec<secret::Sighting>) -> Cow<'_, str> {
    match found.is_empty() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(without(text, found.into_iter().map(|found| found.range).collect())),
    }
}

/// `text` with a mask for each of `hidden`; ranges may overlap.
fn without(text: &str, mut hidden: Vec<Range<usize>>) -> String {
    if hidden.is_empty() {
        return text.to_owned();
    }
    hidden.sort_by_key(|range| range.start);
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for range in hidden {
        if range.end <= at {
            continue;
        }
        if range.start >= at {
            shown.push_str(text.get(at..range.start).unwrap_or_default());
            shown.push_str(MASK);
        }
        at = range.end;
    }
    shown.push_str(text.get(at..).unwrap_or_default());
    shown
}

/// The first bytes of `text`, whole characters only.
fn window(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn shorten(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
