//! What of a Secret's values may be kept: certificates, which are public, and emptiness.

use rampart_model::redact::MASK;
use rampart_model::{base64, secret};

/// What stands in the place of a value, as text and as a value of `data`, so that what decodes it still can. A placeholder
/// such as `changeme` is masked as one: that a manifest holds a real value is a finding, which one it is nobody needs to
/// know.
const REAL: [&str; 2] = ["withheld", "d2l0aGhlbGQ="];
const PLACEHOLDER: [&str; 2] = [MASK, "KHJlZGFjdGVkKQ=="];

/// The mask of a value; a value that is not text counts as real.
pub(crate) fn mask(value: Option<&str>, is_base64: bool) -> &'static str {
    let decoded = value.and_then(|text| if is_base64 { decode(text) } else { Some(text.to_owned()) });
    let masks = match decoded {
        Some(text) if secret::is_stand_in(text.trim()) => PLACEHOLDER,
        _ => REAL,
    };
    let [plain, encoded] = masks;
    if is_base64 { encoded } else { plain }
}

/// True for an empty value, a mask, and a text of PEM certificates and nothing else.
pub(crate) fn may_stay(value: &str, is_base64: bool) -> bool {
    let value = value.trim();
    if value.is_empty() || [REAL, PLACEHOLDER].iter().flatten().any(|mask| *mask == value) {
        return true;
    }
    if !is_base64 {
        return is_certificates(value);
    }
    // The first bytes of a PEM certificate in base64: almost every other value is told apart without decoding.
    value.starts_with("LS0tLS1CRUdJTiBDRVJUSUZJQ0FUR") && decode(value).is_some_and(|text| is_certificates(&text))
}

/// Certificates, with nothing before, between or after them but white space.
fn is_certificates(text: &str) -> bool {
    let (mut is_inside, mut count) = (false, 0);
    for line in text.lines().map(str::trim) {
        match (is_inside, line) {
            (false, "") => {}
            (false, "-----BEGIN CERTIFICATE-----") => is_inside = true,
            (true, "-----END CERTIFICATE-----") => (is_inside, count) = (false, count + 1),
            (true, body)
                if body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')) => {}
            _ => return false,
        }
    }
    !is_inside && count > 0
}

fn decode(encoded: &str) -> Option<String> {
    String::from_utf8(base64::decode(encoded)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMIIB+/==\n-----END CERTIFICATE-----\n";

    #[test]
    fn only_pure_certificates_stay() {
        assert!(may_stay(CERTIFICATE, false));
        assert!(may_stay(&format!("{CERTIFICATE}\n{CERTIFICATE}"), false));
        assert!(may_stay("", true));
        let with_key = format!("{CERTIFICATE}-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n");
        for text in
            ["hunter2", &with_key, &format!("password: x\n{CERTIFICATE}"), "-----BEGIN CERTIFICATE-----\nMIIB\n"]
        {
            assert!(!may_stay(text, false), "{text}");
        }
    }

    #[test]
    fn base64_is_looked_into() {
        let encoded = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIrLz09Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K";
        assert_eq!(decode(encoded).as_deref(), Some(CERTIFICATE));
        assert!(may_stay(encoded, true));
        assert!(!may_stay("aHVudGVyMg==", true));
    }

    #[test]
    fn mask_tells_a_placeholder_from_a_value_and_nothing_else() {
        for (value, is_base64, expected) in [
            (Some("hunter2"), false, "withheld"),
            (Some("changeme"), false, MASK),
            (Some("aHVudGVyMg=="), true, "d2l0aGhlbGQ="),
            (Some("Y2hhbmdlbWU="), true, "KHJlZGFjdGVkKQ=="),
            (Some("/w=="), true, "d2l0aGhlbGQ="),
            (None, false, "withheld"),
        ] {
            assert_eq!(mask(value, is_base64), expected, "{value:?}");
            assert!(may_stay(expected, is_base64));
        }
        for [plain, encoded] in [REAL, PLACEHOLDER] {
            assert_eq!(decode(encoded).as_deref(), Some(plain));
        }
        assert!(!secret::is_stand_in("withheld") && secret::is_stand_in(MASK));
    }
}
