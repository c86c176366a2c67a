//! What must hold for any bytes; shared by the fuzz targets and the tests that replay their failures.

#![allow(dead_code, clippy::allow_attributes, reason = "each fuzz target uses one of these")]

use std::sync::Arc;

use rampart_model::{Document, FieldPath, Limits, Settings, SourceText, Value};

/// Small enough that a run finds the limits.
const LIMITS: Limits = Limits { depth: 32, nodes: 5_000, copies: 2_000, bytes: 1 << 16 };

/// JSON is accepted exactly where serde_json accepts it, with the same value.
pub fn document_json(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let ours = Document::from_json(Arc::new(SourceText::new("f", text)), &LIMITS);
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    match (&ours, theirs) {
        (Ok(document), Ok(json)) => {
            assert!(is_same(&document.root().to_json(), &json));
            walk(document);
        }
        (Ok(_), Err(error)) => assert!(error.to_string().contains("out of range"), "{error}"),
        (Err(error), Ok(_)) => {
            assert!(["deeper", "more than", "larger"].iter().any(|word| error.message.contains(word)))
        }
        (Err(_), Err(_)) => {}
    }
}

/// YAML of any kind gives documents whose values know their place, and errors that do.
pub fn document_yaml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let source = Arc::new(SourceText::new("f", text));
    let lines = u32::try_from(text.lines().count()).unwrap_or(u32::MAX) + 1;
    Document::each_from_yaml(&source, &LIMITS, &mut |read| match read {
        Ok(document) => walk(&document),
        Err(error) => assert!(error.line <= lines && error.lost),
    });
}

/// A path that is read is written as a path that is read as the same.
pub fn field_path(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(path) = text.parse::<FieldPath>() else { return };
    assert_eq!(path.to_string().parse::<FieldPath>().as_ref(), Ok(&path));
}

/// A settings file of any content gives settings and doubts.
pub fn settings_file(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut settings = Settings::new(jiff::Timestamp::UNIX_EPOCH);
    for doubt in rampart_model::settings::file::read("f", text, &mut settings) {
        assert!(!doubt.message.is_empty());
    }
}

fn walk(document: &Document) {
    let source = &document.source().text;
    let mut values = vec![document.root()];
    let mut steps = 0;
    while let Some(value) = values.pop() {
        let (start, end) = value.span();
        assert!(source.get(start as usize..end as usize).is_some(), "a span cuts a character: {start}..{end}");
        assert!(
            value.key_span().is_none_or(|(start, end)| source.get(start as usize..end as usize) == Some(value.key()))
        );
        let location = value.location();
        assert!((location.line, location.column) <= (location.end_line, location.end_column));
        steps += 1;
        if steps < 100 {
            // Of entries with one key only the last is met here, so that a path leads to one value.
            let found = document.root().follow(&value.path()).map(Value::span);
            assert_eq!(found, Some((start, end)), "{}", value.path());
            let _ = value.brief();
        }
        values.extend(value.items());
        values.extend(value.entries().map(|(_, value)| value));
    }
}

fn is_same(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value as Json;
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => {
            let (Some(a), Some(b)) = (one.as_f64(), other.as_f64()) else { return false };
            one == other || (a - b).abs() <= a.abs() * 1e-15
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| is_same(value, other)))
        }
        _ => one == other,
    }
}
