//! Whole policies against objects.

use std::sync::Arc;

use rampart_model::{Document, Limits, Object, SourceText};
use serde_json::{Value as Tree, json};

use super::*;

fn document(tree: &Tree) -> Document {
    Document::from_json(Arc::new(SourceText::new("object", tree.to_string())), &Limits::STANDARD).unwrap()
}

fn answers(rules: &Tree, object: &Tree) -> Vec<(String, &'static str)> {
    let policy = document(&json!({"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"},
        "spec": {"rules": rules}}));
    let policy = Policy::read(Object::of(policy.root()).unwrap()).unwrap();
    let object = document(object);
    let review = Review::of_object(Object::of(object.root()).unwrap());
    let answers = policy.judge(&review, &World::default());
    answers.into_iter().map(|answer| (answer.rule, answer.status.name())).collect()
}

fn said(rule: &str, status: &'static str) -> Vec<(String, &'static str)> {
    vec![(rule.to_owned(), status)]
}

#[test]
fn a_rule_for_pods_is_one_for_their_controllers() {
    let rules = json!([{"name": "host", "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
        "validate": {"message": "no", "pattern": {"spec": {"=(hostNetwork)": false}}}}]);
    let pod = |host: bool| json!({"spec": {"hostNetwork": host}});
    let of = |kind: &str, api: &str, spec: Tree| json!({"apiVersion": api, "kind": kind, "metadata": {"name": "x"}, "spec": spec});
    assert_eq!(answers(&rules, &of("Pod", "v1", json!({"hostNetwork": true}))), said("host", "fail"));
    assert_eq!(answers(&rules, &of("Pod", "v1", json!({}))), said("host", "pass"));
    let deployment = of("Deployment", "apps/v1", json!({"template": pod(true)}));
    assert_eq!(answers(&rules, &deployment), said("autogen-host", "fail"));
    let cronjob = of("CronJob", "batch/v1", json!({"jobTemplate": {"spec": {"template": pod(false)}}}));
    assert_eq!(answers(&rules, &cronjob), said("autogen-cronjob-host", "pass"));
    assert_eq!(answers(&rules, &of("Service", "v1", json!({}))), []);
}

#[test]
fn deny_preconditions_and_exclusions_decide_in_turn() {
    let rules = json!([{"name": "r", "match": {"resources": {"kinds": ["v1/ConfigMap"]}},
        "exclude": {"any": [{"resources": {"names": ["free-*"]}}]},
        "preconditions": {"all": [{"key": "{{request.object.data.on || 'no'}}", "operator": "Equals", "value": "yes"}]},
        "context": [{"name": "size", "variable": {"jmesPath": "length(request.object.data)"}}],
        "validate": {"deny": {"conditions": {"all": [{"key": "{{size}}", "operator": "GreaterThan", "value": 1}]}}}}]);
    let map = |name: &str, data: Tree| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data});
    assert_eq!(answers(&rules, &map("a", json!({"on": "yes", "b": "c"}))), said("r", "fail"));
    assert_eq!(answers(&rules, &map("a", json!({"on": "yes"}))), said("r", "pass"));
    assert_eq!(answers(&rules, &map("a", json!({}))), said("r", "skip"));
    assert_eq!(answers(&rules, &map("free-a", json!({"on": "yes", "b": "c"}))), []);
}

#[test]
fn what_is_not_judged_is_an_error_and_never_a_pass() {
    let rules = json!([{"name": "v", "match": {"resources": {"kinds": ["Pod"]}}, "verifyImages": [{}]}]);
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}});
    assert_eq!(answers(&rules, &pod), said("v", "error"));
}
