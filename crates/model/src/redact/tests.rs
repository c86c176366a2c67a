//! What is masked, and what a reader may still see.

use std::sync::Arc;

use super::*;
use crate::document::{Document, Limits};
use crate::evidence::Evidence;
use crate::source::SourceText;

fn documents(yaml: &str) -> Vec<Document> {
    let (documents, error) = Document::all_from_yaml(&Arc::new(SourceText::new("a.yaml", yaml)), &Limits::STANDARD);
    assert_eq!(error, None);
    documents
}

fn evidence(yaml: &str, path: &str) -> Evidence {
    let documents = documents(yaml);
    let root = documents.first().unwrap().root();
    Evidence::at(root.follow(&path.parse().unwrap()).unwrap())
}

fn shown(yaml: &str, path: &str) -> String {
    format!("{:?}", evidence(yaml, path))
}

#[test]
fn a_harmless_line_is_shown_as_it_is() {
    let evidence = evidence("kind: Pod\nspec:\n  image: web:1 # the web\n", "spec.image");
    assert_eq!(evidence.excerpt.as_deref(), Some("  image: web:1 # the web"));
    assert_eq!(evidence.value.as_deref(), Some("web:1"));
}

#[test]
fn the_payload_of_a_secret_is_not_shown() {
    let yaml = "kind: Secret\nmetadata: {name: a}\ndata:\n  user: aHVudGVyMg==\nstringData: {x: hunter2}\n";
    for path in ["data.user", "stringData.x"] {
        assert!(holds_secret(documents(yaml)[0].root().follow(&path.parse().unwrap()).unwrap()), "{path}");
    }
    assert!(!shown(yaml, "stringData").contains("hunter2"));
    assert!(!shown(yaml, "data").contains("aHVudGVyMg"));
}

#[test]
fn the_payload_of_a_secret_is_not_shown_on_the_line_of_another_field() {
    let yaml = r#"{"apiVersion": "v1", "kind": "Secret", "data": {"user": "aHVudGVyMg=="}, "metadata": {"name": "a"}}"#;
    let evidence = evidence(yaml, "metadata.name");
    assert_eq!(evidence.value.as_deref(), Some("a"));
    assert!(evidence.excerpt.as_deref().unwrap().contains("\"name\": \"a\""));
    assert!(!format!("{evidence:?}").contains("aHVudGVyMg"));
}

#[test]
fn a_secret_in_a_list_and_its_last_applied_copy_are_not_shown() {
    let yaml = r#"{"kind": "List", "items": [{"kind": "ConfigMap", "data": {"user": "shown"}}, {"kind": "Secret", "metadata": {"name": "a", "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{\"data\":{\"user\":\"aHVudGVyMg==\"}}"}}, "data": {"user": "aHVudGVyMg=="}}]}"#;
    for path in [
        "items[1].metadata.name",
        "items[0].data.user",
        "items[1].data.user",
        "items[0]",
        "items[1].metadata.annotations",
    ] {
        assert!(!shown(yaml, path).contains("aHVudGVyMg"), "{path}");
    }
    assert!(shown(yaml, "items[0].data.user").contains("shown"));
    let typed = yaml.replace("\"kind\": \"List\"", "\"kind\": \"SecretList\"").replace("\"kind\": \"Secret\", ", "");
    assert!(!shown(&typed, "items[1].metadata.name").contains("aHVudGVyMg"));
}

#[test]
fn a_value_is_hidden_by_the_name_beside_it() {
    let yaml = "spec:\n- name: DB_PASSWORD\n  value: hunter2\n- --password\n- hunter2\n- name: COLOUR\n  value: blue\n";
    for path in ["spec[0].value", "spec[2]"] {
        assert!(!shown(yaml, path).contains("hunter2"), "{path}");
    }
    assert!(shown(yaml, "spec[3].value").contains("blue"));
}

#[test]
fn a_token_that_is_cut_off_is_masked_all_the_same() {
    let token = format!("{}{}", "ghp", "_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
    let yaml = format!("spec: {} {token}\n", "x".repeat(110));
    let text = shown(&yaml, "spec");
    assert!(!text.contains("ghp_a1"), "{text}");
    let line = format!("spec: [a, {}, {token}]\n", "x".repeat(180));
    assert!(!shown(&line, "spec[0]").contains("ghp_a1"));
}

#[test]
fn masks_stand_where_secrets_were() {
    for (text, masked) in [
        ("image: registry.example/app:1", "image: registry.example/app:1"),
        ("password: hunter2", "password: (redacted)"),
        ("password: ${DB_PASSWORD}", "password: ${DB_PASSWORD}"),
        (r#"{"password": "hunter2", "image": "x"}"#, r#"{"password": "(redacted)", "image": "x"}"#),
        ("- {name: DB_PASSWORD, value: hunter2}", "- {name: DB_PASSWORD, value: (redacted)"),
        ("postgres://app:hunt@er2@db/app", "postgres://app:(redacted)@db/app"),
        ("automountServiceAccountToken: true", "automountServiceAccountToken: true"),
        ("secretName: web-tls", "secretName: web-tls"),
    ] {
        assert_eq!(mask(text), masked);
    }
}

#[test]
fn a_line_that_no_person_wrote_has_no_excerpt() {
    let yaml = format!("{{a: \"{}\", b: 1}}\n", "x".repeat(900));
    assert_eq!(evidence(&yaml, "b").excerpt, None);
}
