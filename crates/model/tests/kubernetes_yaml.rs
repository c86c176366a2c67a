//! What Kubernetes' own YAML reader (sigs.k8s.io/yaml 1.6) makes of short texts with a trap in each: the same here.

use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};
use serde_json::Value;

#[test]
fn short_texts_are_read_as_kubernetes_reads_them() {
    for line in include_str!("kubernetes_yaml.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let yaml = case["yaml"].as_str().unwrap();
        let source = Arc::new(SourceText::new("t.yaml", yaml));
        let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
        if case["refused"] == Value::Bool(true) {
            assert!(error.is_some(), "{yaml:?} was read as {documents:?}");
            continue;
        }
        assert_eq!(error, None, "{yaml:?}");
        let read = documents.first().map_or(Value::Null, |document| document.root().to_json());
        assert!(same(&read, &case["json"]), "{yaml:?} was read as {read}, not {}", case["json"]);
    }
}

/// Equality that takes 1 and 1.0 for the same.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}
