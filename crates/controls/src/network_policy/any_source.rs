//! Ingress rules that name ports and no peers, for pods that nothing opens to the outside.

use rampart_model::facts::network::NetworkPolicy;
use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::namespaces::space::{self, Space};

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/any-source",
    control: Control::NetworkPolicy,
    severity: Severity::Low,
    title: "Ingress from every source to pods that are not published",
    why: "A rule without `from` lets every pod of every namespace in, and every address that has a route. For a port that \
          only neighbours use, that is as good as no policy.",
    fix: "Name the peers in `from`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.3.2"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    // A Service that could not be seen might publish the pods.
    if facts.network.policies.is_empty() || !report.sees(facts, &["Service"]) {
        return;
    }
    for space in space::all(facts, report.settings()) {
        report.examined(space.policies.len());
        for policy in &space.policies {
            if let Some(place) = &policy.any_source_at
                && !is_published(&space, policy)
            {
                let message = "a rule without peers lets every source in on its ports";
                report.finding(&policy.origin.subject, place.clone(), "", message);
            }
        }
    }
}

/// True where a Service leads from outside to a workload that the policy selects.
fn is_published(space: &Space<'_>, policy: &NetworkPolicy) -> bool {
    let external = space.services.iter().filter(|service| service.is_external());
    external.filter_map(|service| service.selector.as_ref()).any(|selector| {
        space
            .workloads
            .iter()
            .any(|workload| workload.may_be_selected(selector) && workload.may_be_selected(&policy.pods))
    })
}
