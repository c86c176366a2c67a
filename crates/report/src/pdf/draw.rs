//! Laid-out pages to the bytes of a PDF.

use std::io;

use krilla::Document;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

use super::sheet::{Bookmark, Colour, DIM, HEIGHT, LEFT, Mark, RIGHT, Sheet, Style, WIDTH};
use crate::document::Report;

pub(super) fn pages(sheet: &Sheet<'_>, title: &str, report: &Report<'_>) -> io::Result<Vec<u8>> {
    let mut document = Document::new();
    let size = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| io::Error::other("a page has no size"))?;
    let whole = sheet.pages.len();
    let style = Style::plain(8.0).coloured(DIM);
    let footer = sheet.first_line(title, style, RIGHT - LEFT - 90.0);
    for (number, marks) in sheet.pages.iter().enumerate() {
        let mut page = document.start_page_with(size.clone());
        let mut surface = page.surface();
        for mark in marks {
            draw(mark, sheet, &mut surface);
        }
        let count = format!("Page {} of {whole}", number + 1);
        let x = RIGHT - sheet.faces.get(style.weight).width(&count, style.size);
        for (x, text) in [(LEFT, footer.clone()), (x, count)] {
            draw(&Mark::Text { x, y: HEIGHT - 32.0, style, text }, sheet, &mut surface);
        }
        surface.finish();
        page.finish();
    }
    document.set_outline(outline(&sheet.bookmarks));
    let mut metadata = Metadata::new()
        .title(title.to_owned())
        .language("en".to_owned())
        .creator(format!("Rampart {}", sheet.clean(&report.tool.version)));
    if let Some(date) = report.generated.as_deref().and_then(instant) {
        metadata = metadata.creation_date(date);
    }
    document.set_metadata(metadata);
    document.finish().map_err(|error| io::Error::other(format!("the PDF cannot be written: {error:?}")))
}

/// The time of an RFC 3339 text in UTC; without one, the document says none.
fn instant(text: &str) -> Option<DateTime> {
    let year = text.get(0..4)?.parse().ok()?;
    let part = |from: usize| text.get(from..from + 2)?.parse::<u8>().ok();
    let date = DateTime::new(year).month(part(5)?).day(part(8)?).hour(part(11)?).minute(part(14)?).second(part(17)?);
    text.ends_with('Z').then(|| date.utc_offset_hour(0).utc_offset_minute(0))
}

fn fill(surface: &mut Surface<'_>, colour: Colour) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: rgb::Color::new(colour.0, colour.1, colour.2).into(), ..Fill::default() }));
}

fn draw(mark: &Mark, sheet: &Sheet<'_>, surface: &mut Surface<'_>) {
    match mark {
        Mark::Text { x, y, style, text } => {
            let face = sheet.faces.get(style.weight);
            fill(surface, style.colour);
            let start = Point::from_xy(*x, *y);
            surface.draw_glyphs(start, &face.glyphs(text), face.font.clone(), text, style.size, false);
        }
        Mark::Box { x, y, width, height, colour } => {
            let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) else { return };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            fill(surface, *colour);
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Mark::Line { points, width, colour } => {
            let mut path = PathBuilder::new();
            for (position, (x, y)) in points.iter().enumerate() {
                if position == 0 { path.move_to(*x, *y) } else { path.line_to(*x, *y) }
            }
            let paint = rgb::Color::new(colour.0, colour.1, colour.2).into();
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint, width: *width, ..Stroke::default() }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

/// Sections, and below each its parts.
fn outline(bookmarks: &[Bookmark]) -> Outline {
    let mut outline = Outline::new();
    let mut open: Option<OutlineNode> = None;
    for bookmark in bookmarks {
        let place = XyzDestination::new(bookmark.page, Point::from_xy(LEFT, bookmark.y));
        let node = OutlineNode::new(bookmark.title.clone(), place);
        match &mut open {
            Some(section) if bookmark.level > 1 => section.push_child(node),
            _ => {
                if let Some(section) = open.replace(node) {
                    outline.push_child(section);
                }
            }
        }
    }
    if let Some(section) = open {
        outline.push_child(section);
    }
    outline
}
