//! Namespaces that lack some of what each should have.

use rampart_model::{Check, Control, Facts, Mapping, PartState, Reporter, Rule, Severity, Standard};

use super::{baseline, space};

pub(crate) static RULE: Rule = Rule {
    id: "namespaces/incomplete-baseline",
    control: Control::Namespaces,
    severity: Severity::Low,
    title: "Namespace without a complete baseline",
    why: "A namespace separates nothing by itself. Quota, limits, Pod Security, default deny and own identities make the \
          border; each that is missing is a way for one workload's trouble to become its neighbours'.",
    fix: "Give the namespace what the finding names, best from one template for all namespaces.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.6.1"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Namespaces"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let spaces = space::judged(facts, report.settings());
    report.examined(spaces.len());
    if !spaces.is_empty() {
        report.sees(facts, &["Namespace", "ResourceQuota", "LimitRange", "NetworkPolicy", "ServiceAccount"]);
    }
    for space in &spaces {
        let baseline = baseline::of(space, facts);
        let missing: Vec<_> = baseline
            .parts
            .iter()
            .filter(|(_, state)| *state == PartState::Missing)
            .map(|(part, _)| part.title())
            .collect();
        if missing.is_empty() {
            continue;
        }
        let score = baseline.score().unwrap_or(0);
        let message = format!("the baseline is {score} % complete; missing: {}", missing.join(", "));
        report.finding(&space.subject(), space.evidence(), "", message);
    }
}
