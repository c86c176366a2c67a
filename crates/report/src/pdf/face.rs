//! The letters: two weights of a font that this program carries, and how wide each letter is.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use crate::text::is_unseen;

const REGULAR: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

pub(super) struct Faces {
    regular: Face,
    bold: Face,
}

pub(super) struct Face {
    pub font: Font,
    /// The glyph of each letter, and how far it moves the pen, as a part of the font's size.
    glyphs: HashMap<char, (u32, f32)>,
}

impl Faces {
    pub fn embedded() -> io::Result<Self> {
        let read = |bytes| Face::read(bytes).ok_or_else(|| io::Error::other("the program's own font cannot be read"));
        Ok(Self { regular: read(REGULAR)?, bold: read(BOLD)? })
    }

    pub fn get(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// `text` with what cannot be seen and what the font lacks written out, as in `\u{65e5}`: no name vanishes.
    pub fn clean(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '\n' => shown.push_str("\\n"),
                '\r' => shown.push_str("\\r"),
                '\t' => shown.push_str("\\t"),
                _ if !is_unseen(character) && self.regular.has(character) && self.bold.has(character) => {
                    shown.push(character);
                }
                _ => {
                    // Writing to a String cannot fail.
                    let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
                }
            }
        }
        shown
    }
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.into(), 0)?;
        let read = FontRef::new(bytes).ok()?;
        let metrics = read.glyph_metrics(Size::unscaled(), LocationRef::default());
        let units = font.units_per_em();
        let glyph = |(code, glyph): (u32, skrifa::GlyphId)| {
            let advance = metrics.advance_width(glyph)? / units;
            Some((char::from_u32(code)?, (glyph.to_u32(), advance)))
        };
        Some(Self { glyphs: read.charmap().mappings().filter_map(glyph).collect(), font })
    }

    fn has(&self, character: char) -> bool {
        self.glyphs.contains_key(&character)
    }

    fn glyph(&self, character: char) -> (u32, f32) {
        self.glyphs.get(&character).copied().unwrap_or((0, 0.6))
    }

    /// Points that a letter takes at a size.
    pub fn advance(&self, character: char, size: f32) -> f32 {
        self.glyph(character).1 * size
    }

    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.advance(character, size)).sum()
    }

    pub fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let glyph = |(at, character): (usize, char)| {
            let (glyph, advance) = self.glyph(character);
            let range = at..at + character.len_utf8();
            KrillaGlyph::new(GlyphId::new(glyph), advance, 0.0, 0.0, 0.0, range, None)
        };
        text.char_indices().map(glyph).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_font_lacks_is_written_out() {
        let faces = Faces::embedded().unwrap();
        assert_eq!(faces.clean("Zoë Ωμέγα Привет 日\u{202e}\n"), "Zoë Ωμέγα Привет \\u{65e5}\\u{202e}\\n");
        assert!(faces.get(Weight::Bold).width("WW", 10.0) > faces.get(Weight::Regular).width("ii", 10.0));
    }
}
