//! A hand-made evaluation for tests, with the names that an attacker would choose.

use std::collections::BTreeMap;

use rampart_model::baseline::{BaselinePart, NamespaceBaseline, PartState};
use rampart_model::evaluation::{RuleSummary, Waived};
use rampart_model::rule::{Check, Kinds, Mapping, Standard};
use rampart_model::waiver::SubjectSelector;
use rampart_model::{
    Control, ControlSummary, Counts, Diagnostic, Evaluation, Evidence, Finding, Gap, Location, Remedy, Rule, Severity,
    Subject, Verdict, Waiver,
};

use crate::{Layout, ReportContext};

static PRIVILEGED: Rule = Rule {
    id: "pod-security/privileged",
    control: Control::PodSecurity,
    severity: Severity::Critical,
    title: "Container is privileged",
    why: "A privileged container holds every capability and every device of the node; who breaks out of the process owns the node.",
    fix: "Remove `privileged: true` and add the single capabilities that are needed.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "baseline"), Mapping(Standard::CisKubernetes, "5.2.2")],
    check: Check::Pod { run: |_, _| {} },
};
static WILDCARD: Rule = Rule {
    id: "rbac/wildcard-verb",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Role allows every verb",
    why: "`*` includes escalate, bind and impersonate.",
    fix: "List the verbs that are used.",
    maps_to: &[Mapping(Standard::MitreAttack, "T1078")],
    check: Check::Object { kinds: Kinds::Of(&["ClusterRole"]), run: |_, _| {} },
};
static QUOTA: Rule = Rule {
    id: "namespaces/no-quota",
    control: Control::Namespaces,
    severity: Severity::Low,
    title: "Namespace has no quota",
    why: "One tenant can take all memory of the cluster.",
    fix: "Add a ResourceQuota.",
    maps_to: &[],
    check: Check::Cluster { run: |_, _| {} },
};

pub(crate) static RULES: [&Rule; 3] = [&QUOTA, &PRIVILEGED, &WILDCARD];

pub(crate) fn context() -> ReportContext<'static> {
    ReportContext {
        version: "1.2.3",
        generated: Some("2031-05-06T07:08:09Z"),
        rules: &RULES,
        layout: Layout { width: 100, colour: false, limit: 20 },
    }
}

fn subject(api_version: &str, kind: &str, namespace: &str, name: &str) -> Subject {
    Subject { api_version: api_version.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() }
}

fn location(file: &str, line: u32, column: u32, end_column: u32) -> Location {
    Location { file: file.into(), line, column, end_line: line, end_column }
}

fn finding(rule: &Rule, subject: Subject, key: &str, message: &str, evidence: Evidence) -> Finding {
    Finding {
        rule: rule.id,
        control: rule.control,
        severity: rule.severity,
        subject,
        key: key.into(),
        message: message.into(),
        evidence: Box::new(evidence),
        due: None,
        remedies: Vec::new(),
        cause: None,
    }
}

/// An evaluation whose open text is all `name`.
pub(crate) fn named(name: &str) -> Evaluation {
    let mut evaluation = evaluation();
    for finding in evaluation.findings.iter_mut().chain(evaluation.waived.iter_mut().map(|waived| &mut waived.finding))
    {
        finding.subject = subject(name, name, name, name);
        finding.key = name.into();
        finding.message = format!("in `{name}`");
        finding.evidence.value = Some(name.into());
        finding.evidence.excerpt = Some(name.into());
        finding.evidence.path = finding.evidence.path.clone().join("a");
        finding.evidence.path.0.push(rampart_model::Step::key(name));
        if let Some(location) = &mut finding.evidence.location {
            location.file = name.into();
        }
        finding.cause = finding.cause.as_ref().map(|_| Box::new(subject("v1", name, "", name)));
    }
    for gap in &mut evaluation.gaps {
        gap.reason = name.into();
        gap.remedy = name.into();
    }
    for diagnostic in &mut evaluation.diagnostics {
        diagnostic.source = name.into();
        diagnostic.message = name.into();
    }
    for waived in &mut evaluation.waived {
        waived.waiver.reason = name.into();
        waived.waiver.owner = name.into();
        waived.waiver.origin = name.into();
    }
    evaluation.namespaces[0].namespace = name.into();
    evaluation.target = name.into();
    evaluation.kinds.insert(name.into(), 1);
    evaluation
}

/// A namespace with the first `met` parts of its baseline; of the rest, one is unknown.
fn namespace(name: &str, met: usize) -> NamespaceBaseline {
    let state = |position: usize| match position {
        position if position < met => PartState::Met,
        3 => PartState::Unknown,
        _ => PartState::Missing,
    };
    let parts = BaselinePart::ALL.into_iter().enumerate().map(|(position, part)| (part, state(position))).collect();
    NamespaceBaseline { namespace: name.into(), parts }
}

pub(crate) fn evaluation() -> Evaluation {
    let privileged = |name: &str, line: u32| {
        let mut finding = finding(
            &PRIVILEGED,
            subject("apps/v1", "Deployment", "shop", name),
            "app",
            "container `app` runs privileged",
            Evidence {
                path: "spec.template.spec.containers[0].securityContext.privileged".parse().unwrap(),
                location: Some(location("deploy/shop.yaml", line, 11, 27)),
                document: 2,
                value: Some("true".into()),
                excerpt: Some("          privileged: true  # needed".into()),
            },
        );
        finding.remedies = vec![
            Remedy::Set { path: finding.evidence.path.clone(), json: "false".into() },
            Remedy::Append {
                path: "spec.template.spec.containers[0].securityContext.capabilities.drop".parse().unwrap(),
                json: "\"ALL\"".into(),
            },
        ];
        finding
    };
    let hostile = finding(
        &WILDCARD,
        subject(
            "rbac.authorization.k8s.io/v1",
            "ClusterRole",
            "",
            "<script>alert('x')</script>\u{1b}[2J\u{202e}\"|`\n=cmd",
        ),
        "=cmd|' /C calc'!A0",
        "rule 0 allows every verb on `<img src=x onerror=alert(1)>`, ]]> & \u{1b}]0;owned\u{7}",
        Evidence {
            path: "rules[0].verbs[0]".parse().unwrap(),
            location: Some(location("deploy/<b>\u{1b}[31m.yaml", 7, 10, 13)),
            document: 0,
            value: Some("*".into()),
            excerpt: Some("\tverbs: [\"*\"] # \u{1b}[31m</pre> 日本".into()),
        },
    );
    let mut caused = finding(
        &WILDCARD,
        subject("rbac.authorization.k8s.io/v1", "RoleBinding", "shop", "+admins"),
        "-1",
        "@binds a role that allows every verb",
        Evidence { path: "roleRef.name".parse().unwrap(), value: Some("admin".into()), ..Evidence::default() },
    );
    caused.cause = Some(Box::new(subject("rbac.authorization.k8s.io/v1", "Role", "shop", "admin")));
    let quota = finding(
        &QUOTA,
        Subject::namespace("shop"),
        "",
        "no ResourceQuota limits the namespace `shop`",
        Evidence::default(),
    );
    let mut findings = vec![privileged("cart", 21), privileged("pay", 61), hostile, caused, quota];
    findings.sort_by(Finding::order);
    let waived = vec![Waived {
        finding: privileged("node-agent", 101),
        waiver: Waiver {
            rule: "pod-security/*".into(),
            subject: SubjectSelector::default(),
            reason: "reads the node's devices; </td> reviewed".into(),
            owner: "team-node".into(),
            expires: jiff::civil::date(2031, 12, 31),
            origin: ".rampart.yaml:4".into(),
        },
    }];
    let controls = Control::ALL
        .into_iter()
        .map(|control| {
            let own = findings.iter().filter(|finding| finding.control == control);
            let counts = Counts::of(own);
            let (verdict, score, coverage, examined) = match control {
                Control::PodSecurity => (Verdict::Fail, Some(40), 100, 12),
                Control::Rbac => (Verdict::Fail, Some(75), 100, 8),
                Control::Namespaces => (Verdict::Fail, Some(90), 50, 3),
                Control::Secrets => (Verdict::Pass, Some(100), 100, 4),
                _ => (Verdict::Unknown, None, 0, 0),
            };
            ControlSummary { control, verdict, score, coverage, examined, counts }
        })
        .collect();
    let gap = |control: Control, rule, reason: &str, remedy: &str| Gap {
        control,
        rule,
        reason: reason.into(),
        remedy: remedy.into(),
    };
    Evaluation {
        target: "examples/shop".into(),
        controls,
        rules: RULES.iter().map(|rule| RuleSummary { rule: rule.id, examined: 12, failed: 2, gaps: 0 }).collect(),
        findings,
        gaps: vec![
            gap(
                Control::ImageScanning,
                "image-scanning/images-scanned",
                "Manifests name images only.",
                "run `rampart image scan REF`",
            ),
            gap(Control::NetworkPolicy, "", "listing `networkpolicies` is forbidden", "grant `list` on it"),
        ],
        waived,
        diagnostics: vec![
            Diagnostic {
                source: "deploy/shop.yaml".into(),
                line: 3,
                column: 1,
                message: "the key `a` stands twice; remove one".into(),
                lost: false,
            },
            Diagnostic::lost("deploy/broken.yaml", "not UTF-8; save it as UTF-8"),
        ],
        namespaces: vec![namespace("shop", 0), namespace("bank", 7)],
        kinds: BTreeMap::from([
            ("apps/Deployment".to_owned(), 12),
            ("rbac.authorization.k8s.io/ClusterRole".to_owned(), 8),
        ]),
    }
}
