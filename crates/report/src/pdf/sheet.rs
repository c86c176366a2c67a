//! Pages under way: where the pen is, how lines break, and what stands on each page.

use super::face::{Faces, Weight};

/// A4 in points, and its margins.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
pub(super) const LEFT: f32 = 48.0;
pub(super) const RIGHT: f32 = WIDTH - 48.0;
const TOP: f32 = 56.0;
const BOTTOM: f32 = HEIGHT - 60.0;

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub u8, pub u8, pub u8);

pub(super) const INK: Colour = Colour(26, 29, 33);
pub(super) const DIM: Colour = Colour(91, 100, 112);
pub(super) const LINE: Colour = Colour(205, 211, 218);
pub(super) const SOFT: Colour = Colour(240, 243, 246);
pub(super) const BRAND: Colour = Colour(23, 52, 87);
pub(super) const PASS: Colour = Colour(23, 105, 47);
pub(super) const FAIL: Colour = Colour(179, 38, 30);
pub(super) const UNKNOWN: Colour = Colour(122, 91, 0);

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub size: f32,
    pub weight: Weight,
    pub colour: Colour,
}

impl Style {
    pub const fn plain(size: f32) -> Self {
        Self { size, weight: Weight::Regular, colour: INK }
    }

    pub const fn bold(size: f32) -> Self {
        Self { size, weight: Weight::Bold, colour: INK }
    }

    pub const fn coloured(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// From one line to the next.
    pub fn leading(self) -> f32 {
        self.size * 1.38
    }
}

/// Something on a page; `y` grows downwards, and text stands on it.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    Text { x: f32, y: f32, style: Style, text: String },
    Box { x: f32, y: f32, width: f32, height: f32, colour: Colour },
    Line { points: Vec<(f32, f32)>, width: f32, colour: Colour },
}

#[derive(Debug, Clone)]
pub(super) struct Bookmark {
    /// 1 for sections, 2 below them.
    pub level: u8,
    pub title: String,
    /// From 0.
    pub page: usize,
    pub y: f32,
}

pub(super) struct Sheet<'f> {
    pub faces: &'f Faces,
    pub pages: Vec<Vec<Mark>>,
    pub bookmarks: Vec<Bookmark>,
    pub y: f32,
}

impl<'f> Sheet<'f> {
    pub fn new(faces: &'f Faces) -> Self {
        Self { faces, pages: vec![Vec::new()], bookmarks: Vec::new(), y: TOP }
    }

    pub fn clean(&self, text: &str) -> String {
        self.faces.clean(text)
    }

    pub fn break_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Begins a page where less than `height` is left on this one; true where it did.
    pub fn room(&mut self, height: f32) -> bool {
        let full = self.y + height > BOTTOM && self.y > TOP;
        if full {
            self.break_page();
        }
        full
    }

    pub fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// One line of clean text at a place; it must fit.
    pub fn text_at(&mut self, x: f32, y: f32, style: Style, text: &str) {
        if !text.is_empty() {
            self.mark(Mark::Text { x, y, style, text: text.to_owned() });
        }
    }

    /// A thin line over the whole width.
    pub fn rule(&mut self) {
        let points = vec![(LEFT, self.y), (RIGHT, self.y)];
        self.mark(Mark::Line { points, width: 0.6, colour: LINE });
    }

    /// A heading with its bookmark, kept together with what follows it.
    pub fn heading(&mut self, level: u8, title: &str) {
        let style = Style::bold(if level == 1 { 15.0 } else { 11.5 }).coloured(BRAND);
        if !self.room(if level == 1 { 120.0 } else { 90.0 }) && self.y > TOP {
            self.y += if level == 1 { 18.0 } else { 10.0 };
        }
        let title = self.clean(title);
        let page = self.pages.len().saturating_sub(1);
        self.bookmarks.push(Bookmark { level, title: title.clone(), page, y: self.y });
        self.lines(&title, style);
        self.y += 6.0;
    }

    /// Running text, broken into lines and pages.
    pub fn paragraph(&mut self, text: &str, style: Style) {
        let text = self.clean(text);
        self.lines(&text, style);
    }

    fn lines(&mut self, clean: &str, style: Style) {
        for line in self.wrap(clean, style, RIGHT - LEFT) {
            self.room(style.leading());
            self.y += style.leading();
            self.text_at(LEFT, self.y - style.size * 0.3, style, &line);
        }
    }

    /// The beginning of a text that fits into a line of a width.
    pub fn first_line(&self, clean: &str, style: Style, width: f32) -> String {
        let lines = self.wrap(clean, style, width - self.faces.get(style.weight).advance('…', style.size));
        let cut = if lines.len() > 1 { "…" } else { "" };
        lines.into_iter().next().map(|line| format!("{line}{cut}")).unwrap_or_default()
    }

    /// Lines no wider than `width`, broken at spaces; a longer word is broken behind punctuation or anywhere.
    pub fn wrap(&self, clean: &str, style: Style, width: f32) -> Vec<String> {
        let face = self.faces.get(style.weight);
        let space = face.advance(' ', style.size);
        let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0.0_f32);
        for word in clean.split(' ').filter(|word| !word.is_empty()) {
            let wide = face.width(word, style.size);
            if !line.is_empty() && used + space + wide <= width {
                line.push(' ');
                line.push_str(word);
                used += space + wide;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            for piece in word.split_inclusive(['/', '-', '.', ':', '_', ',']) {
                if used + face.width(piece, style.size) > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                for character in piece.chars() {
                    let wide = face.advance(character, style.size);
                    if used + wide > width && !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                        used = 0.0;
                    }
                    line.push(character);
                    used += wide;
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_it_may_be_and_no_letter_is_lost() {
        let faces = Faces::embedded().unwrap();
        let sheet = Sheet::new(&faces);
        let style = Style::plain(9.0);
        for text in ["a b c", "Deployment/very-long-namespace/very-long-name-without-any-blank", &"W".repeat(300), ""] {
            let lines = sheet.wrap(text, style, 80.0);
            for line in &lines {
                assert!(faces.get(Weight::Regular).width(line, 9.0) <= 80.01, "{line}");
            }
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }
}
