//! One document as a line of a snapshot.

use std::sync::Arc;

use rampart_model::document::read_documents;
use rampart_model::{Document, Limits, Object, SourceText, Value};
use serde_json::{Map, Value as Json, json};

use crate::live::unlined;
use crate::secret_data;

/// The annotation in which `kubectl apply` keeps a copy of the object.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The line, without its end. It begins with the source's name, so that sorted lines are sorted by source.
pub(crate) fn line(document: &Document) -> String {
    let source = document.source();
    let (start, end) = document.root().span();
    if !source.has_lines && is_json(&source.text) && secrets_to_mask(document).is_empty() {
        // Line breaks of JSON stand between its values only.
        let object = source.text.replace(['\n', '\r'], " ");
        return format!("{{\"source\":{},\"object\":{object}}}", Json::from(source.name.as_ref()));
    }
    let begin = line_start(&source.text, start as usize);
    let (first_line, first_column) = source.position(u32::try_from(begin).unwrap_or(start));
    let text = masked(document, begin, end as usize);
    let kept =
        SourceText { first_line, first_column, has_lines: source.has_lines, ..SourceText::new("", text.as_str()) };
    let mut record = Map::new();
    if is_masked(kept) {
        record.insert("text".to_owned(), Json::from(text));
    } else {
        record.insert("text".to_owned(), Json::from(rebuilt(document.root()).to_string()));
    }
    let mut place = |key: &str, value: u32, usual: u32| {
        if value != usual {
            record.insert(key.to_owned(), Json::from(value));
        }
    };
    place("line", first_line, 1);
    place("column", first_column, 1);
    place("position", document.position(), 0);
    if !source.has_lines {
        record.insert("lines".to_owned(), Json::from(false));
    }
    if let Some((api_version, kind)) = document.listed_type() {
        record.insert("listedAs".to_owned(), json!([api_version, kind]));
    }
    let rest = Json::Object(record).to_string();
    format!("{{\"source\":{},{}", Json::from(source.name.as_ref()), rest.trim_start_matches('{'))
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The beginning of the line that `start` stands on, where only indentation is between.
fn line_start(text: &str, start: usize) -> usize {
    let before = text.get(..start).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    if before.get(line..).is_some_and(|indent| indent.trim().is_empty()) { line } else { start }
}

/// The values of a document that must not be kept, in the order of their places.
fn secrets_to_mask(document: &Document) -> Vec<(Value<'_>, &'static str)> {
    let mut found = Vec::new();
    for object in Object::all(document).into_iter().filter(|object| object.kind() == "Secret") {
        for (key, is_base64) in [("data", true), ("stringData", false)] {
            let values = object.value().field(key).into_iter().flat_map(Value::entries).map(|(_, value)| value);
            let may_stay = |value: &Value<'_>| {
                value.is_null() || value.str().is_some_and(|text| secret_data::may_stay(unquoted(text), is_base64))
            };
            let mask = |value: Value<'_>| secret_data::mask(value.str(), is_base64);
            found.extend(values.filter(|value| !may_stay(value)).map(|value| (value, mask(value))));
        }
        let copy = object.value().dig(&["metadata", "annotations", LAST_APPLIED]);
        let mask = secret_data::mask(None, false);
        found.extend(copy.filter(|value| value.str().map(unquoted) != Some(mask)).map(|value| (value, mask)));
    }
    found.sort_by_key(|(value, _)| value.span());
    found.dedup_by_key(|(value, _)| value.span());
    found
}

/// A value without the quotes that a mask has kept inside of a block scalar, where they are text.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}

/// The text from `begin` to `end` with masks in the place of secrets, and as many line breaks as before.
fn masked(document: &Document, begin: usize, end: usize) -> String {
    let text = &document.source().text;
    let (mut kept, mut at) = (String::with_capacity(end.saturating_sub(begin)), begin);
    for (value, mask) in secrets_to_mask(document) {
        let (from, to) = value.span();
        let (from, to) = (from as usize, to as usize);
        if from < at {
            continue;
        }
        kept.push_str(text.get(at..from).unwrap_or_default());
        kept.push_str(&format!("\"{mask}\""));
        let breaks = text.get(from..to).unwrap_or_default().matches('\n').count();
        kept.extend(std::iter::repeat_n('\n', breaks));
        at = to;
    }
    kept.push_str(text.get(at..end).unwrap_or_default());
    kept
}

/// Whether masking reached everything: the masked text is read again, as the replay will, and looked through.
fn is_masked(kept: SourceText) -> bool {
    let (documents, errors) = read_documents(kept, &Limits::STANDARD);
    errors.is_empty() && documents.len() == 1 && documents.iter().all(|document| secrets_to_mask(document).is_empty())
}

/// The value written anew with masks, where masking in place did not work out: places are lost, secrets are not kept.
fn rebuilt(root: Value<'_>) -> Json {
    let mut json = root.to_json();
    mask_json(&mut json);
    json
}

fn mask_json(json: &mut Json) {
    if let Some(items) = json.get_mut("items").and_then(Json::as_array_mut) {
        items.iter_mut().for_each(mask_json);
    }
    if json.get("kind").is_some_and(|kind| kind != "Secret") {
        return;
    }
    for (key, is_base64) in [("data", true), ("stringData", false)] {
        for value in json.get_mut(key).and_then(Json::as_object_mut).into_iter().flat_map(Map::values_mut) {
            *value = Json::from(secret_data::mask(value.as_str(), is_base64));
        }
    }
    if let Some(copy) = json.pointer_mut("/metadata/annotations").and_then(|map| map.get_mut(LAST_APPLIED)) {
        *copy = Json::from(secret_data::mask(None, false));
    }
}

/// The document of a line.
///
/// # Errors
/// What is wrong with the line.
pub(super) fn document(line: &str, limits: &Limits) -> Result<Document, String> {
    let record = Document::from_json(Arc::new(SourceText::new("", line)), limits).map_err(|error| error.message)?;
    let root = record.root();
    let name = root.text_at(&["source"]).ok_or("it names no source")?;
    if let Some(object) = root.field("object") {
        let (start, end) = object.span();
        let text = line.get(start as usize..end as usize).unwrap_or_default().to_owned();
        return Document::from_json(Arc::new(unlined(name, text)), limits).map_err(|error| error.message);
    }
    let number =
        |key: &str, usual: u32| root.i64_at(&[key]).and_then(|value| u32::try_from(value).ok()).unwrap_or(usual);
    let source = SourceText {
        first_line: number("line", 1),
        first_column: number("column", 1),
        has_lines: root.bool_at(&["lines"]).unwrap_or(true),
        ..SourceText::new(name, root.text_at(&["text"]).ok_or("it holds no document")?)
    };
    let (documents, errors) = read_documents(source, limits);
    if let Some(error) = errors.into_iter().next() {
        return Err(error.message);
    }
    let document = documents.into_iter().next().ok_or("it holds no document")?.at_position(number("position", 0));
    let mut listed_as = root.field("listedAs").into_iter().flat_map(Value::items).filter_map(Value::str);
    Ok(match (listed_as.next(), listed_as.next()) {
        (Some(api_version), Some(kind)) => document.listed_as(api_version.into(), kind.into()),
        _ => document,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Document> {
        read_documents(SourceText::new("a.yaml", text), &Limits::STANDARD).0
    }

    /// Writes and reads back the last document of a text.
    fn replayed(text: &str) -> (String, Document) {
        let documents = read(text);
        let line = line(documents.last().unwrap());
        assert!(!line.contains("hunter2") && !line.contains("aHVudGVyMg"), "{line}");
        let document = document(&line, &Limits::STANDARD).unwrap();
        assert_eq!(super::line(&document), line);
        (line, document)
    }

    fn place(document: &Document, path: &str) -> (u32, u32) {
        let location = document.root().follow(&path.parse().unwrap()).unwrap().location();
        (location.line, location.column)
    }

    const SECRET: &str = "# one\nkind: A\n---\n# two\nmetadata:\n  name: x\nstringData:\n  plain: hunter2\n  block: |\n    hunter2\n    hunter2\n  'q': \"hunter2\" # why\n  pin: 1234\n  flow: {a: hunter2}\ndata: {p: aHVudGVyMg==, q: aHVudGVyMg==}\nkind: Secret\napiVersion: v1\ntype: Opaque\n";

    #[test]
    fn secret_of_a_file_is_masked_where_it_stands() {
        let before = read(SECRET).pop().unwrap();
        let (line, after) = replayed(SECRET);
        assert!(!line.contains("1234"));
        for path in [
            "metadata.name",
            "stringData.block",
            "stringData.q",
            "stringData.pin",
            "data",
            "kind",
            "type",
            "stringData.flow",
        ] {
            assert_eq!(place(&before, path), place(&after, path), "{path} {line}");
        }
        assert_eq!(after.root().text_at(&["stringData", "plain"]), Some("withheld"));
        assert_eq!(after.root().text_at(&["data", "p"]), Some("d2l0aGhlbGQ="));
        assert_eq!((after.position(), after.source().name.as_ref()), (1, "a.yaml"));
    }

    #[test]
    fn secrets_of_lists_and_copies_in_annotations_are_masked() {
        let text = r#"{"kind":"List","apiVersion":"v1","items":[{"kind":"Secret","apiVersion":"v1","metadata":{"name":"x",
            "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"hunter2"}},"data":{"p":"aHVudGVyMg=="}}]}"#;
        let (_, after) = replayed(text);
        assert_eq!(Object::all(&after)[0].name(), "x");
        let typed = r#"{"kind":"SecretList","apiVersion":"v1","items":[{"data":{"p":"aHVudGVyMg=="}}]}"#;
        replayed(typed);
    }

    #[test]
    fn indented_and_inline_documents_keep_their_place() {
        for text in [
            "a: 1\n---\n  kind: B\n  b:\n    c: 1\n",
            "---\n---\n--- {kind: B, b: {c: 1}}\n",
            "{\n \"b\": {\n\"c\": 1}}",
        ] {
            let before = read(text).pop().unwrap();
            assert_eq!(place(&replayed(text).1, "b.c"), place(&before, "b.c"), "{text}");
        }
    }

    #[test]
    fn live_object_is_kept_as_an_object() {
        let source = unlined("api/v1/pods/x", "{\"kind\":\"Pod\",\n\"n\":1.50}".to_owned());
        let document = Document::from_json(Arc::new(source), &Limits::STANDARD).unwrap();
        let line = line(&document);
        assert_eq!(line, r#"{"source":"api/v1/pods/x","object":{"kind":"Pod", "n":1.50}}"#);
        let after = super::document(&line, &Limits::STANDARD).unwrap();
        assert!(!after.source().has_lines);
        assert_eq!(after.root().get("n").unwrap().number(), Some("1.50"));
    }
}
