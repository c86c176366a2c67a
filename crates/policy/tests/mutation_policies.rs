//! MutatingAdmissionPolicies: the changes that their expressions give, in their order.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read must stop the test")]

use std::sync::Arc;

use rampart_model::{Document, KubernetesVersion, Limits, Object, SourceText};
use rampart_policy::admission::{Binding, MutationPolicy};
use rampart_policy::{Answer, Review, Status, World};
use serde_json::json;

fn documents(text: &str) -> Vec<Document> {
    let (documents, error) =
        Document::all_from_yaml(&Arc::new(SourceText::new("fixture.yaml", text)), &Limits::STANDARD);
    assert!(error.is_none(), "{error:?}");
    documents
}

fn judge(spec: &str, bindings: &str) -> Vec<Answer> {
    let policy = documents(&format!(
        "apiVersion: admissionregistration.k8s.io/v1beta1\nkind: MutatingAdmissionPolicy\nmetadata: {{name: p}}\nspec:
  matchConstraints: {{resourceRules: [{{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}}]}}
{spec}"
    ));
    let object = documents(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: a}]}\n",
    );
    let bindings = documents(bindings);
    let bindings: Vec<_> = bindings.iter().flat_map(Object::all).filter_map(Binding::read).collect();
    let policy = Object::of(policy.first().unwrap().root()).unwrap();
    let policy = MutationPolicy::read(policy, KubernetesVersion::LATEST).unwrap().unwrap();
    let review = Review::of_object(Object::of(object.first().unwrap().root()).unwrap());
    policy.judge(&bindings, &review, &World::default())
}

const BINDING: &str = "
apiVersion: admissionregistration.k8s.io/v1beta1
kind: MutatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: p}
";

fn configuration(expression: &str) -> String {
    format!("  mutations: [{{patchType: ApplyConfiguration, applyConfiguration: {{expression: \"{expression}\"}}}}]\n")
}

#[test]
fn each_mutation_sees_what_those_before_it_made() {
    let spec = "
  variables: [{name: count, expression: 'object.metadata.?labels.count.orValue(\"none\")'}]
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration:
      expression: >-
        Object{metadata: Object.metadata{labels: Object.metadata.labels{count: variables.count + '+'}},
        spec: Object.spec{containers: object.spec.containers.map(c, Object.spec.containers{name: c.name, image: 'x'})}}
  - patchType: JSONPatch
    jsonPatch:
      expression: \"[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: variables.count}]\"
";
    assert!(judge(spec, "").is_empty());
    let answers = judge(spec, BINDING);
    let answer = answers.first().unwrap();
    let patched = answer.patched.as_ref().ok_or(&answer.message).unwrap();
    assert_eq!(patched.pointer("/metadata/labels"), Some(&json!({"count": "none+", "a/b": "none+"})));
    assert_eq!(patched.pointer("/spec/containers"), Some(&json!([{"name": "a", "image": "x"}])));
}

#[test]
fn an_expression_that_gives_no_change_is_an_error_that_says_so() {
    for (expression, wanted) in [
        ("{'spec': 1}", "not `Object`"),
        ("Object{spec: Object.status{}}", "`Object.status` stands where `Object.spec` belongs"),
        ("Object{spec: Object.spec{x: object.spec.missing}}", "no such key"),
    ] {
        let answers = judge(&configuration(expression), BINDING);
        let answer = answers.first().unwrap();
        assert_eq!(answer.status, Status::Error, "{expression}");
        assert!(answer.message.contains(wanted), "{}", answer.message);
        assert!(answer.patched.is_none());
    }
}

#[test]
fn a_condition_that_does_not_hold_leaves_the_object_as_it_is() {
    let condition = "  matchConditions: [{name: c, expression: \"object.metadata.name == 'db'\"}]\n";
    let answers = judge(&format!("{condition}{}", configuration("Object{}")), BINDING);
    assert_eq!(answers.first().map(|answer| (answer.status, answer.patched.is_none())), Some((Status::Skip, true)));
}
