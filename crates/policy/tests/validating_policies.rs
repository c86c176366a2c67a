//! Kyverno's ValidatingPolicies against objects: controllers, match conditions, exceptions, functions that look beyond.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read must stop the test")]

use std::sync::Arc;

use rampart_model::{Document, Limits, Object, SourceText};
use rampart_policy::policies::{Exception, ValidatingPolicy};
use rampart_policy::{Review, Status, World};

fn documents(text: &str) -> Vec<Document> {
    let (documents, error) =
        Document::all_from_yaml(&Arc::new(SourceText::new("fixture.yaml", text)), &Limits::STANDARD);
    assert!(error.is_none(), "{error:?}");
    documents
}

/// Judges one object by a policy of this specification, with exceptions and other objects around.
fn judge(kind: &str, spec: &str, object: &str, others: &str) -> Vec<(Status, String)> {
    let policy = documents(&format!(
        "apiVersion: policies.kyverno.io/v1\nkind: {kind}\nmetadata: {{name: p, namespace: shop}}\nspec:\n{spec}"
    ));
    let (object, others) = (documents(object), documents(others));
    let others: Vec<_> = others.iter().flat_map(Object::all).collect();
    let exceptions: Vec<_> = others.iter().filter_map(|object| Exception::read(*object)).collect();
    let policy = Object::of(policy.first().unwrap().root()).unwrap();
    let policy = ValidatingPolicy::read(policy, &exceptions).unwrap().unwrap();
    let review = Review::of_object(Object::of(object.first().unwrap().root()).unwrap());
    let answers = policy.judge(&review, &World::of(others, true));
    answers.into_iter().map(|answer| (answer.status, answer.message)).collect()
}

fn status(spec: &str, object: &str, others: &str) -> Option<Status> {
    judge("ValidatingPolicy", spec, object, others).first().map(|(status, _)| *status)
}

const PODS: &str = "
  matchConstraints:
    resourceRules:
    - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
";

const POD: &str = "
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {hostNetwork: true, containers: [{name: a, image: 'ghcr.io/a/b:1'}]}
";

const CRON_JOB: &str = "
apiVersion: batch/v1
kind: CronJob
metadata: {name: web, namespace: shop}
spec: {jobTemplate: {spec: {template: {spec: {hostNetwork: true, containers: []}}}}}
";

fn host_network(more: &str) -> String {
    format!(
        "{PODS}{more}  validations:\n  - {{expression: 'object.spec.hostNetwork == false', message: no host network}}\n"
    )
}

#[test]
fn a_rule_for_pods_is_one_for_their_controllers_too() {
    let failed = vec![(Status::Fail, "no host network".to_owned())];
    assert_eq!(judge("ValidatingPolicy", &host_network(""), POD, ""), failed);
    assert_eq!(judge("ValidatingPolicy", &host_network(""), CRON_JOB, ""), failed);
    let few = host_network("  autogen: {podControllers: {controllers: [deployments]}}\n");
    assert!(judge("ValidatingPolicy", &few, CRON_JOB, "").is_empty());
}

#[test]
fn a_namespaced_policy_sees_its_namespace_only() {
    assert_eq!(judge("NamespacedValidatingPolicy", &host_network(""), POD, "").len(), 1);
    let elsewhere = POD.replace("namespace: shop", "namespace: other");
    assert!(judge("NamespacedValidatingPolicy", &host_network(""), &elsewhere, "").is_empty());
    let looking = format!(
        "{PODS}  validations: [{{expression: \"resource.Get('v1', 'configmaps', 'other', 'a').data.x == 'y'\"}}]\n"
    );
    let answers = judge("NamespacedValidatingPolicy", &looking, POD, "");
    assert!(
        matches!(answers.as_slice(), [(Status::Error, message)] if message.contains("may not look")),
        "{answers:?}"
    );
}

#[test]
fn conditions_take_out_and_their_errors_are_told_unless_ignored() {
    let condition = |expression: &str| format!("  matchConditions:\n  - {{name: c, expression: \"{expression}\"}}\n");
    assert_eq!(status(&host_network(&condition("object.metadata.name == 'db'")), POD, ""), Some(Status::Skip));
    assert_eq!(status(&host_network(&condition("object.metadata.missing == 'db'")), POD, ""), Some(Status::Error));
    let ignoring = condition("object.metadata.missing == 'db'") + "  failurePolicy: Ignore\n";
    assert_eq!(status(&host_network(&ignoring), POD, ""), Some(Status::Skip));
}

#[test]
fn exceptions_take_out_what_they_are_about() {
    let exception = |condition: &str, more: &str| {
        format!(
            "apiVersion: policies.kyverno.io/v1\nkind: PolicyException\nmetadata: {{name: e, namespace: shop}}\nspec:\n  policyRefs: [{{name: p, kind: ValidatingPolicy}}]\n  matchConditions: [{{name: c, expression: \"{condition}\"}}]\n{more}"
        )
    };
    let mine = "object.metadata.name == 'web'";
    assert_eq!(status(&host_network(""), POD, &exception(mine, "")), Some(Status::Skip));
    assert_eq!(status(&host_network(""), POD, &exception(mine, "  reportResult: pass\n")), Some(Status::Pass));
    assert_eq!(status(&host_network(""), POD, &exception("object.metadata.name == 'db'", "")), Some(Status::Fail));
    // One with values lets the expressions decide.
    let spec = format!("{PODS}  validations: [{{expression: \"'net' in exceptions.allowedValues\"}}]\n");
    assert_eq!(status(&spec, POD, &exception(mine, "  allowedValues: [net]\n")), Some(Status::Pass));
    assert_eq!(status(&spec, POD, ""), Some(Status::Fail));
}

#[test]
fn functions_look_at_what_is_given_and_say_when_that_is_nothing() {
    let others = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop, labels: {x: 'y'}}\ndata: {host: ghcr.io}\n";
    for (expression, wanted) in [
        ("resource.Get('v1', 'configmaps', 'shop', 'a').data.host == 'ghcr.io'", Status::Pass),
        ("resource.List('v1', 'configmaps', 'shop').items.orValue([]).size() == 1", Status::Pass),
        ("resource.List('v1', 'configmaps', 'shop', {'x': 'z'}).items.size() == 0", Status::Pass),
        (
            "object.spec.containers.all(c, image(c.image).registry() == 'ghcr.io' && image(c.image).tag() == '1')",
            Status::Pass,
        ),
        (
            "image('nginx').registry() == 'index.docker.io' && image('nginx').repository() == 'library/nginx'",
            Status::Pass,
        ),
        ("parseServiceAccount('system:serviceaccount:a:b').Name == 'b'", Status::Pass),
        ("namespaceObject.metadata.name == 'shop' && request.operation == 'CREATE'", Status::Pass),
        ("yaml.parse('a: 1').a == 1 && listObjToMap([{'k': 'a'}], [{'v': 2}], 'k', 'v') == {'a': 2}", Status::Pass),
        ("json.unmarshal('[1]')[0] == 1 && math.round(1.256, 2) == 1.26", Status::Pass),
        ("resource.Get('v1', 'configmaps', 'shop', 'b').data.host == ''", Status::Error),
        ("image.GetMetadata('ghcr.io/a/b:1').config.user == ''", Status::Error),
        ("verifyImageSignatures('ghcr.io/a/b:1', []) > 0", Status::Error),
        ("http.Get('https://example.com').x == 1", Status::Error),
        ("time.now() == time.now()", Status::Error),
    ] {
        let spec = format!("{PODS}  validations:\n  - expression: \"{expression}\"\n");
        assert_eq!(status(&spec, POD, others), Some(wanted), "{expression}");
    }
}

#[test]
fn a_variable_may_use_those_before_it_and_binds_its_own_names() {
    let spec = format!(
        "{PODS}  variables:\n  - {{name: all, expression: 'object.spec.containers.filter(c, c.name != \"x\")'}}\n  - {{name: images, expression: 'variables.all.map(c, c.image)'}}\n  validations: [{{expression: 'variables.images.exists(i, i.startsWith(\"ghcr.io\"))'}}]\n"
    );
    assert_eq!(status(&spec, POD, ""), Some(Status::Pass));
}

#[test]
fn signatures_are_never_taken_for_checked() {
    let spec = |expression: &str| {
        format!(
            "{PODS}  matchImageReferences: [{{glob: 'ghcr.io/*'}}]\n  attestors: [{{name: notary, notary: {{}}}}]\n  validations: [{{expression: \"{expression}\"}}]\n"
        )
    };
    let signed = "images.containers.map(i, verifyImageSignatures(i, [attestors.notary])).all(n, n > 0)";
    let judged = |expression: &str, object: &str| {
        judge("ImageValidatingPolicy", &spec(expression), object, "").into_iter().next().unwrap()
    };
    let (status, message) = judged(signed, POD);
    assert_eq!(status, Status::Error);
    assert!(message.contains("not checked here"), "{message}");
    assert_eq!(judged("images.containers.all(i, i.startsWith('docker.io'))", POD).0, Status::Fail);
    // Of an image that the policy is not about it asks nothing.
    assert_eq!(judged(signed, &POD.replace("ghcr.io", "quay.io")).0, Status::Pass);
}
