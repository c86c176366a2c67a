//! String and bytes literals: raw, triple-quoted, with escapes.

use crate::ast::Literal;
use crate::lex::Token;

/// Reads the literal that `rest` begins with, prefixes included; gives it and its length in bytes.
pub(crate) fn string(rest: &str) -> Result<(Token, usize), String> {
    let prefix = rest.find(['"', '\'']).unwrap_or(0);
    let flags = rest.get(..prefix).unwrap_or_default().to_ascii_lowercase();
    let (raw, bytes) = (flags.contains('r'), flags.contains('b'));
    let body = rest.get(prefix..).unwrap_or_default();
    let quote = body.get(..1).unwrap_or_default();
    let triple = quote.repeat(3);
    let fence = if body.starts_with(&triple) { triple.as_str() } else { quote };
    let inner = body.get(fence.len()..).unwrap_or_default();
    let end = end_of(inner, fence, raw)?;
    let text = inner.get(..end).unwrap_or_default();
    let length = prefix + 2 * fence.len() + end;
    let decoded = if raw { text.as_bytes().to_vec() } else { unescape(text, bytes)? };
    if bytes {
        return Ok((Token::Literal(Literal::Bytes(decoded)), length));
    }
    let decoded =
        String::from_utf8(decoded).map_err(|_| "a string is not UTF-8; write it as bytes, b\"..\"".to_owned())?;
    Ok((Token::Literal(Literal::String(decoded)), length))
}

fn end_of(inner: &str, fence: &str, raw: bool) -> Result<usize, String> {
    let mut at = 0;
    loop {
        let rest = inner.get(at..).unwrap_or_default();
        if rest.starts_with(fence) {
            return Ok(at);
        }
        let mut characters = rest.chars();
        match characters.next() {
            None => return Err("a string that begins here does not end".to_owned()),
            Some('\n' | '\r') if fence.len() == 1 => {
                return Err("a line break in a string; write `\\n`, or use three quotes".to_owned());
            }
            Some('\\') if !raw => at += 1 + characters.next().map_or(0, char::len_utf8),
            Some(character) => at += character.len_utf8(),
        }
    }
}

fn unescape(text: &str, bytes: bool) -> Result<Vec<u8>, String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        decoded.extend_from_slice(rest.get(..at).unwrap_or_default().as_bytes());
        let escape = rest.get(at + 1..).unwrap_or_default();
        let letter = escape.chars().next().ok_or_else(|| "an escape does not end".to_owned())?;
        let length = match letter {
            'a' => plain(&mut decoded, 7),
            'b' => plain(&mut decoded, 8),
            'f' => plain(&mut decoded, 12),
            'n' => plain(&mut decoded, b'\n'),
            'r' => plain(&mut decoded, b'\r'),
            't' => plain(&mut decoded, b'\t'),
            'v' => plain(&mut decoded, 11),
            '\\' | '\'' | '"' | '`' | '?' => plain(&mut decoded, u8::try_from(letter).unwrap_or(b'?')),
            'x' | 'X' => code(&mut decoded, escape, 1, 2, 16, bytes)?,
            'u' if !bytes => code(&mut decoded, escape, 1, 4, 16, false)?,
            'U' if !bytes => code(&mut decoded, escape, 1, 8, 16, false)?,
            '0'..='3' => code(&mut decoded, escape, 0, 3, 8, bytes)?,
            _ => return Err(format!("unknown escape `\\{letter}`")),
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    decoded.extend_from_slice(rest.as_bytes());
    Ok(decoded)
}

fn plain(decoded: &mut Vec<u8>, byte: u8) -> usize {
    decoded.push(byte);
    1
}

/// A numeric escape: `count` digits behind `skip` letters. In bytes it is one byte, in strings one character.
fn code(
    decoded: &mut Vec<u8>,
    escape: &str,
    skip: usize,
    count: usize,
    radix: u32,
    bytes: bool,
) -> Result<usize, String> {
    let digits = escape.get(skip..skip + count).unwrap_or_default();
    let wrong = || format!("`\\{}` is no escape: {count} digits are needed", escape.get(..skip).unwrap_or_default());
    if digits.len() != count || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(wrong());
    }
    let value = u32::from_str_radix(digits, radix).map_err(|_| wrong())?;
    if bytes {
        decoded.push(u8::try_from(value).map_err(|_| wrong())?);
    } else {
        let character = char::from_u32(value).ok_or_else(|| format!("`\\{escape}` is no character"))?;
        decoded.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(skip + count)
}
