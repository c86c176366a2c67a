//! Kyverno's policies that change and make objects: both kinds of patch, conditions, one change seeing the last.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read must stop the test")]

use std::sync::Arc;

use rampart_model::{Document, Limits, Object, SourceText};
use rampart_policy::policies::{GeneratingPolicy, MutatingPolicy};
use rampart_policy::{Answer, Review, Status, World};
use serde_json::json;

fn document(text: &str) -> Document {
    let source = Arc::new(SourceText::new("fixture.yaml", text));
    let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
    assert!(error.is_none(), "{error:?}");
    documents.into_iter().next().unwrap()
}

const HEAD: &str = "
apiVersion: policies.kyverno.io/v1
kind: MutatingPolicy
metadata: {name: p}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
";

fn judge(spec: &str, object: &str) -> Vec<Answer> {
    let (policy, object) = (document(&format!("{HEAD}{spec}")), document(object));
    let policy = MutatingPolicy::read(Object::of(policy.root()).unwrap()).unwrap().unwrap();
    policy.judge(&Review::of_object(Object::of(object.root()).unwrap()), &World::default())
}

const POD: &str = "
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: a, image: x}]}
";

#[test]
fn a_change_sees_what_the_one_before_made() {
    let spec = r#"
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration:
      expression: 'Object{metadata: Object.metadata{labels: Object.metadata.labels{foo: "bar"}}}'
  - patchType: JSONPatch
    jsonPatch:
      expression: '[JSONPatch{op: "add", path: "/metadata/labels/copy", value: object.metadata.labels.foo}]'
"#;
    let answers = judge(spec, POD);
    let answer = answers.first().unwrap();
    assert_eq!(answer.status, Status::Pass, "{}", answer.message);
    let patched = answer.patched.as_ref().unwrap();
    assert_eq!(patched.pointer("/metadata/labels"), Some(&json!({"foo": "bar", "copy": "bar"})));
    assert_eq!(patched.pointer("/spec/containers/0/image"), Some(&json!("x")));
}

#[test]
fn a_condition_that_does_not_hold_leaves_the_object_alone() {
    let spec = r#"
  matchConditions:
  - {name: c, expression: "has(object.metadata.labels)"}
  mutations:
  - patchType: JSONPatch
    jsonPatch: {expression: "[JSONPatch{op: 'remove', path: '/spec'}]"}
"#;
    let answers = judge(spec, POD);
    assert_eq!(answers.first().map(|answer| (answer.status, answer.patched.is_some())), Some((Status::Skip, false)));
}

#[test]
fn a_patch_that_cannot_be_made_is_an_error() {
    let spec = r#"
  mutations:
  - patchType: JSONPatch
    jsonPatch: {expression: "[JSONPatch{op: 'remove', path: '/spec/x'}]"}
"#;
    let answers = judge(spec, POD);
    let answer = answers.first().unwrap();
    assert_eq!(answer.status, Status::Error);
    assert!(answer.message.starts_with("mutation 0 cannot be made"), "{}", answer.message);
}

#[test]
fn other_objects_are_not_spoken_of() {
    assert!(judge("  mutations: []\n", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n").is_empty());
}

#[test]
fn a_generating_policy_tells_what_it_makes() {
    let policy = document(
        r#"
apiVersion: policies.kyverno.io/v1
kind: GeneratingPolicy
metadata: {name: g}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [namespaces]}
  matchConditions:
  - {name: c, expression: "object.metadata.name != 'kube-system'"}
  generate:
  - expression: >-
      generator.Apply(object.metadata.name, [{"apiVersion": dyn("v1"), "kind": dyn("ConfigMap"), "metadata": dyn({"name": "made"})}])
"#,
    );
    let policy = GeneratingPolicy::read(Object::of(policy.root()).unwrap()).unwrap().unwrap();
    let answers = |name: &str| {
        let object = document(&format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}}}\n"));
        policy.judge(&Review::of_object(Object::of(object.root()).unwrap()), &World::default())
    };
    let made = answers("shop");
    let made = made.first().unwrap();
    assert_eq!(made.status, Status::Pass, "{}", made.message);
    let wanted = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "made", "namespace": "shop"}});
    assert_eq!(made.generated, [wanted]);
    assert_eq!(answers("kube-system").first().map(|answer| answer.status), Some(Status::Skip));
}
