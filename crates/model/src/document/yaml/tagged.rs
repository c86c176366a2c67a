//! Scalars with their explicit tags, and keys that are not text.

use super::super::build::Builder;
use super::super::scalar::{self, Plain};
use super::super::{Range, Tag};

/// What stands in front of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written<'t> {
    Untagged,
    /// `!!int` and the like, without the exclamation marks.
    Core(&'t str),
    /// A tag of someone's own, which leaves the scalar text.
    Other,
}

/// The node that a scalar becomes: its tag and content.
///
/// # Errors
/// The text does not fit the explicit tag.
pub(super) fn scalar(
    builder: &mut Builder<'_>,
    content: Range,
    is_plain: bool,
    written: Written<'_>,
) -> Result<(Tag, Range), String> {
    let text = builder.text(content);
    let as_text = Ok((Tag::String, content));
    let core = match written {
        Written::Untagged if is_plain => return Ok(resolved(builder, content)),
        Written::Untagged | Written::Other => return as_text,
        Written::Core(core) => core,
    };
    if core == "binary" {
        let bytes = base64(text).ok_or_else(|| "`!!binary` before text that is not base64".to_owned())?;
        let decoded = builder.keep(&String::from_utf8_lossy(&bytes));
        return Ok((Tag::String, decoded));
    }
    if !matches!(core, "bool" | "int" | "float" | "null") {
        return as_text;
    }
    let (tag, resolved) = resolved(builder, content);
    let is_integer = !builder.text(resolved).contains(['.', 'e', 'E']);
    let fits = match core {
        "bool" => matches!(tag, Tag::True | Tag::False),
        "null" => tag == Tag::Null,
        "int" => tag == Tag::Number && is_integer,
        _ => tag == Tag::Number,
    };
    if fits {
        return Ok((tag, resolved));
    }
    Err(format!("`!!{core}` before a value that is none; remove the tag or mend the value"))
}

/// What an unquoted scalar without a tag becomes.
pub(super) fn resolved(builder: &mut Builder<'_>, content: Range) -> (Tag, Range) {
    match scalar::resolve(builder.text(content)) {
        Plain::Is(tag) => (tag, content),
        Plain::Number => (Tag::Number, content),
        Plain::NumberAs(literal) => (Tag::Number, builder.keep(&literal)),
    }
}

/// The text of a key; numbers and booleans become text as Kubernetes' reader writes them.
///
/// # Errors
/// The key is null.
pub(super) fn key(builder: &mut Builder<'_>, tag: Tag, content: Range) -> Result<Range, String> {
    Ok(match tag {
        Tag::String => content,
        Tag::True if builder.text(content) != "true" => builder.keep("true"),
        Tag::False if builder.text(content) != "false" => builder.keep("false"),
        Tag::True | Tag::False => content,
        Tag::Number => {
            let text = builder.text(content);
            match text.contains(['.', 'e', 'E']).then(|| text.parse::<f64>()) {
                Some(Ok(value)) => builder.keep(&scalar::short_float(value)),
                _ => content,
            }
        }
        Tag::Null => return Err("a null key; write the key in quotes".to_owned()),
        Tag::Array | Tag::Object => return Err(CONTAINER_KEY.to_owned()),
    })
}

pub(super) const CONTAINER_KEY: &str = "a list or map as a key; Kubernetes objects have text keys only";

/// Standard base64 with padding; line breaks in it do not count.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    let body = digits.get(..digits.len() - padding).filter(|_| padding <= 2)?;
    let mut decoded = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut bits, mut held) = (0u32, 0u32);
    for digit in body {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        (bits, held) = (bits << 6 | u32::from(value), held + 6);
        if held >= 8 {
            held -= 8;
            decoded.push(u8::try_from(bits >> held & 0xFF).ok()?);
        }
    }
    Some(decoded)
}
