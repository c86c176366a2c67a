//! ValidatingAdmissionPolicies with their bindings and parameters, against objects.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read must stop the test")]

use std::sync::Arc;

use rampart_model::{Document, KubernetesVersion, Limits, Object, SourceText};
use rampart_policy::admission::{AdmissionPolicy, Binding, Decision, Enforcement};
use rampart_policy::{Review, Status, World};

fn documents(text: &str) -> Vec<Document> {
    let (documents, error) =
        Document::all_from_yaml(&Arc::new(SourceText::new("fixture.yaml", text)), &Limits::STANDARD);
    assert!(error.is_none(), "{error:?}");
    documents
}

const CONSTRAINTS: &str = r#"
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
"#;

const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 7}
";

/// Judges the deployment by a policy of this specification, with its binding and what else there is.
fn judge<T>(spec: &str, others: &str, take: impl FnOnce(Vec<Decision>) -> T) -> T {
    let policy = documents(&format!(
        "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {{name: p}}\nspec:{CONSTRAINTS}{spec}"
    ));
    let (object, others) = (documents(DEPLOYMENT), documents(others));
    let others: Vec<_> = others.iter().flat_map(Object::all).collect();
    let policy = Object::of(policy.first().unwrap().root()).unwrap();
    let policy = AdmissionPolicy::read(policy, KubernetesVersion::LATEST).unwrap().unwrap();
    let bindings: Vec<_> = others.iter().filter_map(|object| Binding::read(*object)).collect();
    let review = Review::of_object(Object::of(object.first().unwrap().root()).unwrap());
    take(policy.judge(&bindings, &review, &World::of(others, true)))
}

fn statuses(spec: &str, others: &str) -> Vec<(Status, String)> {
    judge(spec, others, |decisions| {
        decisions.into_iter().map(|decision| (decision.answer.status, decision.answer.message)).collect()
    })
}

const BINDING: &str = "
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: p, validationActions: [Warn, Audit]}
";

const TOO_MANY: &str = r#"
  variables:
  - {name: replicas, expression: object.spec.replicas}
  validations:
  - {expression: variables.replicas <= 5, messageExpression: '"at most 5, not " + string(variables.replicas)', reason: Forbidden}
  auditAnnotations:
  - {key: size, valueExpression: string(variables.replicas)}
"#;

#[test]
fn a_policy_applies_through_its_bindings_only() {
    assert!(statuses(TOO_MANY, "").is_empty());
    judge(TOO_MANY, BINDING, |decisions| {
        let decision = decisions.first().unwrap();
        assert_eq!((decision.answer.status, decision.answer.message.as_str()), (Status::Fail, "at most 5, not 7"));
        assert_eq!((decision.reason.as_str(), decision.binding.as_str()), ("Forbidden", "b"));
        assert_eq!(decision.actions, [Enforcement::Warn, Enforcement::Audit]);
        assert_eq!(decision.annotations, [("size".to_owned(), "7".to_owned())]);
    });
    let elsewhere = BINDING.replace("policyName: p", "policyName: other");
    assert!(statuses(TOO_MANY, &elsewhere).is_empty());
    let narrowed = BINDING
        .replace("policyName: p", "policyName: p, matchResources: {namespaceSelector: {matchLabels: {env: test}}}");
    assert!(statuses(TOO_MANY, &narrowed).is_empty());
}

#[test]
fn each_parameter_is_judged_and_a_missing_one_is_what_the_binding_says() {
    let spec = "
  paramKind: {apiVersion: v1, kind: ConfigMap}
  validations:
  - {expression: 'object.spec.replicas <= int(params.data.most)'}
";
    let binding = |reference: &str| BINDING.replace("policyName: p", &format!("policyName: p, paramRef: {reference}"));
    let map = |name: &str, most: u32| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop, labels: {{limits: a}}}}\ndata: {{most: '{most}'}}\n"
        )
    };
    let named = binding("{name: few, parameterNotFoundAction: Deny}");
    let failed = "failed expression: object.spec.replicas <= int(params.data.most)".to_owned();
    assert_eq!(statuses(spec, &format!("{named}{}{}", map("few", 5), map("many", 9))), [(Status::Fail, failed)]);
    let chosen = binding("{selector: {matchLabels: {limits: a}}, parameterNotFoundAction: Deny}");
    let both: Vec<_> = statuses(spec, &format!("{chosen}{}{}", map("few", 5), map("many", 9)));
    assert_eq!(both.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [Status::Fail, Status::Pass]);
    assert_eq!(statuses(spec, &named).first().map(|(status, _)| *status), Some(Status::Error));
    assert!(statuses(spec, &named.replace("Deny}", "Allow}")).is_empty());
}

#[test]
fn errors_are_what_the_failure_policy_makes_of_them() {
    let broken = "
  validations:
  - {expression: object.spec.missing == 1}
";
    assert_eq!(statuses(broken, BINDING).first().unwrap().0, Status::Error);
    assert_eq!(statuses(&format!("{broken}  failurePolicy: Ignore\n"), BINDING).first().unwrap().0, Status::Pass);
    let conditions = "
  matchConditions:
  - {name: broken, expression: object.spec.missing == 1}
  - {name: other, expression: request.namespace == 'other'}
  validations:
  - {expression: 'false'}
";
    assert_eq!(statuses(conditions, BINDING).first().unwrap().0, Status::Skip);
    let error = conditions.replace("'other'", "'shop'");
    assert_eq!(statuses(&error, BINDING).first().unwrap().0, Status::Error);
    assert_eq!(statuses(&format!("{error}  failurePolicy: Ignore\n"), BINDING).first().unwrap().0, Status::Skip);
}

#[test]
fn rights_that_nobody_gave_are_unknown_and_not_denied() {
    let spec = "
  validations:
  - {expression: \"authorizer.group('apps').resource('deployments').namespace('shop').check('create').allowed()\"}
";
    let (status, message) = statuses(spec, BINDING).into_iter().next().unwrap();
    assert_eq!(status, Status::Error);
    assert!(message.contains("not known"), "{message}");
}
