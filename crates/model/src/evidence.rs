//! What a finding stands on: the field, its place in the source, and what was read there.

use std::fmt;

use crate::document::Value;
use crate::name::Name;
use crate::path::FieldPath;
use crate::redact;

/// A range of a source text; lines and columns from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub file: Name,
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Where in an object a rule points.
#[derive(Clone, Copy)]
pub enum Place<'d> {
    /// At a field that is there.
    At(Value<'d>),
    /// Below a value, at a dotted suffix that is absent.
    Missing(Value<'d>, &'d str),
    /// At a field whose value must never be shown.
    Secret(Value<'d>),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Evidence {
    /// The field; empty where the whole object is meant.
    pub path: FieldPath,
    /// Absent for live objects, which have no lines that a person could open.
    pub location: Option<Location>,
    /// The position (from 0) of the document in its file.
    pub document: u32,
    /// What was read at the field, shortened; `None` where the field is absent or its value is secret.
    pub value: Option<String>,
    /// The source line of the field, with everything that looks secret masked; absent where a line is too long to show it.
    pub excerpt: Option<String>,
}

impl Evidence {
    pub fn at(value: Value<'_>) -> Self {
        let document = value.document();
        let source = document.source();
        let hidden = redact::holds_secret(value);
        Self {
            path: value.path(),
            location: source.has_lines.then(|| value.location()),
            document: document.position(),
            value: (!hidden).then(|| redact::brief(value)),
            excerpt: if source.has_lines { redact::excerpt(value, hidden) } else { None },
        }
    }

    pub fn missing(parent: Value<'_>, suffix: &str) -> Self {
        let evidence = Self::at(parent);
        Self { path: evidence.path.join(suffix), value: None, ..evidence }
    }

    /// At a field whose value is secret: the line is shown without it.
    pub fn secret(value: Value<'_>) -> Self {
        let excerpt = if value.document().source().has_lines { redact::excerpt(value, true) } else { None };
        Self { value: None, excerpt, ..Self::at(value) }
    }

    /// At a line inside the text of a field, where the source has that text line by line; else as [`Evidence::secret`].
    pub fn secret_within(value: Value<'_>, offset: usize) -> Self {
        let evidence = Self::secret(value);
        let document = value.document();
        let source = document.source();
        let Some(text) = value.str().filter(|text| source.has_lines && text.contains('\n')) else { return evidence };
        let number = memchr::memchr_iter(b'\n', text.as_bytes().get(..offset).unwrap_or_default()).count();
        let (start, _) = value.span();
        let wanted = text.lines().nth(number).unwrap_or_default().trim();
        let literal = source.text.get(start as usize..).unwrap_or_default();
        // The indicator of a block scalar has a line of its own before the text.
        let number = number + usize::from(literal.starts_with('|'));
        let skipped: usize = literal.split_inclusive('\n').take(number).map(str::len).sum();
        let line = literal.split_inclusive('\n').nth(number).unwrap_or_default();
        if wanted.is_empty() || line.trim() != wanted {
            return evidence;
        }
        let from = crate::source::saturate(start as usize + skipped + line.len() - line.trim_start().len());
        let to = from.saturating_add(crate::source::saturate(wanted.len()));
        Self {
            location: Some(source.location(from, to)),
            excerpt: Some(redact::excerpt_of_line(source.line_at(from))),
            ..evidence
        }
    }
}

impl From<Place<'_>> for Evidence {
    fn from(place: Place<'_>) -> Self {
        match place {
            Place::At(value) => Self::at(value),
            Place::Missing(parent, suffix) => Self::missing(parent, suffix),
            Place::Secret(value) => Self::secret(value),
        }
    }
}

impl From<Value<'_>> for Evidence {
    fn from(value: Value<'_>) -> Self {
        Self::at(value)
    }
}
