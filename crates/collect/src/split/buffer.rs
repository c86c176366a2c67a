//! The window of a stream that a [`Splitter`](super::Splitter) looks through: what is marked stays, the rest goes.

use std::io::Read;

use rampart_model::{Diagnostic, Name};

use super::{Envelope, Outcome, Piece};

const CHUNK: u64 = 256 << 10;

pub(super) struct Buffer<R> {
    name: Name,
    input: R,
    bytes: Vec<u8>,
    /// The next byte to look at; may lie one past what has been read so far.
    at: usize,
    /// The first byte to keep.
    mark: usize,
    /// The place of the byte at `mark`, from 1.
    line: u32,
    column: u32,
    /// The place where the piece began.
    piece_start: (u32, u32),
    /// Bytes read at a time.
    pub(super) chunk: u64,
    piece_bytes: usize,
    /// The marked piece grew too large and its beginning is gone.
    is_oversized: bool,
    is_ended: bool,
}

impl<R: Read> Buffer<R> {
    pub(super) fn new(name: Name, input: R, piece_bytes: usize) -> Self {
        Self {
            name,
            input,
            bytes: Vec::new(),
            at: 0,
            mark: 0,
            line: 1,
            column: 1,
            piece_start: (1, 1),
            chunk: CHUNK,
            piece_bytes,
            is_oversized: false,
            is_ended: false,
        }
    }

    /// Begins a piece here.
    pub(super) fn mark(&mut self) {
        self.move_mark(self.at);
        self.piece_start = (self.line, self.column);
        self.is_oversized = false;
    }

    /// Moves the mark and its line and column on.
    fn move_mark(&mut self, to: usize) {
        let passed = self.bytes.get(self.mark..to).unwrap_or_default();
        let breaks = memchr::memchr_iter(b'\n', passed).count();
        let rest = memchr::memrchr(b'\n', passed).map_or(passed, |at| passed.get(at + 1..).unwrap_or_default());
        let characters = rest.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        self.line = self.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        let column = if breaks == 0 { self.column } else { 1 };
        self.column = column.saturating_add(u32::try_from(characters).unwrap_or(u32::MAX));
        self.mark = to;
    }

    pub(super) fn marked(&self) -> &[u8] {
        self.bytes.get(self.mark..self.at).unwrap_or_default()
    }

    /// The piece from the mark to here.
    pub(super) fn cut(&self, position: u32) -> Outcome<Piece> {
        let (line, column) = self.piece_start;
        let lost = |message: String| Diagnostic { line, column, ..Diagnostic::lost(Name::clone(&self.name), message) };
        if self.is_oversized {
            return Err(lost(format!("an object larger than {} bytes was passed over; split it", self.piece_bytes)));
        }
        match std::str::from_utf8(self.marked()) {
            Ok(text) => Ok(Piece {
                text: text.to_owned(),
                line,
                column,
                position,
                listed_as: None,
                is_item: false,
                is_type_late: false,
            }),
            Err(_) => Err(lost("an object that is not UTF-8 text was passed over; save it as UTF-8".to_owned())),
        }
    }

    /// A mistake at the byte that is next.
    pub(super) fn mistake(&mut self, message: &str) -> Diagnostic {
        self.move_mark(self.at.min(self.bytes.len()));
        Diagnostic {
            line: self.line,
            column: self.column,
            ..Diagnostic::lost(
                Name::clone(&self.name),
                format!("not valid JSON: {message}; the rest of the stream is not read"),
            )
        }
    }

    /// Reads more; false at the end.
    fn fill(&mut self) -> Outcome<bool> {
        if self.is_ended {
            return Ok(false);
        }
        self.is_oversized |= self.at.saturating_sub(self.mark) > self.piece_bytes;
        if self.is_oversized {
            self.move_mark(self.at.min(self.bytes.len()));
        }
        self.bytes.drain(..self.mark);
        self.at -= self.mark;
        self.mark = 0;
        let before = self.bytes.len();
        let read = std::io::copy(&mut self.input.by_ref().take(self.chunk), &mut self.bytes);
        match read {
            Ok(0) => self.is_ended = true,
            Ok(_) => {}
            Err(error) => {
                self.bytes.truncate(before);
                self.is_ended = true;
                let message = format!("cannot be read on: {error}; the rest of the stream is not read");
                return Err(Diagnostic::lost(Name::clone(&self.name), message));
            }
        }
        Ok(!self.is_ended)
    }

    pub(super) fn peek(&mut self) -> Outcome<Option<u8>> {
        loop {
            if let Some(byte) = self.bytes.get(self.at) {
                return Ok(Some(*byte));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Passes white space, and a byte order mark.
    pub(super) fn space(&mut self) -> Outcome<()> {
        while let Some(byte) = self.peek()? {
            let is_mark = byte == 0xEF && self.bytes.get(self.at..self.at + 3) == Some(b"\xEF\xBB\xBF");
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                _ if is_mark => self.at += 3,
                _ => break,
            }
        }
        Ok(())
    }

    /// Passes a string whose opening quote is next.
    fn skip_string(&mut self) -> Outcome<()> {
        self.at += 1;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                Some(offset) if rest.get(offset) == Some(&b'"') => {
                    self.at += offset + 1;
                    return Ok(());
                }
                Some(offset) => self.at += offset + 2,
                None => {
                    self.at = self.at.max(self.bytes.len());
                    if !self.fill()? {
                        return Err(self.mistake("a string does not end"));
                    }
                }
            }
        }
    }

    /// Passes a key; true where it is `items`.
    pub(super) fn skip_key(&mut self) -> Outcome<bool> {
        let from_mark = self.at - self.mark;
        self.skip_string()?;
        Ok(self.bytes.get(self.mark + from_mark..self.at) == Some(b"\"items\""))
    }

    /// Passes any value.
    pub(super) fn skip_value(&mut self) -> Outcome<()> {
        match self.peek()? {
            Some(b'"') => self.skip_string(),
            Some(b'{' | b'[') => {
                self.at += 1;
                self.skip_to_close(1)
            }
            Some(byte) if is_scalar(byte) => {
                while self.peek()?.is_some_and(is_scalar) {
                    self.at += 1;
                }
                Ok(())
            }
            Some(_) => Err(self.mistake("a value was expected here")),
            None => Err(self.mistake("the text ends where a value was expected")),
        }
    }

    /// From the `]` of the items of a list to the end of the list.
    pub(super) fn skip_rest_of_object(&mut self) -> Outcome<()> {
        self.at += 1;
        self.skip_to_close(1)
    }

    fn skip_to_close(&mut self, mut depth: u32) -> Outcome<()> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let found = rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'));
            let Some(offset) = found else {
                self.at = self.at.max(self.bytes.len());
                if !self.fill()? {
                    return Err(self.mistake("the text ends inside of a list or object"));
                }
                continue;
            };
            let byte = rest.get(offset).copied();
            self.at += offset;
            match byte {
                Some(b'"') => self.skip_string()?,
                Some(b'{' | b'[') => {
                    depth = depth.saturating_add(1);
                    self.at += 1;
                }
                _ => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                    if depth == 0 {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Whether the object from the mark to here, where its items begin, may be a list.
    pub(super) fn may_be_list(&self) -> bool {
        let envelope = Envelope::read(self.marked().to_vec(), b"[]}");
        !self.is_oversized && !envelope.has_spec && envelope.kind.as_ref().is_none_or(|kind| kind.ends_with("List"))
    }

    /// The object from the mark to behind the `[` of its items.
    pub(super) fn read_envelope(&self) -> (Vec<u8>, Envelope) {
        let head = self.marked().to_vec();
        let envelope = Envelope::read(head.clone(), b"]}");
        (head, envelope)
    }
}

fn is_scalar(byte: u8) -> bool {
    !matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']')
}
