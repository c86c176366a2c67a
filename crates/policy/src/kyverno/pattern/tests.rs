//! Patterns against objects, by what Kyverno's documentation says of each anchor and operator.

use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};
use serde_json::{Value as Tree, json};

use super::{Mismatch, holds, matches};

fn document(value: &Tree) -> Document {
    Document::from_json(Arc::new(SourceText::new("object", value.to_string())), &Limits::STANDARD).unwrap()
}

fn verdict(pattern: &Tree, found: &Tree) -> &'static str {
    match matches(pattern, document(found).root()) {
        Ok(()) => "pass",
        Err(Mismatch::Fails { .. }) => "fail",
        Err(Mismatch::Skips { .. }) => "skip",
    }
}

#[test]
fn leaves_compare_quantities_durations_ranges_and_wildcards() {
    for (pattern, found, wanted) in [
        (json!("<=1Gi"), json!("512Mi"), true),
        (json!("<=1Gi"), json!("2Gi"), false),
        (json!(">1h"), json!("90m0s"), true),
        (json!("10-20"), json!(15), true),
        (json!("10-20"), json!(21), false),
        (json!("10!-20"), json!(21), true),
        (json!("a-b"), json!("a-b"), true),
        (json!("!*:latest & *:*"), json!("nginx:1"), true),
        (json!("!*:latest & *:*"), json!("nginx:latest"), false),
        (json!("a* | b*"), json!("bc"), true),
        (json!("?*"), json!(""), false),
        (json!("true"), json!(true), true),
        (json!(true), json!("true"), false),
        (json!(3), json!("3"), true),
        (json!(3), json!(3.0), true),
        (json!(null), json!(""), true),
        (json!(null), json!("a"), false),
    ] {
        let document = document(&found);
        assert_eq!(holds(&pattern, Some(document.root())), wanted, "{pattern} {found}");
    }
    assert!(holds(&Tree::Null, None) && !holds(&json!("a"), None));
}

#[test]
fn anchors_say_what_a_missing_or_other_key_means() {
    let optional = json!({"spec": {"=(hostNetwork)": false}});
    assert_eq!(verdict(&optional, &json!({"spec": {}})), "pass");
    assert_eq!(verdict(&optional, &json!({"spec": {"hostNetwork": true}})), "fail");
    let forbidden = json!({"spec": {"X(hostPath)": "null"}});
    assert_eq!(verdict(&forbidden, &json!({"spec": {}})), "pass");
    assert_eq!(verdict(&forbidden, &json!({"spec": {"hostPath": {}}})), "fail");
    let conditional = json!({"containers": [{"(image)": "*:latest", "imagePullPolicy": "!IfNotPresent"}]});
    let containers = |image, policy| json!({"containers": [{"image": image, "imagePullPolicy": policy}]});
    assert_eq!(verdict(&conditional, &containers("a:1", "IfNotPresent")), "skip");
    assert_eq!(verdict(&conditional, &containers("a:latest", "Always")), "pass");
    assert_eq!(verdict(&conditional, &containers("a:latest", "IfNotPresent")), "fail");
    let existing = json!({"^(ports)": [{"name": "http"}]});
    assert_eq!(verdict(&existing, &json!({"ports": [{"name": "a"}, {"name": "http"}]})), "pass");
    assert_eq!(verdict(&existing, &json!({"ports": [{"name": "a"}]})), "fail");
    let global = json!({"containers": [{"<(image)": "corp/*"}], "secrets": [{"name": "corp"}]});
    assert_eq!(verdict(&global, &json!({"containers": [{"image": "x"}], "secrets": [{"name": "corp"}]})), "skip");
    assert_eq!(verdict(&global, &json!({"containers": [{"image": "corp/x"}], "secrets": [{"name": "a"}]})), "fail");
}

#[test]
fn a_star_asks_for_the_field_and_label_keys_may_be_wild() {
    assert_eq!(verdict(&json!({"a": "*"}), &json!({})), "fail");
    assert_eq!(verdict(&json!({"a": "*"}), &json!({"a": {"b": 1}})), "pass");
    let labels = json!({"metadata": {"labels": {"app.*/name": "?*"}}});
    assert_eq!(verdict(&labels, &json!({"metadata": {"labels": {"app.io/name": "x"}}})), "pass");
    assert_eq!(verdict(&labels, &json!({"metadata": {"labels": {"other": "x"}}})), "fail");
}

#[test]
fn a_pattern_that_nests_without_end_is_an_answer_and_no_crash() {
    let nested = (0..100).fold(json!("x"), |inner, _| json!([[inner]]));
    let found = (0..20).fold(json!("x"), |inner, _| json!([[inner]]));
    assert_eq!(verdict(&nested, &found), "fail");
}
