//! Entries of one object with the same key: the last counts, as in every reader of Kubernetes; the others are reported.
//!
//! Entries that a merge key brought in are meant to be overridden: only where they override is that worth a word.

use super::build::Builder;
use super::{Range, SCRATCH};

/// Up to so many entries are compared with one another in place.
const FEW: u32 = 10;

impl Builder<'_> {
    /// Marks all but the last of the children of the finished `object` that have the same key.
    pub(super) fn shadow_duplicates(&mut self, object: u32) {
        let count = self.nodes.get(object as usize).map_or(0, |node| node.content.start);
        match count {
            0 | 1 => {}
            2..=FEW => self.compare_all(object),
            _ => self.compare_sorted(object),
        }
    }

    fn compare_all(&mut self, object: u32) {
        let end = self.next_of(object);
        let mut child = object + 1;
        while child < end {
            let key = self.key_range(child);
            let next = self.next_of(child);
            let mut other = next;
            while other < end {
                if self.same_key(key, self.key_range(other)) {
                    self.shadow(child, other);
                    break;
                }
                other = self.next_of(other);
            }
            child = next;
        }
    }

    fn compare_sorted(&mut self, object: u32) {
        let mut siblings = std::mem::take(&mut self.siblings);
        let end = self.next_of(object);
        let mut child = object + 1;
        while child < end {
            siblings.push(child);
            child = self.next_of(child);
        }
        siblings.sort_unstable_by(|a, b| self.key_of(*a).cmp(self.key_of(*b)).then(a.cmp(b)));
        for pair in siblings.windows(2) {
            if let [earlier, later] = *pair
                && self.key_of(earlier) == self.key_of(later)
            {
                self.shadow(earlier, later);
            }
        }
        siblings.clear();
        self.siblings = siblings;
    }

    fn shadow(&mut self, earlier: u32, later: u32) {
        let later_is_merged = self.nodes.get(later as usize).is_some_and(|node| node.merged);
        let Some(node) = self.nodes.get_mut(earlier as usize) else { return };
        node.shadowed = true;
        if node.merged {
            return;
        }
        let offset = if node.key.start & SCRATCH == 0 { node.key.start } else { node.span.start };
        let key = self.key_of(earlier);
        let message = if later_is_merged {
            format!("the merge key `<<` behind `{key}` overrides it; write `<<` first")
        } else {
            format!("duplicate key `{key}`: the last one counts; remove the others")
        };
        self.notice(offset, message);
    }

    fn key_range(&self, index: u32) -> Range {
        self.nodes.get(index as usize).map_or(Range::default(), |node| node.key)
    }

    fn same_key(&self, one: Range, other: Range) -> bool {
        // A range with the bit for the scratch text has it at both ends, so that lengths compare as they are.
        one.end - one.start == other.end - other.start && self.text(one) == self.text(other)
    }
}
