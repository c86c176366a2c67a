//! A view of one node of a [`Document`]: cheap to copy, lives as long as the document.

use super::{Document, Node, Tag, number};
use crate::evidence::Location;
use crate::path::{FieldPath, Step};

/// One value inside a document.
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document,
    index: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Bool => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "list",
            Self::Object => "map",
        })
    }
}

impl<'d> Value<'d> {
    pub(crate) fn new(document: &'d Document, index: u32) -> Self {
        Self { document, index }
    }

    fn node(self) -> Option<&'d Node> {
        self.document.node(self.index)
    }

    fn tag(self) -> Tag {
        self.node().map_or(Tag::Null, |node| node.tag)
    }

    pub fn document(self) -> &'d Document {
        self.document
    }

    pub fn kind(self) -> Kind {
        match self.tag() {
            Tag::Null => Kind::Null,
            Tag::False | Tag::True => Kind::Bool,
            Tag::Number => Kind::Number,
            Tag::String => Kind::String,
            Tag::Array => Kind::Array,
            Tag::Object => Kind::Object,
        }
    }

    pub fn is_null(self) -> bool {
        self.tag() == Tag::Null
    }

    /// The entry `key` of an object, also when its value is null.
    pub fn get(self, key: &str) -> Option<Value<'d>> {
        self.entries().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The entry `key` of an object, where null counts as absent, as the API server takes it.
    pub fn field(self, key: &str) -> Option<Value<'d>> {
        self.get(key).filter(|value| !value.is_null())
    }

    /// Follows [`Value::field`] along `keys`.
    pub fn dig(self, keys: &[&str]) -> Option<Value<'d>> {
        keys.iter().try_fold(self, |value, key| value.field(key))
    }

    /// The string at `keys`, or none where it is absent or not a string.
    pub fn text_at(self, keys: &[&str]) -> Option<&'d str> {
        self.dig(keys).and_then(Value::str)
    }

    pub fn bool_at(self, keys: &[&str]) -> Option<bool> {
        self.dig(keys).and_then(Value::bool)
    }

    pub fn i64_at(self, keys: &[&str]) -> Option<i64> {
        self.dig(keys).and_then(Value::i64)
    }

    pub fn str(self) -> Option<&'d str> {
        let node = self.node()?;
        (node.tag == Tag::String).then(|| self.document.text(node.content))
    }

    pub fn bool(self) -> Option<bool> {
        match self.tag() {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// The literal of a number as JSON writes it, with every digit of the source.
    pub fn number(self) -> Option<&'d str> {
        let node = self.node()?;
        (node.tag == Tag::Number).then(|| self.document.text(node.content))
    }

    /// The number as a signed integer; none for fractions, exponents and what does not fit.
    pub fn i64(self) -> Option<i64> {
        self.number()?.parse().ok()
    }

    pub fn u64(self) -> Option<u64> {
        self.number()?.parse().ok()
    }

    pub fn f64(self) -> Option<f64> {
        self.number()?.parse().ok()
    }

    /// The elements of a list; nothing for any other kind.
    pub fn items(self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        Children::of(self, Tag::Array)
    }

    /// The entries of an object in document order; nothing for any other kind. Of duplicate keys only the last is given.
    pub fn entries(self) -> impl Iterator<Item = (&'d str, Value<'d>)> + use<'d> {
        Children::of(self, Tag::Object)
            .filter(|value| value.node().is_some_and(|node| !node.shadowed))
            .map(|value| (value.key(), value))
    }

    /// The number of elements or entries (duplicates counted); 0 for scalars.
    pub fn len(self) -> usize {
        match self.node() {
            Some(node) if matches!(node.tag, Tag::Array | Tag::Object) => node.content.start as usize,
            _ => 0,
        }
    }

    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The key under which the parent holds this value; empty for list elements and the root.
    pub fn key(self) -> &'d str {
        self.node().map_or("", |node| self.document.text(node.key))
    }

    /// The byte range of this value in the source text.
    pub fn span(self) -> (u32, u32) {
        self.node().map_or((0, 0), |node| (node.span.start, node.span.end))
    }

    /// The byte range of the key in the source text, where the key is written there without escapes.
    pub fn key_span(self) -> Option<(u32, u32)> {
        let key = self.node()?.key;
        (key.start & super::SCRATCH == 0 && key.end > key.start).then_some((key.start, key.end))
    }

    /// From the key (where there is one) to the end of a scalar, or to the end of the key of a list or map: what a reader
    /// wants to see underlined.
    pub fn location(self) -> Location {
        let (start, end) = self.span();
        let (from, to) = match (self.key_span(), self.kind()) {
            // The value stands before its key: at the anchor of an alias, where it must be mended.
            (Some((_, key_end)), _) if start < key_end => (start, end),
            (Some((key_start, key_end)), Kind::Array | Kind::Object) => (key_start, key_end),
            (Some((key_start, _)), _) => (key_start, end),
            (None, _) => (start, end),
        };
        self.document.source().location(from, to)
    }

    /// The values from the root down to the one that holds this value, each with the position of the next among its
    /// children.
    pub fn ancestors(self) -> Vec<(Value<'d>, usize)> {
        let mut chain = Vec::new();
        let mut here = self.document.root();
        while here.index != self.index {
            let children = Children {
                document: self.document,
                next: here.index + 1,
                end: here.node().map_or(0, |node| node.next),
            };
            let found = children.enumerate().find(|(_, child)| {
                child.index <= self.index && child.node().is_some_and(|node| self.index < node.next)
            });
            let Some((position, child)) = found else { break };
            chain.push((here, position));
            here = child;
        }
        chain
    }

    /// The steps from the root to this value.
    pub fn path(self) -> FieldPath {
        let ancestors = self.ancestors();
        let children = ancestors.iter().skip(1).map(|(value, _)| *value).chain([self]);
        let steps = ancestors.iter().zip(children).map(|((parent, position), child)| match parent.tag() {
            Tag::Array => Step::Index(crate::source::saturate(*position)),
            _ => Step::key(child.key()),
        });
        FieldPath(steps.collect())
    }

    /// Follows a path of keys and indices.
    pub fn follow(self, path: &FieldPath) -> Option<Value<'d>> {
        path.0.iter().try_fold(self, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.items().nth(*index as usize),
        })
    }

    /// This value as `serde_json` would hold it; for edges such as reports, never for rules.
    pub fn to_json(self) -> serde_json::Value {
        match self.tag() {
            Tag::Null => serde_json::Value::Null,
            Tag::False => serde_json::Value::Bool(false),
            Tag::True => serde_json::Value::Bool(true),
            Tag::Number => self.json_number().map_or(serde_json::Value::Null, serde_json::Value::Number),
            Tag::String => serde_json::Value::String(self.str().unwrap_or_default().to_owned()),
            Tag::Array => self.items().map(Value::to_json).collect(),
            Tag::Object => self.entries().map(|(key, value)| (key.to_owned(), value.to_json())).collect(),
        }
    }

    /// Integers exactly where 64 bits hold them, else the nearest float.
    fn json_number(self) -> Option<serde_json::Number> {
        let integer = self.i64().map(serde_json::Number::from).or_else(|| self.u64().map(serde_json::Number::from));
        integer.or_else(|| self.f64().and_then(serde_json::Number::from_f64))
    }

    /// A scalar as one line of text; lists and maps by kind and size. Used for evidence, so it is cut at 120 characters.
    pub fn brief(self) -> String {
        let text = match self.tag() {
            Tag::Null => "null".to_owned(),
            Tag::False => "false".to_owned(),
            Tag::True => "true".to_owned(),
            Tag::Number => self.number().unwrap_or_default().to_owned(),
            Tag::String => self.str().unwrap_or_default().to_owned(),
            Tag::Array => return format!("list of {}", self.len()),
            Tag::Object => return format!("map of {}", self.len()),
        };
        match text.char_indices().nth(120) {
            Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
            None => text,
        }
    }
}

impl PartialEq for Value<'_> {
    /// Structural equality: object order does not matter, numbers are equal by value however they are written.
    fn eq(&self, other: &Self) -> bool {
        match (self.tag(), other.tag()) {
            (Tag::Number, Tag::Number) => number::same(self.number().unwrap_or("0"), other.number().unwrap_or("0")),
            (Tag::String, Tag::String) => self.str() == other.str(),
            (Tag::Array, Tag::Array) => {
                self.len() == other.len() && self.items().zip(other.items()).all(|(a, b)| a == b)
            }
            (Tag::Object, Tag::Object) => {
                self.entries().count() == other.entries().count()
                    && self.entries().all(|(key, value)| other.get(key).is_some_and(|theirs| theirs == value))
            }
            (mine, theirs) => mine == theirs,
        }
    }
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_json())
    }
}

struct Children<'d> {
    document: &'d Document,
    next: u32,
    end: u32,
}

impl<'d> Children<'d> {
    fn of(value: Value<'d>, tag: Tag) -> Self {
        let end = value.node().filter(|node| node.tag == tag).map_or(0, |node| node.next);
        Self { document: value.document, next: value.index + 1, end }
    }
}

impl<'d> Iterator for Children<'d> {
    type Item = Value<'d>;

    fn next(&mut self) -> Option<Value<'d>> {
        if self.next >= self.end {
            return None;
        }
        let value = Value::new(self.document, self.next);
        self.next = value.node()?.next;
        Some(value)
    }
}
