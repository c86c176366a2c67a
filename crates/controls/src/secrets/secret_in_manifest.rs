//! Secrets whose payload lies in a manifest, in clear text or in base64, which is the same.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Place, Reporter, Rule, Severity, Standard, Value, secret};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/secret-in-manifest",
    control: Control::Secrets,
    severity: Severity::Medium,
    title: "Manifest holds the payload of a Secret",
    why: "Base64 hides nothing: everyone who can read the repository, its clones, its backups or the build's logs has the \
          credential, and Git keeps it after it was removed.",
    fix: "Keep an encrypted form (SOPS, SealedSecret) or a reference to a vault (ExternalSecret) in the repository, and \
          replace the credential.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.4.2"), Mapping(Standard::MitreAttack, "T1552.001")],
    check: Check::Object { kinds: Kinds::Of(&["/Secret"]), run },
};

fn run(object: &Object<'_>, report: &mut Reporter<'_>) {
    let root = object.value();
    // In a cluster this is where Secrets belong; in a file, encrypted ones do.
    let is_file = root.document().source().has_lines;
    if !is_file || root.field("sops").is_some() {
        return report.not_concerned();
    }
    for part in ["stringData", "data"] {
        let Some(entries) = root.field(part) else { continue };
        let is_real = |value: Value<'_>| value.str().is_some_and(|text| is_payload(text, part == "data"));
        let entries = entries.entries().filter(|(key, _)| !names_someone(key));
        let real: Vec<(&str, Value<'_>)> = entries.filter(|(_, value)| is_real(*value)).collect();
        if let Some((key, value)) = real.first() {
            let message = match real.len() {
                1 => format!("`{key}` has its value in the manifest"),
                count => format!("`{key}` and {} more have their values in the manifest", count - 1),
            };
            report.finding(&object.subject(), Place::Secret(*value), part, message);
        }
    }
}

/// Keys of what stands beside a credential and is none.
fn names_someone(key: &str) -> bool {
    let last = key.rsplit(['-', '_', '.']).next().unwrap_or(key);
    ["user", "username", "login", "email", "host", "port", "database", "dbname", "region", "namespace", "type"]
        .iter()
        .any(|word| last.eq_ignore_ascii_case(word))
}

/// True for what is more than a placeholder; certificates and public keys are no secrets.
fn is_payload(text: &str, is_encoded: bool) -> bool {
    let decoded = if is_encoded { decode(text).map(String::from_utf8) } else { None };
    match decoded {
        Some(Ok(decoded)) => is_real(&decoded),
        // No text at all: a key, a keystore, an archive.
        Some(Err(_)) => true,
        None => is_real(text),
    }
}

fn is_real(text: &str) -> bool {
    !text.trim().is_empty() && !secret::is_stand_in(text.trim())
}

/// The bytes that base64 stands for; none where the text is something else.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_known_in_clear_text_and_in_base64() {
        for (text, is_encoded) in [("hunter2", false), ("aHVudGVyMg==", true), ("not base64!", true), ("/wD/", true)] {
            assert!(is_payload(text, is_encoded), "{text}");
        }
        for (text, is_encoded) in [("", true), ("Y2hhbmdlbWU=", true), ("changeme", false), ("${PASSWORD}", false)] {
            assert!(!is_payload(text, is_encoded), "{text}");
        }
    }
}
