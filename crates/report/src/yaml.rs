//! YAML 1.2 that a YAML 1.1 reader understands the same way: every text that could be taken for something else is quoted.

use std::io::{self, Write};

use crate::document::Report;
use crate::json;
use crate::text::is_unseen;
use crate::tree::Tree;

/// The report as one YAML document.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut bytes = Vec::new();
    json::line(report, &mut bytes)?;
    document(&serde_json::from_slice(&bytes)?, out)
}

/// One block-style document, without separators.
pub(crate) fn document(tree: &Tree, out: &mut dyn Write) -> io::Result<()> {
    match tree {
        Tree::Map(entries) if !entries.is_empty() => map(entries, 0, false, out),
        Tree::List(items) if !items.is_empty() => list(items, 0, out),
        scalar => writeln!(out, "{}", inline(scalar)),
    }
}

/// `started` where the first key stands behind a `- ` that is already written.
fn map(entries: &[(String, Tree)], indent: usize, started: bool, out: &mut dyn Write) -> io::Result<()> {
    for (position, (key, value)) in entries.iter().enumerate() {
        let indent_now = if started && position == 0 { 0 } else { indent };
        write!(out, "{}{}:", " ".repeat(indent_now), text(key))?;
        match value {
            Tree::Map(entries) if !entries.is_empty() => {
                writeln!(out)?;
                map(entries, indent + 2, false, out)?;
            }
            Tree::List(items) if !items.is_empty() => {
                writeln!(out)?;
                list(items, indent + 2, out)?;
            }
            scalar => writeln!(out, " {}", inline(scalar))?,
        }
    }
    Ok(())
}

fn list(items: &[Tree], indent: usize, out: &mut dyn Write) -> io::Result<()> {
    for item in items {
        write!(out, "{}-", " ".repeat(indent))?;
        match item {
            Tree::Map(entries) if !entries.is_empty() => {
                write!(out, " ")?;
                map(entries, indent + 2, true, out)?;
            }
            Tree::List(items) if !items.is_empty() => {
                writeln!(out)?;
                list(items, indent + 2, out)?;
            }
            scalar => writeln!(out, " {}", inline(scalar))?,
        }
    }
    Ok(())
}

fn inline(tree: &Tree) -> String {
    match tree {
        Tree::Null => "null".to_owned(),
        Tree::Bool(value) => value.to_string(),
        Tree::Number(value) => value.to_string(),
        Tree::Text(value) => text(value),
        Tree::List(_) => "[]".to_owned(),
        Tree::Map(_) => "{}".to_owned(),
    }
}

/// Plain where nothing can be misread, else in double quotes.
fn text(value: &str) -> String {
    if is_plain(value) { value.to_owned() } else { quoted(value) }
}

fn is_plain(value: &str) -> bool {
    const WORDS: [&str; 10] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan"];
    value.starts_with(|first: char| first.is_ascii_alphabetic())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'))
        && !WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn quoted(value: &str) -> String {
    let mut shown = String::with_capacity(value.len() + 2);
    shown.push('"');
    for character in value.chars() {
        let code = u32::from(character);
        match character {
            '"' => shown.push_str("\\\""),
            '\\' => shown.push_str("\\\\"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ if is_unseen(character) && code <= 0xff => shown.push_str(&format!("\\x{code:02x}")),
            _ if is_unseen(character) && code <= 0xffff => shown.push_str(&format!("\\u{code:04x}")),
            _ if is_unseen(character) => shown.push_str(&format!("\\U{code:08x}")),
            _ => shown.push(character),
        }
    }
    shown.push('"');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::in_memory;

    #[test]
    fn texts_that_look_like_something_else_are_quoted() {
        for (value, shown) in [
            ("apps/v1", "apps/v1"),
            ("", "\"\""),
            ("yes", "\"yes\""),
            ("N", "\"N\""),
            ("1e3", "\"1e3\""),
            ("a: b", "\"a: b\""),
            ("- a", "\"- a\""),
            ("a\u{1b}\u{202e}\u{e0041}\n", "\"a\\x1b\\u202e\\U000e0041\\n\""),
        ] {
            assert_eq!(text(value), shown);
        }
    }

    #[test]
    fn lists_and_maps_nest() {
        let tree = Tree::map([
            ("a", Tree::list([Tree::map([("b", 1_u64.into()), ("c", Tree::List(Vec::new()))]), Tree::list(["x"])])),
            ("d", Tree::map([("e", Tree::Null)])),
        ]);
        let shown = in_memory(|out| document(&tree, out));
        assert_eq!(shown, "a:\n  - b: 1\n    c: []\n  -\n    - x\nd:\n  e: null\n");
    }
}
