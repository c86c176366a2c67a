//! Builds the tape of a [`Document`] from parser events, within limits.

use std::sync::Arc;

use super::{Document, Node, Range, SCRATCH, Tag};
use crate::source::{Diagnostic, SourceText, saturate};

/// Bounds on what one document may ask of us; beyond them it is refused, with the limit named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nested lists and maps.
    pub depth: u32,
    /// Values of one document, after aliases are expanded.
    pub nodes: u32,
    /// Values that aliases and merge keys copy, in all documents of one source text.
    pub copies: u32,
    /// Bytes of one source text; below 2 GiB, since offsets are 31 bits wide.
    pub bytes: u32,
}

impl Limits {
    /// Deeper and larger than any object that an API server stores (1.5 MiB in etcd, by default).
    pub const STANDARD: Limits = Limits { depth: 128, nodes: 2_000_000, copies: 200_000, bytes: 256 << 20 };
}

/// Typical manifests have a value for so many bytes or more.
const BYTES_PER_NODE: usize = 20;

pub(super) struct Builder<'l> {
    source: Arc<SourceText>,
    pub(super) scratch: String,
    pub(super) nodes: Vec<Node>,
    open: Vec<u32>,
    notices: Vec<Diagnostic>,
    limits: &'l Limits,
    /// Marks children of these (open) nodes as merged.
    pub(super) is_merging: bool,
    /// Room for the children of one object while they are compared; kept to spare allocations.
    pub(super) siblings: Vec<u32>,
}

impl<'l> Builder<'l> {
    /// `bytes`: how much text the document takes, to guess the number of its nodes from.
    pub(super) fn new(source: Arc<SourceText>, limits: &'l Limits, bytes: usize) -> Self {
        Self {
            source,
            scratch: String::new(),
            nodes: Vec::with_capacity((bytes / BYTES_PER_NODE).min(limits.nodes as usize)),
            open: Vec::with_capacity(16),
            notices: Vec::new(),
            limits,
            is_merging: false,
            siblings: Vec::new(),
        }
    }

    /// Stores text that does not stand in the source as it is meant.
    pub(super) fn keep(&mut self, text: &str) -> Range {
        let start = saturate(self.scratch.len());
        self.scratch.push_str(text);
        Range { start: start | SCRATCH, end: saturate(self.scratch.len()) | SCRATCH }
    }

    /// # Errors
    /// The node limit is exceeded.
    pub(super) fn scalar(&mut self, tag: Tag, key: Range, content: Range, span: Range) -> Result<(), String> {
        let next = self.room()? + 1;
        self.count_child();
        self.nodes.push(Node { tag, shadowed: false, merged: self.is_merging, next, key, content, span });
        Ok(())
    }

    /// Opens a list or map.
    ///
    /// # Errors
    /// The depth or node limit is exceeded.
    pub(super) fn open(&mut self, tag: Tag, key: Range, start: u32) -> Result<(), String> {
        let index = self.room()?;
        if self.open.len() >= self.limits.depth as usize {
            return Err(format!("nested deeper than {} levels; split the document", self.limits.depth));
        }
        self.count_child();
        self.nodes.push(Node {
            tag,
            shadowed: false,
            merged: self.is_merging,
            next: 0,
            key,
            content: Range::default(),
            span: Range { start, end: start },
        });
        self.open.push(index);
        Ok(())
    }

    /// Closes the innermost list or map at byte `end`.
    pub(super) fn close(&mut self, end: u32) {
        let next = saturate(self.nodes.len());
        let Some(index) = self.open.pop() else { return };
        let Some(node) = self.nodes.get_mut(index as usize) else { return };
        node.next = next;
        node.span.end = end.max(node.span.start);
        if node.tag == Tag::Object {
            self.shadow_duplicates(index);
        }
    }

    /// Copies a finished subtree (an alias' anchor) to the end of the tape, under another key where one is given.
    ///
    /// # Errors
    /// A limit is exceeded.
    pub(super) fn repeat(&mut self, from: u32, key: Option<Range>) -> Result<(), String> {
        let to = self.next_of(from);
        if self.open.len() + self.depth_below(from) > self.limits.depth as usize {
            return Err(format!("nested deeper than {} levels by aliases; write the value out", self.limits.depth));
        }
        let base = self.room()?;
        let count = to.saturating_sub(from);
        if base.saturating_add(count) > self.limits.nodes {
            return Err(format!(
                "more than {} values after aliases are expanded; write fewer aliases",
                self.limits.nodes
            ));
        }
        self.count_child();
        for offset in 0..count {
            let Some(mut node) = self.nodes.get((from + offset) as usize).copied() else { break };
            node.next = node.next - from + base;
            if offset == 0 {
                node.key = key.unwrap_or(node.key);
                node.shadowed = false;
                node.merged = self.is_merging;
            }
            self.nodes.push(node);
        }
        Ok(())
    }

    /// How many lists and maps are nested in each other at most, from this finished node inwards.
    fn depth_below(&self, from: u32) -> usize {
        let mut ends: Vec<u32> = Vec::new();
        let mut deepest = 0;
        for index in from..self.next_of(from) {
            while ends.last().is_some_and(|end| *end <= index) {
                ends.pop();
            }
            let Some(node) = self.nodes.get(index as usize) else { break };
            if matches!(node.tag, Tag::Array | Tag::Object) {
                ends.push(node.next);
                deepest = deepest.max(ends.len());
            }
        }
        deepest
    }

    /// Puts finished runs of nodes at the end of the tape, each beginning where `starts` says, into the opposite order.
    pub(super) fn reverse_runs(&mut self, starts: &[u32]) {
        let Some(first) = starts.first().copied() else { return };
        let tail = self.nodes.split_off((first as usize).min(self.nodes.len()));
        let mut end = tail.len();
        for start in starts.iter().rev() {
            let from = (start - first) as usize;
            let base = saturate(self.nodes.len());
            for node in tail.get(from..end).unwrap_or_default() {
                self.nodes.push(Node { next: node.next - start + base, ..*node });
            }
            end = from;
        }
    }

    /// The tag and content of a finished node.
    pub(super) fn scalar_at(&self, index: u32) -> (Tag, Range) {
        self.nodes.get(index as usize).map_or((Tag::Null, Range::default()), |node| (node.tag, node.content))
    }

    pub(super) fn is_shadowed(&self, index: u32) -> bool {
        self.nodes.get(index as usize).is_some_and(|node| node.shadowed)
    }

    pub(super) fn len(&self) -> u32 {
        saturate(self.nodes.len())
    }

    pub(super) fn next_of(&self, index: u32) -> u32 {
        self.nodes.get(index as usize).map_or(u32::MAX, |node| node.next)
    }

    pub(super) fn notice(&mut self, offset: u32, message: String) {
        self.notices.push(Diagnostic::at(&self.source, offset, message, false));
    }

    pub(super) fn finish(mut self, position: u32) -> Document {
        if self.nodes.is_empty() {
            let nothing = Range::default();
            self.nodes.push(Node {
                tag: Tag::Null,
                shadowed: false,
                merged: false,
                next: 1,
                key: nothing,
                content: nothing,
                span: nothing,
            });
        }
        if self.nodes.capacity() > 2 * self.nodes.len() {
            self.nodes.shrink_to_fit();
        }
        Document {
            source: self.source,
            scratch: self.scratch,
            nodes: self.nodes,
            notices: self.notices,
            position,
            listed_as: None,
        }
    }

    fn room(&self) -> Result<u32, String> {
        let index = saturate(self.nodes.len());
        if index >= self.limits.nodes {
            return Err(format!("more than {} values; split the document", self.limits.nodes));
        }
        Ok(index)
    }

    fn count_child(&mut self) {
        if let Some(parent) = self.open.last()
            && let Some(node) = self.nodes.get_mut(*parent as usize)
        {
            node.content.start += 1;
        }
    }

    pub(super) fn text(&self, range: Range) -> &str {
        let (text, start) = match range.start & SCRATCH {
            0 => (self.source.text.as_str(), range.start),
            _ => (self.scratch.as_str(), range.start & !SCRATCH),
        };
        text.get(start as usize..(range.end & !SCRATCH) as usize).unwrap_or_default()
    }

    pub(super) fn key_of(&self, index: u32) -> &str {
        self.nodes.get(index as usize).map_or("", |node| self.text(node.key))
    }
}
