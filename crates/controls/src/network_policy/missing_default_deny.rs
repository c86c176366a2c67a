//! Namespaces that no policy closes as a whole, per direction.

use rampart_model::facts::network::Traffic;
use rampart_model::{Check, Control, Facts, Mapping, PartState, Remedy, Reporter, Rule, Severity, Standard};

use crate::namespaces::space::{self, Direction, Space};

const MAPS_TO: &[Mapping] = &[
    Mapping(Standard::CisKubernetes, "5.3.2"),
    Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
];

pub(crate) static INGRESS: Rule = Rule {
    id: "network-policy/missing-default-deny-ingress",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Namespace without default deny of ingress",
    why: "A pod that no policy selects takes connections from every pod of the cluster. Whoever holds any of them reaches \
          databases and admin ports here that were never meant for it.",
    fix: "Add a NetworkPolicy with an empty pod selector and `policyTypes: [Ingress]`, then allow what is needed.",
    maps_to: MAPS_TO,
    check: Check::Cluster { run: run_ingress },
};

pub(crate) static EGRESS: Rule = Rule {
    id: "network-policy/missing-default-deny-egress",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Namespace without default deny of egress",
    why: "A pod that may open connections to anywhere can fetch tools, reach the cloud's metadata service and carry data \
          out of the cluster.",
    fix: "Add a NetworkPolicy with an empty pod selector and `policyTypes: [Egress]` that allows DNS, then allow what is \
          needed.",
    maps_to: MAPS_TO,
    check: Check::Cluster { run: run_egress },
};

fn run_ingress(facts: &Facts, report: &mut Reporter<'_>) {
    run(Direction::Ingress, facts, report);
}

fn run_egress(facts: &Facts, report: &mut Reporter<'_>) {
    run(Direction::Egress, facts, report);
}

fn run(direction: Direction, facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["NetworkPolicy"]) {
        return;
    }
    for space in space::judged(facts, report.settings()) {
        match space.default_deny(direction) {
            PartState::Met => report.examined(1),
            PartState::Unknown => report_foreign(&space, report),
            PartState::Missing => {
                report.examined(1);
                report_missing(&space, direction, report);
            }
        }
    }
}

/// Says that policies which are not evaluated may decide for a namespace.
pub(super) fn report_foreign(space: &Space<'_>, report: &mut Reporter<'_>) {
    let Some(policy) = space.foreign_policy else { return };
    report.gap(
        format!("pods of namespace `{}` may be limited by `{policy}`, a kind that is not evaluated", space.name),
        "ask the network plugin's own tool, or write the default deny as a NetworkPolicy",
    );
}

fn report_missing(space: &Space<'_>, direction: Direction, report: &mut Reporter<'_>) {
    let id = direction.id();
    let opening =
        space.policies.iter().find(|policy| policy.pods.is_everything() && direction.of(policy) == Traffic::Unlimited);
    let Some(opening) = opening else {
        let message = format!("no policy denies {id} by default in `{}`", space.name);
        let finding = report.finding(&space.subject(), space.evidence(), "", message);
        if let Some(yaml) = default_deny(space, direction) {
            finding.remedy(Remedy::Add { yaml });
        }
        return;
    };
    let message =
        format!("policy `{}` selects every pod of `{}` and allows all {id}", opening.origin.name(), space.name);
    report.finding(&space.subject(), space.evidence(), "", message).cause(&opening.origin.subject);
}

/// The policy that would close the namespace; none where its names cannot be written down safely or are taken.
fn default_deny(space: &Space<'_>, direction: Direction) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let name = format!("default-deny-{}", direction.id());
    if !space.name.bytes().all(is_plain) || space.policies.iter().any(|policy| policy.origin.name() == name) {
        return None;
    }
    // Quoted: a namespace may be called `123` or `true`.
    let head = format!(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {name}\n  namespace: \"{}\"\nspec:\n  \
         podSelector: {{}}\n",
        space.name
    );
    Some(match direction {
        Direction::Ingress => format!("{head}  policyTypes: [Ingress]\n"),
        Direction::Egress => format!("{head}  policyTypes: [Egress]\n{ALLOW_DNS}"),
    })
}

const ALLOW_DNS: &str = "  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - port: 53
          protocol: UDP
        - port: 53
          protocol: TCP
";
