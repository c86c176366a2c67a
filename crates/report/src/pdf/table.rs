//! Tables that go over pages: the head is repeated, and a row that is longer than a page is continued.

use super::sheet::{BRAND, Colour, LEFT, Mark, RIGHT, SOFT, Sheet, Style};

/// A column by its heading and its share of the width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column(pub &'static str, pub f32);

#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    style: Style,
}

const SIZE: f32 = 8.0;
const PADDING: f32 = 4.0;
/// Lines up to which a row is kept on one page.
const TOGETHER: u8 = 12;

impl Cell {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::plain(SIZE) }
    }

    pub fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::bold(SIZE) }
    }

    pub fn coloured(self, colour: Colour) -> Self {
        Self { style: self.style.coloured(colour), ..self }
    }
}

pub(super) struct Table {
    columns: Vec<Column>,
    /// Where each column begins, and how wide it is.
    places: Vec<(f32, f32)>,
}

impl Table {
    /// Begins a table with its head.
    pub fn begin(sheet: &mut Sheet<'_>, columns: &[Column]) -> Self {
        let whole: f32 = columns.iter().map(|column| column.1).sum();
        let mut x = LEFT;
        let mut places = Vec::new();
        for column in columns {
            let width = (RIGHT - LEFT) * column.1 / whole;
            places.push((x, width));
            x += width;
        }
        let table = Self { columns: columns.to_vec(), places };
        sheet.room(60.0);
        table.head(sheet);
        table
    }

    fn head(&self, sheet: &mut Sheet<'_>) {
        let style = Style::bold(SIZE).coloured(BRAND);
        let height = style.leading() + 2.0 * PADDING;
        sheet.mark(Mark::Box { x: LEFT, y: sheet.y, width: RIGHT - LEFT, height, colour: SOFT });
        for (column, (x, _)) in self.columns.iter().zip(&self.places) {
            sheet.text_at(x + PADDING, sheet.y + PADDING + SIZE, style, column.0);
        }
        sheet.y += height;
    }

    pub fn row(&self, sheet: &mut Sheet<'_>, cells: &[Cell]) {
        let lines: Vec<Vec<String>> = cells
            .iter()
            .zip(&self.places)
            .map(|(cell, (_, width))| sheet.wrap(&sheet.clean(&cell.text), cell.style, width - 2.0 * PADDING))
            .collect();
        let leading = Style::plain(SIZE).leading();
        let tallest = lines.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let together = u8::try_from(tallest).unwrap_or(TOGETHER).min(TOGETHER);
        if sheet.room(f32::from(together) * leading + 2.0 * PADDING) {
            self.head(sheet);
        }
        sheet.y += PADDING;
        for number in 0..tallest {
            if sheet.room(leading) {
                self.head(sheet);
                sheet.y += PADDING;
            }
            for ((cell, (x, _)), lines) in cells.iter().zip(&self.places).zip(&lines) {
                if let Some(line) = lines.get(number) {
                    sheet.text_at(x + PADDING, sheet.y + SIZE, cell.style, line);
                }
            }
            sheet.y += leading;
        }
        sheet.y += PADDING;
        sheet.rule();
    }
}
