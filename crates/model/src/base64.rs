//! Base64 (RFC 4648, standard alphabet), strictly: padding where it belongs, no stray bits. White space is skipped.

/// The decoded bytes; none where `text` is not base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0u32, 0u32, 0u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        if byte == b'=' {
            padding += 1;
            continue;
        }
        if padding > 0 {
            return None;
        }
        bits = (bits << 6) | sextet(byte)?;
        count += 1;
        if count == 4 {
            let [_, high, middle, low] = bits.to_be_bytes();
            bytes.extend([high, middle, low]);
            (bits, count) = (0, 0);
        }
    }
    // Two characters hold one byte and four bits, three hold two bytes and two bits; the spare bits are zero.
    match (count, padding) {
        (0, 0) => {}
        (2, 2) if bits & 0xf == 0 => bytes.push(u8::try_from(bits >> 4).ok()?),
        (3, 1) if bits & 3 == 0 => {
            bytes.extend(u16::try_from(bits >> 2).ok()?.to_be_bytes());
        }
        _ => return None,
    }
    Some(bytes)
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_examples_of_the_rfc_are_decoded() {
        for (text, plain) in
            [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba")]
        {
            assert_eq!(decode(text).as_deref(), Some(plain.as_bytes()), "{text}");
        }
        assert_eq!(decode(" Zm9v\nYmFy\r\n").as_deref(), Some(&b"foobar"[..]));
        assert_eq!(decode("//79/A==").as_deref(), Some(&[0xff, 0xfe, 0xfd, 0xfc][..]));
        assert_eq!(decode("//8=").as_deref(), Some(&[0xff, 0xff][..]));
    }

    #[test]
    fn what_is_not_base64_is_refused() {
        for text in ["Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v=", "Z-8=", "Zg==Zg==", "(redacted)"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
