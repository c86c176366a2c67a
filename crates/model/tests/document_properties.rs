//! Properties of `Document` over generated texts: JSON as serde_json reads it, YAML as it was written, spans that point at
//! what they say, and no panic whatever the bytes.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a property that does not hold must stop the test"
)]

use std::fmt::Write;
use std::sync::Arc;

use proptest::prelude::*;
use rampart_model::document::{Kind, read_documents};
use rampart_model::{Document, FieldPath, Limits, SourceText, Step, Value};
use serde_json::Value as Json;

/// How a value is written: a stream of small choices.
#[derive(Debug)]
struct Choices(Vec<u8>, usize);

impl Choices {
    fn below(&mut self, end: u8) -> u8 {
        self.1 += 1;
        let at = self.1 % self.0.len().max(1);
        self.0.get(at).copied().unwrap_or_default() % end
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z][a-zA-Z0-9./-]{0,12}",
        2 => "[ -~]{0,20}",
        1 => "[ -~\n\té😀\u{a0}]{0,20}",
        1 => prop::sample::select(vec![
            "", " ", "yes", "y", "NO", "on", "null", "~", "1", "0x1F", "1.0", "-", "- a", "a: b", "#a", "a #b", "<<", "|", "!a",
            "&a", "*a", "'", "\"", "a\n", "\na", "a\n\n", " a", "a ", "---", "...", "2026-01-01", "{", "[", "%a", "@", "?", ":",
            "a:", ":a", "-a", "?a", "a\n b\nc", "\n", "\n\n", " \na", "a\n---\nb",
        ])
        .prop_map(str::to_owned),
    ]
}

fn value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        (-1e9..1e9f64).prop_map(Json::from),
        any::<f64>().prop_filter("JSON has no infinities", |float| float.is_finite()).prop_map(Json::from),
        text().prop_map(Json::String),
        text().prop_map(Json::String),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
            prop::collection::vec((text(), inner), 0..6)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

fn choices() -> impl Strategy<Value = Choices> {
    prop::collection::vec(any::<u8>(), 1..64).prop_map(|bytes| Choices(bytes, 0))
}

fn spaced_json(value: &Json, choices: &mut Choices, out: &mut String) {
    let space = |choices: &mut Choices, out: &mut String| {
        out.push_str(["", "", "", " ", "\n", "\t", "\r\n  "][usize::from(choices.below(7))]);
    };
    space(choices, out);
    match value {
        Json::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                spaced_json(item, choices, out);
            }
            space(choices, out);
            out.push(']');
        }
        Json::Object(entries) => {
            out.push('{');
            for (position, (key, item)) in entries.iter().enumerate() {
                out.push_str(if position > 0 { "," } else { "" });
                space(choices, out);
                escaped(key, choices, out);
                space(choices, out);
                out.push(':');
                spaced_json(item, choices, out);
            }
            space(choices, out);
            out.push('}');
        }
        Json::String(text) => escaped(text, choices, out),
        other => write!(out, "{other}").unwrap(),
    }
    space(choices, out);
}

fn escaped(text: &str, choices: &mut Choices, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        let must = matches!(character, '"' | '\\') || character < ' ';
        if !must && choices.below(8) > 0 {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").unwrap();
            }
        }
    }
    out.push('"');
}

fn document(text: &str) -> Document {
    Document::from_json(Arc::new(SourceText::new("t.json", text)), &Limits::STANDARD).unwrap()
}

/// Every value of a document.
fn all<'d>(value: Value<'d>, found: &mut Vec<Value<'d>>) {
    found.push(value);
    value.items().for_each(|item| all(item, found));
    value.entries().for_each(|(_, item)| all(item, found));
}

fn paths_lead_back(document: &Document) {
    let mut values = Vec::new();
    all(document.root(), &mut values);
    for value in values {
        let path = value.path();
        assert_eq!(document.root().follow(&path).map(Value::span), Some(value.span()), "{path}");
        assert_eq!(path.to_string().parse::<FieldPath>().as_ref(), Ok(&path));
        assert!(path.0.iter().all(|step| matches!(step, Step::Key(_) | Step::Index(_))));
    }
}

/// Equality but for what serde_json loses of a float in reading it.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => {
            let (Some(a), Some(b)) = (one.as_f64(), other.as_f64()) else { return false };
            one == other || (a - b).abs() <= a.abs() * 1e-15
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

/// Writes YAML in the styles that people use; `indent` is where an entry of this value would stand. `is_item`: behind a
/// dash, whose line the first entry may share.
fn yaml(value: &Json, indent: usize, is_item: bool, choices: &mut Choices, out: &mut String) {
    let comment = |choices: &mut Choices| ["", "", "", " # c: [d", "  "][usize::from(choices.below(5))];
    let is_compact = is_item && choices.below(2) == 0;
    let begin = |position: usize, out: &mut String| match position {
        0 if is_compact => out.push(' '),
        _ => write!(out, "\n{}", " ".repeat(indent)).unwrap(),
    };
    match value {
        Json::Array(items) if !items.is_empty() && choices.below(4) > 0 => {
            for (position, item) in items.iter().enumerate() {
                begin(position, out);
                out.push('-');
                yaml(item, indent + 2, true, choices, out);
            }
        }
        Json::Object(entries) if !entries.is_empty() && choices.below(4) > 0 => {
            for (position, (key, item)) in entries.iter().enumerate() {
                begin(position, out);
                write!(out, "{}:", yaml_text(key, choices)).unwrap();
                // A list may stand as deep as its key.
                let deeper = if item.is_array() { usize::from(choices.below(2)) * 2 } else { 2 };
                yaml(item, indent + deeper, false, choices, out);
            }
        }
        Json::String(text) if is_block(text) && indent > 0 && choices.below(2) == 0 => {
            let header = if text.ends_with('\n') { "|" } else { "|-" };
            write!(out, " {header}{}", comment(choices)).unwrap();
            for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
                let spaces = if line.is_empty() { 0 } else { indent };
                write!(out, "\n{}{line}", " ".repeat(spaces)).unwrap();
            }
        }
        other => {
            out.push(' ');
            flow(other, choices, out);
            out.push_str(comment(choices));
            if choices.below(9) == 0 {
                write!(out, "\n{}# between: [\n", " ".repeat(indent)).unwrap();
            }
        }
    }
}

/// Text that a block scalar without an indentation number can hold, with one line break at its end or none.
fn is_block(text: &str) -> bool {
    let is_printable = text.chars().all(|character| character == '\n' || !character.is_control());
    is_printable
        && !text.starts_with([' ', '\n'])
        && !text.is_empty()
        && !text.ends_with("\n\n")
        && !text.ends_with(' ')
        && !text.contains(" \n")
        && text != "\n"
}

fn flow(value: &Json, choices: &mut Choices, out: &mut String) {
    match value {
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| flowed(item, choices)).collect();
            write!(out, "[{}]", items.join(", ")).unwrap();
        }
        Json::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, item)| format!("{}: {}", yaml_text(key, choices), flowed(item, choices)))
                .collect();
            write!(out, "{{{}}}", entries.join(", ")).unwrap();
        }
        Json::String(text) => out.push_str(&yaml_text(text, choices)),
        other => write!(out, "{other}").unwrap(),
    }
}

fn flowed(value: &Json, choices: &mut Choices) -> String {
    let mut out = String::new();
    flow(value, choices, &mut out);
    out
}

fn yaml_text(text: &str, choices: &mut Choices) -> String {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-'))
        && text.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
        && !matches!(text, "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null");
    if is_word && choices.below(4) > 0 {
        return text.to_owned();
    }
    if !text.chars().any(char::is_control) && choices.below(2) == 0 {
        return format!("'{}'", text.replace('\'', "''"));
    }
    Json::String(text.to_owned()).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_is_read_as_serde_json_reads_it(value in value(), mut choices in choices()) {
        let mut text = String::new();
        spaced_json(&value, &mut choices, &mut text);
        let expected: Json = serde_json::from_str(&text).unwrap();
        let document = document(&text);
        prop_assert!(same(&document.root().to_json(), &expected), "{}", text);
        paths_lead_back(&document);
    }

    #[test]
    fn json_is_refused_where_serde_json_refuses_it(value in value(), mut choices in choices(), at in any::<prop::sample::Index>()) {
        let mut text = String::new();
        spaced_json(&value, &mut choices, &mut text);
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let cut = places[at.index(places.len())];
        for changed in [text[..cut].to_owned(), format!("{}{}", &text[..cut], &text[cut..].chars().skip(1).collect::<String>())] {
            let ours = Document::from_json(Arc::new(SourceText::new("t", changed.as_str())), &Limits::STANDARD);
            match serde_json::from_str::<Json>(&changed) {
                Ok(expected) => prop_assert!(same(&ours.unwrap().root().to_json(), &expected), "{}", changed),
                // A number that no float holds is a number nonetheless.
                Err(error) => prop_assert!(ours.is_err() || error.to_string().contains("out of range"), "{}", changed),
            }
        }
    }

    #[test]
    fn yaml_is_read_as_it_was_written(value in value(), mut choices in choices()) {
        let mut text = String::new();
        yaml(&value, 0, false, &mut choices, &mut text);
        text.push('\n');
        let source = Arc::new(SourceText::new("t.yaml", format!("first: 1\n---{text}---\nlast: 1\n")));
        let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
        prop_assert_eq!(error, None, "{}", text);
        prop_assert_eq!(documents.len(), 3, "{}", text);
        prop_assert!(same(&documents[1].root().to_json(), &value), "{}", text);
        paths_lead_back(&documents[1]);

        let last = documents[2].root().get("last").unwrap().location();
        let lines = u32::try_from(source.text.lines().count()).unwrap();
        prop_assert_eq!((last.line, last.column), (lines, 1));

        let mut values = Vec::new();
        all(documents[1].root(), &mut values);
        for scalar in values.into_iter().filter(|value| !matches!(value.kind(), Kind::Array | Kind::Object)) {
            let (start, end) = scalar.span();
            let written = &source.text[start as usize..end as usize];
            if !written.starts_with(['|', '>']) {
                let (again, error) = read_documents(SourceText::new("again", format!("- {written}\n")), &Limits::STANDARD);
                prop_assert!(error.is_empty(), "{written:?} in {text}");
                prop_assert_eq!(again[0].root().items().next().map(Value::to_json), Some(scalar.to_json()));
            }
        }
    }

    #[test]
    fn no_text_makes_the_readers_panic(text in "([a-c\\-?:,\\[\\]{}#&*!|>'\"%@` \n\r\t<~.0-9\u{feff}é]|---\n|<<: |\\*a|&a |: |- ){0,60}") {
        let (documents, _) = read_documents(SourceText::new("t", text.as_str()), &Limits::STANDARD);
        for document in &documents {
            let mut values = Vec::new();
            all(document.root(), &mut values);
            for value in values {
                let _ = (value.location(), value.brief(), value.path());
            }
        }
    }
}
