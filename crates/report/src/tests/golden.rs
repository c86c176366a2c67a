//! The bytes of each format; a change shows in review.

use super::*;

#[test]
fn every_format_writes_what_it_wrote() {
    for format in Format::ALL.iter().filter(|format| format.is_text()) {
        insta::assert_snapshot!(format.id(), render(&evaluation(), &context(), *format));
    }
}

#[test]
fn the_terminal_fits_eighty_and_a_hundred_and_twenty_columns() {
    for width in [80, 120] {
        let mut context = context();
        context.layout.width = width;
        let text = render(&evaluation(), &context, Format::Terminal);
        for line in text.lines() {
            assert!(crate::text::width(line) <= width, "{line}");
        }
        insta::assert_snapshot!(format!("terminal-{width}"), text);
    }
}

#[test]
fn no_line_of_a_large_report_is_too_long() {
    let mut large = evaluation();
    for number in 0..5000_usize {
        let mut finding = large.findings[number % 5].clone();
        finding.subject.name = format!("{number}-{}", "long-name".repeat(number % 12)).into();
        finding.severity = rampart_model::Severity::ALL[number % 4];
        large.findings.push(finding);
    }
    for width in [80, 97, 120] {
        let mut context = context();
        context.layout = crate::Layout { width, limit: 200, ..context.layout };
        for line in render(&large, &context, Format::Terminal).lines() {
            assert!(crate::text::width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let mut context = context();
    let plain = render(&evaluation(), &context, Format::Terminal);
    context.layout.colour = true;
    let painted = render(&evaluation(), &context, Format::Terminal);
    let mut stripped = String::new();
    for (position, part) in painted.split('\u{1b}').enumerate() {
        stripped.push_str(if position == 0 { part } else { part.split_once('m').unwrap().1 });
    }
    assert_ne!(painted, plain);
    assert_eq!(stripped, plain);
}

#[test]
fn findings_beyond_the_limit_are_counted() {
    let mut context = context();
    context.layout.limit = 2;
    let text = render(&evaluation(), &context, Format::Terminal);
    assert!(text.contains("2 of 5 shown") && text.contains("3 more findings not shown"), "{text}");
}
