//! One object of an API server's answer to a document, with what must not be kept taken out before the document exists.
//!
//! Left out: values of Secrets (public certificates stay), `managedFields` and the last applied configuration, which
//! repeats the object (and the values of a Secret), and the resource version, which changes when nothing else does.

use std::sync::Arc;

use rampart_model::{Diagnostic, Document, Limits, Name, SourceText, Value};

use crate::cluster::Resource;
use crate::secret_data;

/// One object as the server wrote it.
pub(crate) struct LiveItem {
    pub(crate) resource: Arc<Resource>,
    pub(crate) text: String,
}

/// Fields of `metadata` that are dropped.
const DROPPED_METADATA: [&str; 3] = ["managedFields", "resourceVersion", "selfLink"];

/// The annotation in which `kubectl apply` keeps a copy of the object.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The document of an item, named by its API path.
pub(crate) fn read(item: LiveItem, limits: &Limits) -> Result<Document, Diagnostic> {
    let LiveItem { resource, text } = item;
    let Stripped { namespace, name, text } = strip_text(&resource, text, limits)?;
    Document::from_json(Arc::new(unlined(resource.path_of(&namespace, &name), text)), limits)
}

/// An object without what must not be kept.
pub(crate) struct Stripped {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) text: String,
}

pub(crate) fn strip_text(resource: &Resource, text: String, limits: &Limits) -> Result<Stripped, Diagnostic> {
    let raw = Document::from_json(Arc::new(unlined(resource.path(), text)), limits)?;
    Ok(strip(resource, raw.root()))
}

pub(crate) fn strip(resource: &Resource, object: Value<'_>) -> Stripped {
    let metadata = |key| object.text_at(&["metadata", key]).unwrap_or_default().to_owned();
    Stripped {
        namespace: metadata("namespace"),
        name: metadata("name"),
        text: rewrite(object, &resource.api_version(), &resource.kind),
    }
}

/// A text without lines that a person could open.
pub(crate) fn unlined(name: impl Into<Name>, text: String) -> SourceText {
    SourceText { has_lines: false, ..SourceText::new(name, text) }
}

/// `namespace/name` of an item: the order of a listing.
pub(crate) fn key(text: &str) -> Option<String> {
    let source = Arc::new(SourceText::new("", text));
    let document = Document::from_json(source, &Limits::STANDARD).ok()?;
    let metadata = document.root().field("metadata")?;
    let namespace = metadata.text_at(&["namespace"]).unwrap_or_default();
    Some(format!("{namespace}/{}", metadata.text_at(&["name"])?))
}

/// The object as compact JSON, with its type written out and without what is not kept.
fn rewrite(root: Value<'_>, api_version: &str, kind: &str) -> String {
    let mut out = JsonObject::new(root.document().source().text.len());
    out.string("apiVersion", api_version);
    out.string("kind", kind);
    for (key, value) in root.entries() {
        match key {
            "apiVersion" | "kind" => {}
            "metadata" => out.raw(key, &rewrite_metadata(value)),
            "data" | "stringData" if kind == "Secret" => out.raw(key, &rewrite_data(value, key == "data")),
            _ => out.raw(key, written(value)),
        }
    }
    out.finish()
}

fn rewrite_metadata(metadata: Value<'_>) -> String {
    let mut out = JsonObject::new(256);
    for (key, value) in metadata.entries().filter(|(key, _)| !DROPPED_METADATA.contains(key)) {
        if key == "annotations" {
            let mut kept = JsonObject::new(256);
            let entries = value.entries().filter(|(annotation, _)| *annotation != LAST_APPLIED);
            entries.for_each(|(annotation, value)| kept.raw(annotation, written(value)));
            out.raw(key, &kept.finish());
        } else {
            out.raw(key, written(value));
        }
    }
    out.finish()
}

fn rewrite_data(data: Value<'_>, is_base64: bool) -> String {
    let mut out = JsonObject::new(256);
    for (key, value) in data.entries() {
        match value.str() {
            Some(text) if secret_data::may_stay(text, is_base64) => out.raw(key, written(value)),
            Some(text) => out.string(key, secret_data::mask(Some(text), is_base64)),
            None => out.raw(key, "null"),
        }
    }
    out.finish()
}

/// A value as the source writes it.
fn written(value: Value<'_>) -> &str {
    let (start, end) = value.span();
    value.document().source().text.get(start as usize..end as usize).unwrap_or("null")
}

/// A JSON object under construction.
struct JsonObject(String);

impl JsonObject {
    fn new(bytes: usize) -> Self {
        let mut text = String::with_capacity(bytes);
        text.push('{');
        Self(text)
    }

    fn raw(&mut self, key: &str, value: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&serde_json::Value::from(key).to_string());
        self.0.push(':');
        self.0.push_str(value);
    }

    fn string(&mut self, key: &str, value: &str) {
        self.raw(key, &serde_json::Value::from(value).to_string());
    }

    fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(kind: &str, plural: &str, text: &str) -> Document {
        let resource = Resource {
            group: String::new(),
            version: "v1".to_owned(),
            kind: kind.to_owned(),
            plural: plural.to_owned(),
            is_namespaced: true,
        };
        read(LiveItem { resource: Arc::new(resource), text: text.to_owned() }, &Limits::STANDARD).unwrap()
    }

    #[test]
    fn secret_values_are_gone_before_anyone_sees_them() {
        let text = r#"{"metadata":{"name":"db","namespace":"shop","resourceVersion":"7","managedFields":[{"a":1}],
            "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"p\":\"aHVudGVyMg==\"}}","team":"x"}},
            "data":{"p":"aHVudGVyMg==","empty":""},"stringData":{"q":"hunter2"},"type":"Opaque"}"#;
        let document = read_as("Secret", "secrets", text);
        assert_eq!(document.source().name.as_ref(), "api/v1/namespaces/shop/secrets/db");
        assert!(!document.source().has_lines);
        assert_eq!(
            document.source().text,
            r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"db","namespace":"shop","annotations":{"team":"x"}},"data":{"p":"d2l0aGhlbGQ=","empty":""},"stringData":{"q":"withheld"},"type":"Opaque"}"#
        );
    }

    #[test]
    fn other_objects_stay_as_they_are() {
        let text = r#"{"kind":"PartialObjectMetadata","metadata":{"name":"a"},"data":{"k":"v\u00e9","n":1.50}}"#;
        let document = read_as("ConfigMap", "configmaps", text);
        assert_eq!(
            document.source().text,
            r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v\u00e9","n":1.50}}"#
        );
        assert_eq!(key(text).as_deref(), Some("/a"));
    }
}
