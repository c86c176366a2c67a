//! No secret value gets out: whatever token stands wherever in an object, no finding of any rule shows it.

use std::sync::Arc;

use proptest::prelude::*;
use rampart_controls::{Evaluator, rules};
use rampart_model::{Document, Limits, Settings, SourceText};
use rampart_testkit::tokens::{password, tokens};

/// Objects with a place for a token: `@` stands for it as a JSON string without its quotes, `@@` for it as a string
/// within a string.
const PLANTINGS: &[&str] = &[
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: nginx\n        env:\n        - name: SETTING\n          value: \"@\"\n        securityContext: {privileged: true}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {hostNetwork: true, containers: [{name: app, image: nginx, env: [{name: SETTING, value: \"@\"}], securityContext: {privileged: true}}]}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: nginx\n    args: [--verbose, \"@\", \"--flag=@\"]\n    command: [sh, -c, \"run @; run again\"]\n",
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n    note: \"@\"\n    more: \"see @ for that\"\n  labels: {a: \"@\"}\nspec: {containers: [{name: app, image: \"registry.example/@:1\"}, {name: \"@\"}]}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  single: \"@\"\n  app.conf: \"first=1\\nsetting=@\\nlast=2\"\n  app.json: \"{\\\"a\\\": \\\"@@\\\", \\\"b\\\": 1}\"\n",
    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"{\\\"x\\\":\\\"@@\\\"}\"}},\"spec\":{\"hostPID\":true,\"containers\":[{\"name\":\"app\",\"image\":\"nginx\",\"env\":[{\"name\":\"A\",\"value\":\"@\"}],\"args\":[\"x@\",\"@\"]}]}}",
    "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"},\"stringData\":{\"a\":\"@\"}},{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"b\"},\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"nginx\"}]}}]}",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: \"@\"} # @\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, annotations: {b: \"@\", eks.amazonaws.com/role-arn: \"@\"}}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: \"@\"}\nrules: [{apiGroups: [\"*\"], resources: [\"*\"], verbs: [\"*\"], resourceNames: [\"@\"]}]\n",
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\nspec: {values: {setting: \"@\", list: [\"@\"]}}\n",
    "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a, annotations: {nginx.ingress.kubernetes.io/configuration-snippet: \"proxy_set_header X @;\"}}\nspec: {rules: [{host: \"*\"}]}\n",
];

/// Places that only the key makes secret.
const KEYED: &[&str] = &[
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: nginx\n    env:\n    - name: DB_PASSWORD\n      value: @\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {hostNetwork: true, containers: [{name: app, image: nginx, env: [{name: DB_PASSWORD, value: @}]}]}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: nginx\n    args:\n    - --password\n    - @\n    - --admin-password=@\n",
    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"},\"spec\":{\"hostPID\":true,\"containers\":[{\"name\":\"app\",\"image\":\"nginx\",\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"@\"}],\"args\":[\"--password\",\"@\",\"--db-password=@\"]}]}}",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  DB_PASSWORD: @\n  app.conf: |\n    password = @\n    <password>@</password>\n  app.json: '{\"db\": {\"password\": \"@\"}}'\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {note: @}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: c}\nspec: {hostPID: true, containers: [{name: app}]}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\ndata:\n  note: |\n    @\n",
    "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"{\\\"data\\\":{\\\"x\\\":\\\"@\\\"}}\"},\"name\":\"a\",\"namespace\":\"default\"},\"data\":{\"x\":\"@\"}}",
];

/// All that an evaluation of the text says, by every rule there is.
fn said(text: &str) -> String {
    let settings = Settings::new("2026-06-01T00:00:00Z".parse().unwrap_or_default());
    let (documents, error) =
        Document::all_from_yaml(&Arc::new(SourceText::new("planted.yaml", text)), &Limits::STANDARD);
    assert_eq!(error, None, "{text}");
    let mut evaluator = Evaluator::new(&settings, &rules());
    for document in &documents {
        evaluator.document(document);
    }
    let evaluation = evaluator.finish("planted", Vec::new());
    // The names of objects stay: they identify the finding.
    evaluation
        .findings
        .iter()
        .map(|finding| {
            format!(
                "{} {:?} {:?} {:?}\n",
                finding.message, finding.key, finding.evidence.value, finding.evidence.excerpt
            )
        })
        .chain(evaluation.gaps.iter().map(|gap| format!("{gap:?}\n")))
        .chain(evaluation.diagnostics.iter().map(|diagnostic| format!("{diagnostic:?}\n")))
        .collect()
}

fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.trim_matches('"').to_owned() + if text.ends_with('"') { "\"" } else { "" }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_token_anywhere_in_an_object_is_never_shown(seed in any::<u64>(), noise in "[a-z ]{0,20}") {
        for token in tokens(seed) {
            for planting in PLANTINGS {
                let once = quoted(&token.text);
                let places = planting.replace("@@", "\u{1}").replace('@', "\u{2}");
                let text = places.replace('\u{1}', &quoted(&once)).replace('\u{2}', &format!("{noise}{once}"));
                let said = said(&text);
                prop_assert!(!said.contains(&token.secret), "{} in {text}\n{said}", token.looks_like);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_password_under_its_name_is_never_shown(seed in any::<u64>()) {
        let password = password(seed);
        for planting in KEYED {
            let text = planting.replace('@', &password);
            let said = said(&text);
            prop_assert!(!said.contains(&password), "{password} in {text}\n{said}");
        }
    }
}
