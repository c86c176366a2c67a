//! Builds the tape of a [`Document`] from parser events, within limits.

use std::collections::HashMap;
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
    /// Bytes of one source text; below 2 GiB, since offsets are 31 bits wide.
    pub bytes: u32,
}

impl Limits {
    /// Deeper and larger than any object that an API server stores (1.5 MiB in etcd, by default).
    pub const STANDARD: Limits = Limits { depth: 128, nodes: 2_000_000, bytes: 256 << 20 };
}

pub(super) struct Builder<'l> {
    source: Arc<SourceText>,
    scratch: String,
    nodes: Vec<Node>,
    open: Vec<u32>,
    notices: Vec<Diagnostic>,
    limits: &'l Limits,
}

impl<'l> Builder<'l> {
    pub(super) fn new(source: Arc<SourceText>, limits: &'l Limits) -> Self {
        Self { source, scratch: String::new(), nodes: Vec::new(), open: Vec::new(), notices: Vec::new(), limits }
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
        self.nodes.push(Node { tag, shadowed: false, next, key, content, span });
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

    /// Copies a finished subtree (an alias' anchor) to the end of the tape under another key.
    ///
    /// # Errors
    /// A limit is exceeded.
    pub(super) fn repeat(&mut self, from: u32, to: u32, key: Range, depth_of_subtree: u32) -> Result<(), String> {
        if self.open.len() + depth_of_subtree as usize > self.limits.depth as usize {
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
                node.key = key;
                node.shadowed = false;
            }
            self.nodes.push(node);
        }
        Ok(())
    }

    pub(super) fn len(&self) -> u32 {
        saturate(self.nodes.len())
    }

    pub(super) fn next_of(&self, index: u32) -> u32 {
        self.nodes.get(index as usize).map_or(index, |node| node.next)
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
                next: 1,
                key: nothing,
                content: nothing,
                span: nothing,
            });
        }
        self.nodes.shrink_to_fit();
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

    fn children(&self, parent: u32) -> Vec<u32> {
        let end = self.next_of(parent);
        let mut children = Vec::new();
        let mut child = parent + 1;
        while child < end {
            children.push(child);
            child = self.next_of(child).max(child + 1);
        }
        children
    }

    /// Of entries with the same key the last wins, as in every JSON reader of Kubernetes; the earlier ones are reported.
    fn shadow_duplicates(&mut self, object: u32) {
        let children = self.children(object);
        let mut earlier = Vec::new();
        if children.len() <= 8 {
            for (position, child) in children.iter().enumerate() {
                let later = children.get(position + 1..).unwrap_or_default();
                if later.iter().any(|other| self.key_of(*other) == self.key_of(*child)) {
                    earlier.push(*child);
                }
            }
        } else {
            let mut last: HashMap<&str, u32> = HashMap::with_capacity(children.len());
            for child in &children {
                if let Some(previous) = last.insert(self.key_of(*child), *child) {
                    earlier.push(previous);
                }
            }
        }
        for child in earlier {
            let message = format!("duplicate key `{}`: the last one counts; remove the others", self.key_of(child));
            let Some(node) = self.nodes.get_mut(child as usize) else { continue };
            node.shadowed = true;
            let offset = if node.key.start & SCRATCH == 0 { node.key.start } else { node.span.start };
            self.notice(offset, message);
        }
    }

    fn key_of(&self, index: u32) -> &str {
        self.nodes.get(index as usize).map_or("", |node| self.text(node.key))
    }
}
