//! Bytes as lower-case hexadecimal text, which is how hashes and sealed secrets stand in the store.

use std::fmt::Write;

use sha2::{Digest, Sha256};

pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// None where `text` is not pairs of hexadecimal digits.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| if let [high, low] = pair { Some(digit(high)? << 4 | digit(low)?) } else { None }).collect()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    encode(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_read_back_and_other_text_does_not() {
        assert_eq!(super::encode(&[0, 1, 0xfe]), "0001fe");
        assert_eq!(super::decode("0001fe"), Some(vec![0, 1, 0xfe]));
        assert_eq!(super::decode("0001f"), None);
        assert_eq!(super::decode("0g"), None);
    }
}
