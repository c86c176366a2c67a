//! Base64.

use super::{Entry, invalid, no, string};
use crate::value::{Outcome, Val};

pub(super) const GLOBALS: &[Entry] = &[("base64.encode", encode), ("base64.decode", decode)];

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Bytes(bytes)] = args else { return no(name, args) };
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let digit = (word >> (18 - 6 * position)) & 63;
            let letter = ALPHABET.get(digit as usize).copied().unwrap_or(b'=');
            text.push(if position <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    string(text)
}

fn decode<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Str(text)] = args else { return no(name, args) };
    let digits = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut word, mut bits) = (0u32, 0);
    for letter in digits.bytes() {
        let Some(digit) = ALPHABET.iter().position(|known| *known == letter) else {
            return invalid("the text is not base64");
        };
        word = word << 6 | u32::try_from(digit).unwrap_or(0);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(word >> bits & 0xFF).unwrap_or(0));
        }
    }
    // One letter alone holds no byte; padding, where there is any, fills four letters up.
    let padded = text.len() != digits.len();
    if digits.len() % 4 == 1 || (padded && text.len() % 4 != 0) {
        return invalid("the text is not base64");
    }
    Ok(Val::Bytes(bytes.into()))
}
