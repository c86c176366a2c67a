//! Any name goes through every format: the result can be read, and holds nothing that a terminal would obey.

use proptest::prelude::*;
use saphyr_parser::{Event, Parser};

use super::*;
use crate::text::is_unseen;

const NAMES: [&str; 9] = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "\u{1b}[2J\u{1b}]0;owned\u{7}",
    "\u{202e}evil\u{2066}",
    "\"'`]]>--><!--",
    "a\nb\r\n---\n...\tc",
    "| [x](javascript:alert(1)) ![y](http://z) @all",
    "",
    "\u{0}\u{9b}31m\u{85}\u{2028}\u{feff}\u{e0041}",
];

fn check(name: &str) {
    let evaluation = sample::named(name);
    for format in Format::ALL.iter().filter(|format| format.is_text()) {
        let text = render(&evaluation, &context(), *format);
        // Line breaks are the format's own; CSV's are those of its standard.
        let raw = text.replace("\r\n", "\n").chars().find(|character| *character != '\n' && is_unseen(*character));
        assert_eq!(raw, None, "{format} of {name:?}");
        parses(*format, &text, name);
    }
}

fn parses(format: Format, text: &str, name: &str) {
    match format {
        Format::Json => assert_eq!(Report::parse(text).unwrap().target, name),
        Format::Sarif | Format::Gitlab | Format::Oscal => {
            drop(serde_json::from_str::<serde_json::Value>(text).unwrap())
        }
        Format::Ndjson => {
            for line in text.lines() {
                let value: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(value["type"].is_string());
            }
            assert_eq!(text.lines().count(), 10);
        }
        Format::Yaml | Format::PolicyReport | Format::OpenReports => {
            let mut scalars = 0;
            for event in Parser::new_from_str(text) {
                if let Event::Scalar(value, ..) = event.unwrap().0 {
                    scalars += usize::from(value == name);
                }
            }
            assert!(scalars >= 4, "{format} keeps {name:?} as it is");
        }
        Format::Junit => {
            let mut reader = quick_xml::Reader::from_str(text);
            reader.config_mut().check_comments = true;
            let mut cases = 0;
            loop {
                match reader.read_event().unwrap() {
                    quick_xml::events::Event::Eof => break,
                    quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                        cases += usize::from(tag.name().as_ref() == "testcase");
                        for attribute in tag.attributes() {
                            attribute.unwrap();
                        }
                    }
                    _ => {}
                }
            }
            assert_eq!(cases, 16);
        }
        Format::Csv => {
            let rows = csv_rows(text);
            assert_eq!(rows.len(), 7);
            for cell in rows.iter().flat_map(|row| {
                assert_eq!(row.len(), 20);
                row
            }) {
                assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            }
        }
        Format::Html => {
            let tags = |tag: &str| text.matches(tag).count();
            assert_eq!(tags("<script"), 1);
            assert_eq!(tags("<details"), tags("</details>"));
            assert_eq!(tags("<details"), 5);
            assert_eq!(tags("<img"), 0);
        }
        Format::Markdown | Format::Terminal | Format::Pdf => {}
    }
}

/// A reader of RFC 4180 without mercy.
fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        let row = rows.last_mut().unwrap();
        let cell = row.last_mut().unwrap();
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            '"' => panic!("a quote inside a bare cell: {cell}"),
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {
                assert_eq!(characters.next(), Some('\n'));
                rows.push(vec![String::new()]);
            }
            _ => cell.push(character),
        }
    }
    assert!(!quoted);
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last row ends with a line break");
    rows
}

#[test]
fn hostile_names_stay_names() {
    for name in NAMES {
        check(name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_name_goes_through_every_format(name in any::<String>(), at in 0..NAMES.len()) {
        check(&name);
        check(&format!("{}{name}", NAMES[at]));
    }
}
