//! Exceptions: a rule and a subject that somebody answers for, until a day.

use jiff::civil::Date;

use crate::object::Object;

/// What a person decided to accept. An excused finding keeps its true verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// A rule id, or a prefix ending in `*`.
    pub rule: String,
    pub subject: SubjectSelector,
    pub reason: String,
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Date,
    /// Where it is written: a file and line, or an annotation.
    pub origin: String,
}

/// Globs (`*`, `?`) over the subject's names; an absent part matches all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubjectSelector {
    pub kind: Option<String>,
    pub namespace: Option<String>,
    pub name: Option<String>,
    /// The finding's key, such as a container name.
    pub key: Option<String>,
}

/// Annotations with this prefix excuse one rule on the object that carries them:
/// `waive.rampart.dev/pod-security.host-path-volumes: owner=team-a, expires=2027-03-31, reason=reads the node's logs`.
/// The rule's `/` is written `.`; the reason comes last and may hold commas.
pub const ANNOTATION_PREFIX: &str = "waive.rampart.dev/";

/// Reads the waivers that an object's annotations declare.
///
/// # Errors
/// Each entry is either a waiver or the sentence that says why it does not count.
pub fn from_annotations<'d>(object: &Object<'d>) -> impl Iterator<Item = Result<Waiver, String>> + use<'d> {
    let object = *object;
    object.annotations().filter_map(move |(key, text)| {
        let rule = key.strip_prefix(ANNOTATION_PREFIX)?.replacen('.', "/", 1);
        Some(
            from_annotation(&object, rule, text)
                .map_err(|reason| format!("annotation `{key}` does not count: {reason}")),
        )
    })
}

fn from_annotation(object: &Object<'_>, rule: String, text: &str) -> Result<Waiver, String> {
    let (head, reason) = text.split_once("reason=").ok_or("`reason=` is missing")?;
    let part = |key: &str| {
        head.split(',')
            .find_map(|part| part.trim().strip_prefix(key)?.strip_prefix('='))
            .map(str::trim)
            .filter(|part| !part.is_empty())
    };
    let owner = part("owner").ok_or("`owner=` is missing")?;
    let expires = part("expires").ok_or("`expires=` is missing")?;
    if reason.trim().is_empty() {
        return Err("the reason is empty".to_owned());
    }
    Ok(Waiver {
        rule,
        subject: SubjectSelector {
            kind: Some(object.kind().to_owned()),
            namespace: Some(object.namespace().to_owned()),
            name: Some(object.name().to_owned()),
            key: None,
        },
        reason: reason.trim().to_owned(),
        owner: owner.to_owned(),
        expires: expires.parse().map_err(|_| format!("`{expires}` is not a day; write it as `2027-03-31`"))?,
        origin: format!("annotation of {}", object.subject()),
    })
}
