//! Percent-encoding: everything but letters, digits, `.`, `-`, `_`, `~` and `:` is encoded.

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::InvalidPurl;

pub(super) fn encode(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':') {
            f.write_char(char::from(byte))?;
        } else {
            write!(f, "%{byte:02X}")?;
        }
    }
    Ok(())
}

/// Encodes what is between slashes.
pub(super) fn encode_path(f: &mut fmt::Formatter<'_>, path: &str) -> fmt::Result {
    for (at, segment) in path.split('/').enumerate() {
        if at > 0 {
            f.write_char('/')?;
        }
        encode(f, segment)?;
    }
    Ok(())
}

pub(super) fn decode(text: &str) -> Result<Cow<'_, str>, InvalidPurl> {
    if !text.contains('%') {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (high, low) = (digit().ok_or(InvalidPurl::Encoding)?, digit().ok_or(InvalidPurl::Encoding)?);
        decoded.push(high * 16 + low);
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| InvalidPurl::Encoding)
}
