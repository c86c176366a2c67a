//! A small value that writes itself as YAML and as JSON.

use std::fmt::Write;

#[derive(Debug, Clone)]
pub enum Tree {
    Text(String),
    Number(i64),
    Flag(bool),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Tree {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Tree {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Tree {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Vec<Tree>> for Tree {
    fn from(items: Vec<Tree>) -> Self {
        Self::List(items)
    }
}

/// A map of `entries` in their order.
pub fn map<const N: usize>(entries: [(&str, Tree); N]) -> Tree {
    Tree::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

impl Tree {
    /// This map with one entry more.
    pub fn with(mut self, key: &str, value: impl Into<Tree>) -> Self {
        if let Self::Map(entries) = &mut self {
            entries.push((key.to_owned(), value.into()));
        }
        self
    }

    /// The entry `key` of this map; an empty map where it is absent.
    pub fn get(&self, key: &str) -> Self {
        let Self::Map(entries) = self else { return Self::Map(Vec::new()) };
        entries.iter().find(|(name, _)| name == key).map_or(Self::Map(Vec::new()), |(_, value)| value.clone())
    }

    /// Block style, as people write it.
    pub fn yaml(&self, out: &mut String) {
        self.block(0, out);
    }

    fn block(&self, indent: usize, out: &mut String) {
        match self {
            Self::Map(entries) => {
                for (position, (key, value)) in entries.iter().enumerate() {
                    if position > 0 {
                        out.extend(std::iter::repeat_n(' ', indent));
                    }
                    let _ = write!(out, "{}:", scalar(key));
                    value.behind_key(indent, out);
                }
            }
            Self::List(items) => {
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        out.extend(std::iter::repeat_n(' ', indent));
                    }
                    out.push_str("- ");
                    item.block(indent + 2, out);
                }
            }
            scalar => {
                scalar.inline(indent, out);
                out.push('\n');
            }
        }
    }

    fn behind_key(&self, indent: usize, out: &mut String) {
        match self {
            Self::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
            Self::List(items) if items.is_empty() => out.push_str(" []\n"),
            Self::Map(_) => {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent + 2));
                self.block(indent + 2, out);
            }
            Self::List(_) => {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', indent));
                self.block(indent, out);
            }
            scalar => {
                out.push(' ');
                scalar.inline(indent, out);
                out.push('\n');
            }
        }
    }

    fn inline(&self, indent: usize, out: &mut String) {
        match self {
            Self::Text(text) if text.contains('\n') => {
                out.push_str(if text.ends_with('\n') { "|" } else { "|-" });
                for line in text.lines() {
                    out.push('\n');
                    out.extend(std::iter::repeat_n(' ', if line.is_empty() { 0 } else { indent + 2 }));
                    out.push_str(line);
                }
            }
            Self::Text(text) => out.push_str(&scalar(text)),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Flag(flag) => out.push_str(&flag.to_string()),
            Self::List(_) => out.push_str("[]"),
            Self::Map(_) => out.push_str("{}"),
        }
    }

    pub fn json(&self, out: &mut String) {
        match self {
            Self::Text(text) => quoted(text, out),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Flag(flag) => out.push_str(&flag.to_string()),
            Self::List(items) => {
                out.push('[');
                for (position, item) in items.iter().enumerate() {
                    out.push_str(if position > 0 { "," } else { "" });
                    item.json(out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (position, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if position > 0 { "," } else { "" });
                    quoted(key, out);
                    out.push(':');
                    value.json(out);
                }
                out.push('}');
            }
        }
    }
}

/// Plain where that is safe, else in double quotes.
fn scalar(text: &str) -> String {
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'/' | b'_' | b':' | b' '))
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'/')
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !matches!(text, "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n");
    if is_plain {
        return text.to_owned();
    }
    let mut out = String::new();
    quoted(text, &mut out);
    out
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
}
