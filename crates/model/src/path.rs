//! Field paths such as `spec.containers[0].securityContext`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Made by [`Step::key`], so that the keys that every path is made of take no memory of their own.
    Key(Cow<'static, str>),
    Index(u32),
}

/// The keys that most paths consist of.
static USUAL_KEYS: [&str; 44] = [
    "allowPrivilegeEscalation",
    "annotations",
    "args",
    "automountServiceAccountToken",
    "capabilities",
    "containers",
    "data",
    "egress",
    "env",
    "ephemeralContainers",
    "hostNetwork",
    "hostPath",
    "image",
    "imagePullPolicy",
    "ingress",
    "initContainers",
    "items",
    "jobTemplate",
    "labels",
    "metadata",
    "name",
    "namespace",
    "podSelector",
    "ports",
    "privileged",
    "readOnlyRootFilesystem",
    "resources",
    "roleRef",
    "rules",
    "runAsNonRoot",
    "runAsUser",
    "seccompProfile",
    "secretKeyRef",
    "securityContext",
    "selector",
    "serviceAccountName",
    "spec",
    "subjects",
    "template",
    "type",
    "value",
    "valueFrom",
    "verbs",
    "volumes",
];

impl Step {
    /// The step to the entry `key` of a map.
    pub fn key(key: &str) -> Self {
        match USUAL_KEYS.binary_search(&key) {
            Ok(at) => Self::Key(Cow::Borrowed(USUAL_KEYS.get(at).copied().unwrap_or_default())),
            Err(_) => Self::Key(Cow::Owned(key.to_owned())),
        }
    }
}

/// The steps from an object's root to a field. A key that is not plain is written `["a.b/c"]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FieldPath(pub Vec<Step>);

impl FieldPath {
    /// This path and the keys of `suffix` (dotted, plain keys only) behind it.
    #[must_use]
    pub fn join(mut self, suffix: &str) -> Self {
        let keys = || suffix.split('.').filter(|key| !key.is_empty());
        self.0.reserve_exact(keys().count());
        self.0.extend(keys().map(Step::key));
        self
    }
}

fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if is_plain(key) => write!(f, "{}{key}", if position == 0 { "" } else { "." })?,
                Step::Key(key) => {
                    let escaped = key.replace('\\', "\\\\").replace('"', "\\\"");
                    write!(f, "[\"{escaped}\"]")?;
                }
            }
        }
        Ok(())
    }
}

impl FromStr for FieldPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix("[\"") {
                let (key, tail) = quoted_key(quoted).ok_or_else(|| format!("a quoted key does not end in `{text}`"))?;
                steps.push(Step::key(&key));
                rest = tail;
            } else if let Some(index) = rest.strip_prefix('[') {
                let (digits, tail) = index.split_once(']').ok_or_else(|| format!("`]` is missing in `{text}`"))?;
                steps.push(Step::Index(digits.parse().map_err(|_| format!("`{digits}` is not an index in `{text}`"))?));
                rest = tail;
            } else {
                let plain = rest.strip_prefix('.').unwrap_or(rest);
                let end = plain.find(['.', '[']).unwrap_or(plain.len());
                let (key, tail) = plain.split_at_checked(end).unwrap_or((plain, ""));
                if key.is_empty() {
                    return Err(format!("an empty key in `{text}`"));
                }
                steps.push(Step::key(key));
                rest = tail;
            }
        }
        Ok(Self(steps))
    }
}

/// The decoded key and the text behind its closing `"]`.
fn quoted_key(text: &str) -> Option<(String, &str)> {
    let mut key = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => key.push(characters.next()?.1),
            '"' => return Some((key, text.get(at + 1..)?.strip_prefix(']')?)),
            _ => key.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_keys_are_found_in_their_order() {
        assert!(USUAL_KEYS.is_sorted());
        assert!(matches!(Step::key("spec"), Step::Key(Cow::Borrowed("spec"))));
    }

    #[test]
    fn paths_read_back_as_they_are_written() {
        for text in
            ["spec.containers[0].image", "metadata.annotations[\"a.b/c\"]", "a[1][2].b", "[\"q\\\"\\\\\"].x", ""]
        {
            assert_eq!(text.parse::<FieldPath>().unwrap().to_string(), text);
        }
    }
}
