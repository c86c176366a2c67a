//! The remedies of pod-security rules, applied to the manifest, remove what they were proposed for.

#![expect(clippy::expect_used, reason = "a broken test manifest must stop the test")]

use rampart_controls::{Evaluator, plan, rules};
use rampart_model::document::read_documents;
use rampart_model::{Finding, Limits, Settings, SourceText};

fn findings(text: &str) -> Vec<Finding> {
    let mut settings = Settings::new("2026-06-01T00:00:00Z".parse().expect("a date"));
    settings.kubernetes_version = Some("v1.37".parse().expect("a version"));
    let own: Vec<_> = rules().into_iter().filter(|rule| rule.id.starts_with("pod-security/")).collect();
    let mut evaluator = Evaluator::new(&settings, &own);
    let (documents, errors) = read_documents(SourceText::new("m.yaml", text), &Limits::STANDARD);
    assert_eq!(errors, [], "{text}");
    documents.iter().for_each(|document| evaluator.document(document));
    evaluator.finish("m.yaml", Vec::new()).findings
}

fn short(findings: &[Finding]) -> Vec<String> {
    let mut short: Vec<_> =
        findings.iter().map(|finding| format!("{} {} {}", finding.rule, finding.subject.name, finding.key)).collect();
    short.sort();
    short
}

/// Applies every remedy; gives the new text and what is still found in it.
fn fixed(text: &str) -> (String, Vec<String>) {
    let before = findings(text);
    let plan = plan::change("m.yaml", text, &before.iter().collect::<Vec<_>>());
    assert_eq!(plan.refused, Vec::<String>::new(), "{text}");
    let after = findings(&plan.after);
    let mut expected = short(&before.into_iter().filter(|finding| finding.remedies.is_empty()).collect::<Vec<_>>());
    // Whether a namespace refuses a workload follows from the workload's other findings.
    expected.retain(|line| !line.starts_with("pod-security/namespace-rejects"));
    let mut left = short(&after);
    left.retain(|line| !line.starts_with("pod-security/namespace-rejects"));
    assert_eq!(left, expected, "{}", plan.after);
    (plan.after, short(&after))
}

#[test]
fn a_plain_deployment_becomes_restricted() {
    let text = "# the shop's front
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: app # serves
        image: registry.example/app:1
      - name: log
        image: registry.example/log:1
        securityContext:
          runAsUser: 1000
          capabilities:
            drop:
            - NET_RAW
";
    let (after, left) = fixed(text);
    assert_eq!(left, Vec::<String>::new(), "{after}");
    assert!(after.starts_with("# the shop's front\n") && after.contains("# serves"), "{after}");
}

#[test]
fn dangerous_settings_are_taken_away() {
    let text = "apiVersion: v1
kind: Pod
metadata:
  name: agent
  annotations:
    container.apparmor.security.beta.kubernetes.io/app: unconfined
spec:
  hostNetwork: true
  hostPID: true
  hostIPC: true
  securityContext:
    runAsNonRoot: false
    seccompProfile:
      type: Unconfined
    appArmorProfile: {type: Unconfined}
    windowsOptions:
      hostProcess: true
    seLinuxOptions:
      type: spc_t
      user: system_u
      level: s0
  containers:
  - name: app
    ports:
    - containerPort: 8080
      hostPort: 80
    - {containerPort: 8081, hostPort: 81}
    livenessProbe:
      httpGet:
        host: 127.0.0.1
        port: 8080
    securityContext:
      privileged: true
      procMount: Unmasked
      allowPrivilegeEscalation: true
      seccompProfile: {type: Unconfined}
      capabilities:
        drop: []
";
    let (after, left) = fixed(text);
    assert_eq!(left, Vec::<String>::new(), "{after}");
}

#[test]
fn escalation_and_privilege_go_together_where_only_one_is_fixed() {
    let text = "apiVersion: v1
kind: Pod
metadata: {name: agent}
spec: {containers: [{name: app, securityContext: {privileged: true}}]}
";
    let before = findings(text);
    let escalation: Vec<_> =
        before.iter().filter(|finding| finding.rule == "pod-security/privilege-escalation").collect();
    let after = plan::change("m.yaml", text, &escalation).after;
    assert!(after.contains("privileged: false") && after.contains("allowPrivilegeEscalation: false"), "{after}");
}

#[test]
fn what_only_a_person_can_decide_stays() {
    let text = "apiVersion: v1
kind: Pod
metadata: {name: tool}
spec:
  securityContext: {seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: app
    securityContext:
      runAsUser: 0
      allowPrivilegeEscalation: false
      capabilities: {drop: [ALL], add: [NET_ADMIN]}
  volumes:
  - name: logs
    hostPath: {path: /var/log}
";
    let (after, left) = fixed(text);
    assert_eq!(after, text);
    let expected = [
        "pod-security/capabilities tool app NET_ADMIN",
        "pod-security/host-path-volumes tool logs",
        "pod-security/run-as-non-root tool app",
        "pod-security/run-as-user tool app",
    ];
    assert_eq!(left, expected);
}

#[test]
fn namespaces_get_their_labels() {
    let text = "apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: Namespace
metadata:
  name: bank
  labels:
    pod-security.kubernetes.io/enforce: Restricted
    pod-security.kubernetes.io/enforce-version: v1.20
---
apiVersion: v1
kind: Namespace
metadata:
  name: quiet
  labels:
    pod-security.kubernetes.io/enforce: restricted
    pod-security.kubernetes.io/warn: baseline
    pod-security.kubernetes.io/audit: privileged
";
    let (after, left) = fixed(text);
    assert_eq!(left, Vec::<String>::new(), "{after}");
    assert!(after.contains("pod-security.kubernetes.io/enforce: baseline"), "{after}");
}
