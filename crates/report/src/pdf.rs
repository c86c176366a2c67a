//! The report on paper: a cover with contents, the matrix, the trend, what to fix first, frameworks, every finding, and
//! what could not be seen. Text can be selected and searched, pages are numbered, and readers show bookmarks.
//!
//! Sections write onto a [`Sheet`], which breaks lines and pages; only when all pages are known are they drawn, so that
//! the contents and `page 3 of 9` are right. The letters come with the program: a reader needs no font.

mod cover;
mod draw;
mod face;
mod findings;
mod frameworks;
mod overview;
mod sheet;
mod table;

use std::io::{self, Write};

use face::Faces;
use sheet::Sheet;

use crate::document::Report;

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let faces = Faces::embedded()?;
    let mut sheet = Sheet::new(&faces);
    cover::write(report, &mut sheet);
    overview::matrix(report, &mut sheet);
    overview::trend(report, &mut sheet);
    overview::causes(report, &mut sheet);
    frameworks::write(report, &mut sheet);
    overview::namespaces(report, &mut sheet);
    findings::write(report, &mut sheet);
    findings::unseen(report, &mut sheet);
    cover::contents(&mut sheet);
    let title = format!("Rampart: {}", sheet.clean(&report.target));
    out.write_all(&draw::pages(&sheet, &title, report)?)
}

/// A name as the pages show it.
#[cfg(test)]
pub(crate) fn shown(text: &str) -> String {
    Faces::embedded().unwrap().clean(text)
}
