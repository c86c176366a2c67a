//! Puts parser events together: keys to their values, aliases to what they stand for, merge keys to their maps.

use std::collections::HashMap;

use super::super::build::Builder;
use super::super::{Range, Tag};
use super::tagged::{self, Written};

/// What the reader is inside of.
enum Frame {
    Sequence {
        anchor: usize,
        index: u32,
    },
    Mapping {
        anchor: usize,
        index: u32,
        key: Option<Key>,
    },
    /// A map under a merge key: its entries become entries of the map around it.
    MergedMapping {
        key: Option<Key>,
    },
    /// A list under a merge key: where the entries of each of its maps begin.
    MergedSequence {
        starts: Vec<u32>,
    },
}

#[derive(Clone, Copy)]
struct Key {
    text: Range,
    is_merge: bool,
}

/// What the next node is to the container that it stands in.
enum Place {
    Key,
    Value(Range),
    Merge,
    MergeItem,
}

#[derive(Clone, Copy)]
enum Anchor {
    Node(u32),
    /// A scalar that is a key and so has no node.
    Key(Tag, Range, Range),
}

pub(super) struct Assembly<'l> {
    pub(super) builder: Builder<'l>,
    anchors: HashMap<usize, Anchor>,
    frames: Vec<Frame>,
    /// The end of the last text that belongs to a value.
    pub(super) end: u32,
    depth: u32,
}

const NOT_A_MAP: &str = "`<<` needs a map or a list of maps";

impl<'l> Assembly<'l> {
    pub(super) fn new(builder: Builder<'l>, depth: u32) -> Self {
        Self { builder, anchors: HashMap::new(), frames: Vec::new(), end: 0, depth }
    }

    /// A scalar whose text is `content` and which covers `span`.
    pub(super) fn scalar(
        &mut self,
        content: Range,
        is_plain: bool,
        written: Written<'_>,
        anchor: usize,
        span: Range,
    ) -> Result<(), String> {
        self.end = span.end;
        let is_merge = is_plain && written == Written::Untagged && self.builder.text(content) == "<<";
        let (tag, content) = tagged::scalar(&mut self.builder, content, is_plain, written)?;
        let at = self.builder.len();
        match self.place() {
            Place::Key => {
                let text = tagged::key(&mut self.builder, tag, content)?;
                self.set_key(Key { text, is_merge });
                if anchor != 0 {
                    self.anchors.insert(anchor, Anchor::Key(tag, content, span));
                }
                return Ok(());
            }
            Place::Value(key) => self.builder.scalar(tag, key, content, span)?,
            Place::Merge | Place::MergeItem => return Err(NOT_A_MAP.to_owned()),
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor::Node(at));
        }
        Ok(())
    }

    pub(super) fn open(&mut self, tag: Tag, anchor: usize, start: u32) -> Result<(), String> {
        if self.frames.len() >= self.depth as usize {
            return Err(format!("nested deeper than {} levels; split the document", self.depth));
        }
        self.end = start + 1;
        let is_map = tag == Tag::Object;
        let frame = match self.place() {
            Place::Key => return Err(tagged::CONTAINER_KEY.to_owned()),
            Place::Merge | Place::MergeItem if anchor != 0 => {
                return Err("an anchor on what `<<` merges; move it to a map of its own".to_owned());
            }
            Place::Merge if !is_map => Frame::MergedSequence { starts: Vec::new() },
            Place::Merge => Frame::MergedMapping { key: None },
            Place::MergeItem if !is_map => return Err(NOT_A_MAP.to_owned()),
            Place::MergeItem => {
                self.begin_run();
                Frame::MergedMapping { key: None }
            }
            Place::Value(key) => {
                let index = self.builder.len();
                self.builder.open(tag, key, start)?;
                match is_map {
                    true => Frame::Mapping { anchor, index, key: None },
                    false => Frame::Sequence { anchor, index },
                }
            }
        };
        self.frames.push(frame);
        Ok(())
    }

    /// Ends the innermost list or map; `end` where it has a closing bracket.
    pub(super) fn close(&mut self, end: Option<u32>) -> Result<(), String> {
        self.end = end.unwrap_or(self.end);
        match self.frames.pop() {
            Some(Frame::Sequence { anchor, index } | Frame::Mapping { anchor, index, .. }) => {
                self.builder.close(self.end);
                if anchor != 0 {
                    self.anchors.insert(anchor, Anchor::Node(index));
                }
            }
            Some(Frame::MergedSequence { starts }) => {
                let first = starts.first().copied().unwrap_or(u32::MAX);
                if self.anchors.values().any(|anchor| matches!(anchor, Anchor::Node(at) if *at >= first)) {
                    return Err("an anchor inside of what `<<` merges; move it to a map of its own".to_owned());
                }
                // Of several maps the first wins, of several entries the last.
                self.builder.reverse_runs(&starts);
            }
            Some(Frame::MergedMapping { .. }) | None => {}
        }
        Ok(())
    }

    /// `copies`: how many values aliases may still copy.
    pub(super) fn alias(&mut self, anchor: usize, end: u32, copies: &mut u32) -> Result<(), String> {
        self.end = end;
        let Some(anchor) = self.anchors.get(&anchor).copied() else {
            return Err("an alias to a value that is not finished; write the value out".to_owned());
        };
        match (self.place(), anchor) {
            (Place::Key, Anchor::Key(tag, content, _)) => {
                let text = tagged::key(&mut self.builder, tag, content)?;
                self.set_key(Key { text, is_merge: false });
            }
            (Place::Key, Anchor::Node(index)) => {
                let (tag, content) = self.builder.scalar_at(index);
                let text = tagged::key(&mut self.builder, tag, content)?;
                self.set_key(Key { text, is_merge: false });
            }
            (Place::Value(key), Anchor::Key(tag, content, span)) => self.builder.scalar(tag, key, content, span)?,
            (Place::Value(key), Anchor::Node(index)) => {
                spend(copies, self.builder.next_of(index).saturating_sub(index))?;
                self.builder.repeat(index, Some(key))?;
            }
            (Place::Merge, Anchor::Node(index)) => self.merge(index, copies)?,
            (Place::MergeItem, Anchor::Node(index)) => {
                self.begin_run();
                self.merge(index, copies)?;
            }
            (Place::Merge | Place::MergeItem, Anchor::Key(..)) => return Err(NOT_A_MAP.to_owned()),
        }
        Ok(())
    }

    /// Copies the entries of a finished map into the open one.
    fn merge(&mut self, index: u32, copies: &mut u32) -> Result<(), String> {
        if self.builder.scalar_at(index).0 != Tag::Object {
            return Err(NOT_A_MAP.to_owned());
        }
        spend(copies, self.builder.next_of(index).saturating_sub(index))?;
        let end = self.builder.next_of(index);
        let mut child = index + 1;
        self.builder.is_merging = true;
        while child < end {
            if !self.builder.is_shadowed(child) {
                self.builder.repeat(child, None)?;
            }
            child = self.builder.next_of(child);
        }
        Ok(())
    }

    fn begin_run(&mut self) {
        let at = self.builder.len();
        if let Some(Frame::MergedSequence { starts }) = self.frames.last_mut() {
            starts.push(at);
        }
    }

    /// Whether the next node is the value of a key.
    pub(super) fn has_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Mapping { key: Some(_), .. } | Frame::MergedMapping { key: Some(_) }))
    }

    /// What the next node is here; a pending key is taken.
    fn place(&mut self) -> Place {
        self.builder.is_merging = matches!(self.frames.last(), Some(Frame::MergedMapping { .. }));
        match self.frames.last_mut() {
            Some(Frame::Mapping { key, .. } | Frame::MergedMapping { key }) => match key.take() {
                None => Place::Key,
                Some(Key { is_merge: true, .. }) => Place::Merge,
                Some(Key { text, .. }) => Place::Value(text),
            },
            Some(Frame::MergedSequence { .. }) => Place::MergeItem,
            Some(Frame::Sequence { .. }) | None => Place::Value(Range::default()),
        }
    }

    fn set_key(&mut self, new: Key) {
        if let Some(Frame::Mapping { key, .. } | Frame::MergedMapping { key }) = self.frames.last_mut() {
            *key = Some(new);
        }
    }
}

fn spend(copies: &mut u32, count: u32) -> Result<(), String> {
    match copies.checked_sub(count) {
        Some(rest) => *copies = rest,
        None => return Err("aliases copy too many values; write fewer aliases".to_owned()),
    }
    Ok(())
}
