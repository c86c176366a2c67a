//! The first page: what was examined, when, how it stands, and what is where.

use rampart_model::{Severity, Verdict};

use super::sheet::{
    BRAND, Bookmark, Colour, DIM, FAIL, HEIGHT, INK, LEFT, LINE, Mark, PASS, RIGHT, Sheet, Style, UNKNOWN, WIDTH,
};
use crate::document::Report;
use crate::text::count;

const WHITE: Colour = Colour(255, 255, 255);
/// Where the contents begin on the cover.
const CONTENTS: f32 = 480.0;

pub(super) fn write(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    sheet.mark(Mark::Box { x: 0.0, y: 0.0, width: WIDTH, height: 190.0, colour: BRAND });
    sheet.text_at(LEFT, 70.0, Style::bold(12.0).coloured(WHITE), "Rampart");
    sheet.text_at(LEFT, 112.0, Style::bold(26.0).coloured(WHITE), "Security report");
    let made = report.generated.as_ref().map_or_else(|| "no time given".to_owned(), |time| sheet.clean(time));
    sheet.text_at(LEFT, 140.0, Style::plain(10.0).coloured(WHITE), &made);
    sheet.bookmarks.push(Bookmark { level: 1, title: "Cover".into(), page: 0, y: 0.0 });
    sheet.y = 215.0;
    target(report, sheet);
    sheet.y += 30.0;
    let (score, of) = match report.score {
        Some(score) => (score.to_string(), "of 100: the mean of all controls that could be seen"),
        None => ("no score".to_owned(), ""),
    };
    let style = Style::bold(34.0).coloured(BRAND);
    sheet.text_at(LEFT, sheet.y + 12.0, style, &score);
    let x = LEFT + sheet.faces.get(style.weight).width(&score, style.size) + 12.0;
    sheet.text_at(x, sheet.y + 10.0, Style::plain(10.0).coloured(DIM), of);
    sheet.y += 44.0;
    verdicts(report, sheet);
    severities(report, sheet);
    let read = format!("{} of {} read", count(report.objects, "object"), count(report.kinds.len() as u64, "kind"));
    let version = sheet.clean(&report.tool.version);
    sheet.text_at(LEFT, sheet.y, Style::plain(9.0).coloured(DIM), &format!("{read}. Rampart {version}."));
    sheet.break_page();
}

/// What was examined, as long as it has room.
fn target(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    let style = Style::bold(16.0);
    let mut lines = sheet.wrap(&sheet.clean(&report.target), style, RIGHT - LEFT);
    if lines.len() > 4 {
        lines.truncate(4);
        lines.push("… (the JSON report has the whole name)".to_owned());
    }
    for line in lines {
        sheet.y += style.leading();
        sheet.text_at(LEFT, sheet.y, style, &line);
    }
}

fn verdicts(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    let mut x = LEFT;
    for (verdict, word, colour) in [
        (Verdict::Pass, "controls pass", PASS),
        (Verdict::Fail, "controls fail", FAIL),
        (Verdict::Unknown, "controls unknown", UNKNOWN),
    ] {
        let number = report.controls.iter().filter(|control| control.verdict == verdict).count();
        sheet.text_at(x, sheet.y, Style::bold(12.0).coloured(colour), &number.to_string());
        sheet.text_at(x + 22.0, sheet.y, Style::plain(10.0), word);
        x += 130.0;
    }
    sheet.y += 24.0;
}

fn severities(report: &Report<'_>, sheet: &mut Sheet<'_>) {
    let counts = report.counts();
    let mut numbers: Vec<(u64, &str, Colour)> =
        Severity::ALL.into_iter().map(|severity| (counts.get(severity), severity.id(), colour(severity))).collect();
    numbers.push((report.waived.len() as u64, "waived", DIM));
    let mut x = LEFT;
    for (number, word, colour) in numbers {
        sheet.text_at(x, sheet.y, Style::bold(12.0).coloured(colour), &number.to_string());
        sheet.text_at(x, sheet.y + 13.0, Style::plain(9.0).coloured(DIM), word);
        x += 78.0;
    }
    sheet.y += 40.0;
}

pub(super) fn colour(severity: Severity) -> Colour {
    match severity {
        Severity::Critical | Severity::High => FAIL,
        Severity::Medium => UNKNOWN,
        Severity::Low | Severity::Info => INK,
    }
}

/// Written last, when it is known where everything is.
pub(super) fn contents(sheet: &mut Sheet<'_>) {
    let style = Style::plain(10.0);
    let face = sheet.faces.get(style.weight);
    let head = Style::bold(12.0).coloured(BRAND);
    let mut marks = vec![Mark::Text { x: LEFT, y: CONTENTS, style: head, text: "Contents".into() }];
    let mut y = CONTENTS + 8.0;
    for bookmark in sheet.bookmarks.iter().filter(|bookmark| bookmark.level == 1).skip(1) {
        y += style.leading() + 2.0;
        if y > HEIGHT - 70.0 {
            break;
        }
        let page = (bookmark.page + 1).to_string();
        let x = RIGHT - face.width(&page, style.size);
        let title = sheet.first_line(&bookmark.title, style, RIGHT - LEFT - 60.0);
        let from = LEFT + face.width(&title, style.size) + 6.0;
        marks.push(Mark::Text { x: LEFT, y, style, text: title });
        marks.push(Mark::Line { points: vec![(from, y - 2.0), (x - 6.0, y - 2.0)], width: 0.4, colour: LINE });
        marks.push(Mark::Text { x, y, style, text: page });
    }
    if let Some(cover) = sheet.pages.first_mut() {
        cover.extend(marks);
    }
}
