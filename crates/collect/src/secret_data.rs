//! What of a Secret's values may be kept: certificates, which are public, and emptiness.

use rampart_model::redact::MASK;

/// [`MASK`] as a value of `data`, so that what decodes it still can.
const MASK_BASE64: &str = "KHJlZGFjdGVkKQ==";

/// What stands in the place of a value.
pub(crate) fn mask(is_base64: bool) -> &'static str {
    if is_base64 { MASK_BASE64 } else { MASK }
}

/// True for an empty value, a mask, and a text of PEM certificates and nothing else.
pub(crate) fn may_stay(value: &str, is_base64: bool) -> bool {
    let value = value.trim();
    if value.is_empty() || value == mask(is_base64) {
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

/// Standard base64, with white space passed over, to text.
fn decode(encoded: &str) -> Option<String> {
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(encoded.len() / 4 * 3), 0_u32, 0);
    for byte in encoded.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(digit)) & 0xFFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
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
        assert_eq!(decode(mask(true)).as_deref(), Some(MASK));
    }
}
