//! YAML 1.2 that a YAML 1.1 reader understands the same way: every text that could be taken for something else is quoted.

use std::io::{self, Write};

use serde::Serialize;

use crate::document::Report;
use crate::json;
use crate::text::is_unseen;
use crate::tree::Tree;

/// The report as one YAML document. The findings, of which there may be very many, are turned over one by one.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let head = report.without_findings();
    let Tree::Map(entries) = tree_of(&head)? else {
        return Ok(());
    };
    for entry in entries {
        if entry.0 != "findings" || report.findings.is_empty() {
            map(&[entry], 0, false, out)?;
            continue;
        }
        writeln!(out, "findings:")?;
        for finding in &report.findings {
            list(&[tree_of(finding)?], 2, out)?;
        }
    }
    Ok(())
}

fn tree_of(value: &impl Serialize) -> io::Result<Tree> {
    let mut bytes = Vec::new();
    json::line(value, &mut bytes)?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// One block-style document, without separators.
pub(crate) fn document(tree: &Tree, out: &mut dyn Write) -> io::Result<()> {
    match tree {
        Tree::Map(entries) if !entries.is_empty() => map(entries, 0, false, out),
        Tree::List(items) if !items.is_empty() => list(items, 0, out),
        scalar => {
            inline(scalar, out)?;
            out.write_all(b"\n")
        }
    }
}

/// `started` where the first key stands behind a `- ` that is already written.
fn map(entries: &[(String, Tree)], indent: usize, started: bool, out: &mut dyn Write) -> io::Result<()> {
    for (position, (key, value)) in entries.iter().enumerate() {
        if !(started && position == 0) {
            blanks(indent, out)?;
        }
        text(key, out)?;
        out.write_all(b":")?;
        match value {
            Tree::Map(entries) if !entries.is_empty() => {
                out.write_all(b"\n")?;
                map(entries, indent + 2, false, out)?;
            }
            Tree::List(items) if !items.is_empty() => {
                out.write_all(b"\n")?;
                list(items, indent + 2, out)?;
            }
            scalar => line_end(scalar, out)?,
        }
    }
    Ok(())
}

fn list(items: &[Tree], indent: usize, out: &mut dyn Write) -> io::Result<()> {
    for item in items {
        blanks(indent, out)?;
        out.write_all(b"-")?;
        match item {
            Tree::Map(entries) if !entries.is_empty() => {
                out.write_all(b" ")?;
                map(entries, indent + 2, true, out)?;
            }
            Tree::List(items) if !items.is_empty() => {
                out.write_all(b"\n")?;
                list(items, indent + 2, out)?;
            }
            scalar => line_end(scalar, out)?,
        }
    }
    Ok(())
}

fn line_end(scalar: &Tree, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b" ")?;
    inline(scalar, out)?;
    out.write_all(b"\n")
}

fn blanks(mut count: usize, out: &mut dyn Write) -> io::Result<()> {
    const BLANKS: &[u8] = b"                ";
    while count > 0 {
        let some = BLANKS.get(..count).unwrap_or(BLANKS);
        out.write_all(some)?;
        count -= some.len();
    }
    Ok(())
}

fn inline(tree: &Tree, out: &mut dyn Write) -> io::Result<()> {
    match tree {
        Tree::Null => out.write_all(b"null"),
        Tree::Bool(value) => write!(out, "{value}"),
        Tree::Number(value) => write!(out, "{value}"),
        Tree::Text(value) => text(value, out),
        Tree::List(_) => out.write_all(b"[]"),
        Tree::Map(_) => out.write_all(b"{}"),
    }
}

/// Plain where nothing can be misread, else in double quotes.
fn text(value: &str, out: &mut dyn Write) -> io::Result<()> {
    if is_plain(value) { out.write_all(value.as_bytes()) } else { out.write_all(quoted(value).as_bytes()) }
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
            assert_eq!(in_memory(|out| text(value, out)), shown);
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
