//! Inputs that may be long: cut apart on the feeding thread, so that readers share the pieces and memory stays bounded.

mod yaml;

use std::io::Read;
use std::path::Path;

use rampart_model::{Diagnostic, Name, SourceText};

use crate::collected::Collected;
use crate::file;
use crate::options::Options;
use crate::pool::{Feed, Form, Item, Work};
use crate::split::{Envelope, Piece, Splitter};

/// Inputs up to this size are read as a whole by one reader.
pub(crate) const WHOLE_BYTES: u64 = 4 << 20;

/// Text that is handed to a reader at a time.
const BATCH_BYTES: usize = 128 << 10;

/// The largest object cut out of a stream; the API server stores none above 1.5 MiB.
pub(crate) const PIECE_BYTES: usize = 32 << 20;

/// Collects items until they are worth handing over.
pub(crate) struct Batch<'f> {
    feed: &'f Feed,
    items: Vec<Item>,
    bytes: usize,
}

impl<'f> Batch<'f> {
    pub(crate) fn new(feed: &'f Feed) -> Self {
        Self { feed, items: Vec::new(), bytes: 0 }
    }

    pub(crate) fn add(&mut self, item: Item) {
        self.bytes += item.source.text.len();
        self.items.push(item);
        if self.bytes >= BATCH_BYTES {
            self.flush();
        }
    }

    pub(crate) fn flush(&mut self) {
        self.bytes = 0;
        if !self.items.is_empty() {
            self.feed.put(Work::Items(std::mem::take(&mut self.items)));
        }
    }
}

/// Feeds an input of any length: short ones whole, JSON piece by piece, long YAML document by document.
///
/// `reopen` gives the same bytes from their beginning once more, where that is possible.
pub(crate) fn feed(
    name: &Name,
    mut input: impl Read,
    reopen: impl Fn() -> Option<Box<dyn Read>>,
    options: &Options,
    feed: &Feed,
    collected: &mut Collected,
) {
    let mut head = Vec::new();
    if let Err(error) = input.by_ref().take(WHOLE_BYTES).read_to_end(&mut head) {
        let message = format!("cannot be read: {error}; mend or remove it");
        return collected.diagnostics.push(Diagnostic::lost(Name::clone(name), message));
    }
    let is_whole = (head.len() as u64) < WHOLE_BYTES;
    let text_begins = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    let is_json = matches!(text_begins.trim_ascii_start().first(), Some(b'{' | b'['));
    let is_utf16 = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    let is_binary = memchr::memchr(0, head.get(..8192).unwrap_or(&head)).is_some();
    let whole = std::io::Cursor::new(head).chain(input);
    if is_whole || is_utf16 {
        match file::read_text(whole, 0, options.file_bytes) {
            Ok(text) => feed.put(Work::Text(SourceText::new(Name::clone(name), text))),
            Err(message) => collected.diagnostics.push(Diagnostic::lost(Name::clone(name), message)),
        }
        return;
    }
    if is_binary {
        let message = "a binary file; rename it or list it in `.rampartignore`";
        return collected.diagnostics.push(Diagnostic::lost(Name::clone(name), message));
    }
    collected.sources += 1;
    let limit = options.stream_bytes;
    let mut bounded = whole.take(limit);
    if is_json {
        feed_json(name, &mut bounded, reopen, feed, &mut collected.diagnostics);
    } else {
        collected.diagnostics.extend(yaml::feed(name, &mut bounded, options.file_bytes, feed));
    }
    if bounded.limit() == 0 {
        let message = format!("longer than {limit} bytes; the rest is not read, split it");
        collected.diagnostics.push(Diagnostic::lost(Name::clone(name), message));
    }
}

fn feed_json(
    name: &Name,
    input: impl Read,
    reopen: impl Fn() -> Option<Box<dyn Read>>,
    feed: &Feed,
    mistakes: &mut Vec<Diagnostic>,
) {
    let mut batch = Batch::new(feed);
    let mut splitter = Splitter::new(Name::clone(name), input, PIECE_BYTES);
    let mut late_type = None;
    while let Some(step) = splitter.next() {
        match step {
            Ok(mut piece) => {
                if piece.is_type_late {
                    piece.listed_as = late_type.get_or_insert_with(|| look_ahead(name, reopen())).clone();
                }
                batch.add(item(name, piece));
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    batch.flush();
    let said = splitter.envelope().and_then(Envelope::item_type);
    if let (Some(None), Some((_, kind))) = (late_type, said) {
        let message =
            format!("the kind `{kind}List` comes after its items, which name none; put `kind` before `items`");
        mistakes.push(Diagnostic::lost(Name::clone(name), message));
    }
}

/// The type of the items of a list that says it only behind them.
fn look_ahead(name: &Name, input: Option<Box<dyn Read>>) -> Option<(Name, Name)> {
    let mut ahead = Splitter::new(Name::clone(name), input?, PIECE_BYTES);
    while ahead.next().is_some() {}
    ahead.envelope().and_then(Envelope::item_type)
}

fn item(name: &Name, piece: Piece) -> Item {
    let Piece { text, line, column, position, listed_as, .. } = piece;
    let source = SourceText { first_line: line, first_column: column, ..SourceText::new(Name::clone(name), text) };
    Item { source, position, listed_as, form: Form::Json }
}

/// As [`feed`], of a file.
pub(crate) fn feed_file(path: &Path, options: &Options, feed: &Feed, collected: &mut Collected) {
    let name = Name::from(file::name(path));
    let reopen = || file::open(path).ok().map(|(file, _)| -> Box<dyn Read> { Box::new(file) });
    match file::open(path) {
        Ok((file, _)) => self::feed(&name, file, reopen, options, feed, collected),
        Err(message) => collected.diagnostics.push(Diagnostic::lost(name, message)),
    }
}
