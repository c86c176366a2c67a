//! One parsed object, immutable and borrowed: a tape of nodes over the text it came from.
//!
//! Nodes stand in document order; each knows where its subtree ends, so that a sibling is one step away and a subtree is
//! a slice. Strings that need no unescaping are ranges of the source text; the others lie in one scratch string. Every
//! engine reads this in place: there is no second value model.

mod build;
mod duplicates;
mod json;
mod number;
mod read;
mod scalar;
mod value;
mod yaml;

use std::sync::Arc;

use crate::name::Name;
use crate::source::{Diagnostic, SourceText};

pub use build::Limits;
pub use read::{read_documents, read_item};
pub use value::{Kind, Value};

/// A byte range, of the source text or (with the high bit of `start`) of the scratch string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Range {
    start: u32,
    end: u32,
}

/// The bit of [`Range::start`] that says "in the scratch string".
const SCRATCH: u32 = 1 << 31;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    tag: Tag,
    /// A later entry of the same object has the same key, and wins.
    shadowed: bool,
    /// A merge key brought this entry in.
    merged: bool,
    /// The index after the last node of this subtree.
    next: u32,
    /// The decoded key under which the parent object holds this node; empty elsewhere.
    key: Range,
    /// Numbers: the literal; strings: the decoded text; arrays and objects: `start` is the number of children.
    content: Range,
    /// Bytes of the source text that this value covers.
    span: Range,
}

/// An immutable parsed value with the text that it came from.
#[derive(Debug, Clone)]
pub struct Document {
    source: Arc<SourceText>,
    scratch: String,
    nodes: Vec<Node>,
    notices: Vec<Diagnostic>,
    /// The position (from 0) among the documents of its source, counted before `List` kinds are opened.
    position: u32,
    /// apiVersion and kind that the list around this item gives it, for items that leave them out.
    listed_as: Option<(Name, Name)>,
}

impl Document {
    /// Parses exactly one JSON value.
    ///
    /// # Errors
    /// The place and nature of the first mistake, or the limit that was exceeded.
    pub fn from_json(source: Arc<SourceText>, limits: &Limits) -> Result<Self, Diagnostic> {
        json::parse(source, limits)
    }

    /// Parses every document of a YAML stream; beside them the first mistake, where there is one.
    pub fn all_from_yaml(source: &Arc<SourceText>, limits: &Limits) -> (Vec<Self>, Option<Diagnostic>) {
        let (mut documents, mut first_error) = (Vec::new(), None);
        Self::each_from_yaml(source, limits, &mut |read| match read {
            Ok(document) => documents.push(document),
            Err(error) => first_error = first_error.take().or(Some(error)),
        });
        (documents, first_error)
    }

    /// Parses a YAML stream one document at a time. A broken one is told of and left out; those behind it are read.
    pub fn each_from_yaml(source: &Arc<SourceText>, limits: &Limits, take: &mut dyn FnMut(Result<Self, Diagnostic>)) {
        yaml::parse(source, limits, take);
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value::new(self, 0)
    }

    pub fn source(&self) -> &SourceText {
        &self.source
    }

    pub fn shared_source(&self) -> &Arc<SourceText> {
        &self.source
    }

    /// Doubts about this document that did not stop it from being read, such as duplicate keys.
    pub fn notices(&self) -> &[Diagnostic] {
        &self.notices
    }

    pub fn position(&self) -> u32 {
        self.position
    }

    /// Gives a document its position among the documents of its source, where it was cut out before it was parsed.
    #[must_use]
    pub fn at_position(self, position: u32) -> Self {
        Self { position, ..self }
    }

    /// Gives a document the type that a typed list such as `PodList` gives its items, which leave it out themselves.
    #[must_use]
    pub fn listed_as(self, api_version: Name, kind: Name) -> Self {
        Self { listed_as: Some((api_version, kind)), ..self }
    }

    /// The type given by [`Document::listed_as`].
    pub fn listed_type(&self) -> Option<(&str, &str)> {
        self.listed_as.as_ref().map(|(api_version, kind)| (api_version.as_ref(), kind.as_ref()))
    }

    fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(index as usize)
    }

    fn text(&self, range: Range) -> &str {
        let (text, start) = match range.start & SCRATCH {
            0 => (self.source.text.as_str(), range.start),
            _ => (self.scratch.as_str(), range.start & !SCRATCH),
        };
        text.get(start as usize..(range.end & !SCRATCH) as usize).unwrap_or_default()
    }
}
