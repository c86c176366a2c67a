//! Cuts the objects out of a JSON stream of any length: the items of lists, and whole values where there is no list.
//!
//! Only brackets and strings are looked at; each piece is parsed strictly afterwards, by whoever receives it. Memory is
//! bounded by the largest piece allowed. A stream may hold several values, one after the other.
//!
//! A list is an object whose `kind` ends with `List` and that holds `items`. Writers that sort keys put `kind` behind
//! `items`: there, `items` of an object of yet unknown kind are taken for those of a list.

mod buffer;
mod envelope;

use std::io::Read;

use rampart_model::{Diagnostic, Name};

use buffer::Buffer;
pub(crate) use envelope::Envelope;

/// One JSON value that was cut out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    /// Where the value begins, from 1.
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// The position (from 0) of the outermost value that holds it.
    pub(crate) position: u32,
    /// apiVersion and kind that a typed list gives its items.
    pub(crate) listed_as: Option<(Name, Name)>,
    /// Cut out of a list; else the piece is an outermost value.
    pub(crate) is_item: bool,
    /// The list had not said its kind before this item.
    pub(crate) is_type_late: bool,
}

enum State {
    /// Before an outermost value, or at the end.
    Between,
    /// Behind an item of a list, or before the first.
    InList {
        head: Vec<u8>,
        listed_as: Option<(Name, Name)>,
        is_type_late: bool,
        is_first: bool,
    },
    Ended,
}

pub(crate) struct Splitter<R> {
    name: Name,
    buffer: Buffer<R>,
    state: State,
    values: u32,
    envelope: Option<Envelope>,
}

type Outcome<T> = Result<T, Diagnostic>;

impl<R: Read> Splitter<R> {
    /// `piece_bytes` bounds one piece: a larger one is reported and passed over.
    pub(crate) fn new(name: Name, input: R, piece_bytes: usize) -> Self {
        Self {
            buffer: Buffer::new(Name::clone(&name), input, piece_bytes),
            name,
            state: State::Between,
            values: 0,
            envelope: None,
        }
    }

    /// The next piece, a mistake that cost one piece or (then nothing follows) the rest, or none at the end.
    pub(crate) fn next(&mut self) -> Option<Outcome<Piece>> {
        loop {
            let step = match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return None,
                State::Between => self.value(),
                State::InList { head, listed_as, is_type_late, is_first } => {
                    self.item(head, listed_as, is_type_late, is_first)
                }
            };
            match step {
                Ok(Some(piece)) => return Some(piece),
                Ok(None) => {}
                Err(mistake) => {
                    self.state = State::Ended;
                    return Some(Err(mistake));
                }
            }
        }
    }

    /// What the last finished list said beside its items.
    pub(crate) fn envelope(&self) -> Option<&Envelope> {
        self.envelope.as_ref()
    }

    /// Reads up to the first piece of the next outermost value. `None` means to go on from the new state.
    fn value(&mut self) -> Outcome<Option<Outcome<Piece>>> {
        self.buffer.space()?;
        let Some(first) = self.buffer.peek()? else { return Ok(None) };
        self.buffer.mark();
        if first == b'{' && self.head()? {
            let (head, envelope) = self.buffer.read_envelope();
            self.state = State::InList {
                head,
                listed_as: envelope.item_type(),
                is_type_late: envelope.kind.is_none(),
                is_first: true,
            };
            return Ok(None);
        }
        if first != b'{' {
            self.buffer.skip_value()?;
        }
        self.state = State::Between;
        let piece = self.buffer.cut(self.values);
        self.values = self.values.saturating_add(1);
        Ok(Some(piece))
    }

    /// Reads an object up to the `[` of its items (true) or to its end (false).
    fn head(&mut self) -> Outcome<bool> {
        self.buffer.advance(1);
        self.buffer.space()?;
        if self.buffer.peek()? == Some(b'}') {
            self.buffer.advance(1);
            return Ok(false);
        }
        loop {
            self.buffer.space()?;
            if self.buffer.peek()? != Some(b'"') {
                return Err(self.buffer.mistake("a key in double quotes was expected here"));
            }
            let is_items = self.buffer.skip_key()?;
            self.buffer.space()?;
            if self.buffer.peek()? != Some(b':') {
                return Err(self.buffer.mistake("`:` was expected after the key"));
            }
            self.buffer.advance(1);
            self.buffer.space()?;
            if is_items && self.buffer.peek()? == Some(b'[') && self.buffer.may_be_list() {
                self.buffer.advance(1);
                return Ok(true);
            }
            self.buffer.skip_value()?;
            self.buffer.space()?;
            match self.buffer.peek()? {
                Some(b',') => self.buffer.advance(1),
                Some(b'}') => {
                    self.buffer.advance(1);
                    return Ok(false);
                }
                _ => return Err(self.buffer.mistake("`,` or `}` was expected here")),
            }
        }
    }

    fn item(
        &mut self,
        head: Vec<u8>,
        listed_as: Option<(Name, Name)>,
        is_type_late: bool,
        is_first: bool,
    ) -> Outcome<Option<Outcome<Piece>>> {
        self.buffer.space()?;
        match self.buffer.peek()? {
            Some(b']') => {
                self.buffer.mark();
                self.buffer.skip_rest_of_object()?;
                self.envelope = Some(Envelope::read(head, self.buffer.marked()));
                self.state = State::Between;
                self.values = self.values.saturating_add(1);
                return Ok(None);
            }
            Some(b',') if !is_first => {
                self.buffer.advance(1);
                self.buffer.space()?;
            }
            _ if is_first => {}
            _ => return Err(self.buffer.mistake("`,` or `]` was expected here")),
        }
        self.buffer.mark();
        self.buffer.skip_value()?;
        let piece = self.buffer.cut(self.values);
        let piece = piece.map(|piece| Piece { listed_as: listed_as.clone(), is_item: true, is_type_late, ..piece });
        self.state = State::InList { head, listed_as, is_type_late, is_first: false };
        Ok(Some(piece))
    }
}

impl<R> std::fmt::Debug for Splitter<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Splitter").field("name", &self.name).field("values", &self.values).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
