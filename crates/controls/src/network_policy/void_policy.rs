//! Policies in a cluster whose network plugin does not enforce them.

use rampart_model::facts::network::Enforcement;
use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/void-policy",
    control: Control::NetworkPolicy,
    severity: Severity::High,
    title: "Network policy that nothing enforces",
    why: "The API server takes a NetworkPolicy whether or not the network plugin knows what to do with it. Where it does \
          not, all traffic flows, and only an attacker will notice.",
    fix: "Run a network plugin that enforces policies (Calico, Cilium, Antrea, kube-router and others), or add an \
          enforcing agent to the one in use.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.3.1"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let network = &facts.network;
    let settings = report.settings();
    let policies: Vec<_> = network.policies.iter().filter(|policy| settings.wants(policy.origin.namespace())).collect();
    if policies.is_empty() {
        return;
    }
    match network.enforcement() {
        Enforcement::Yes => report.examined(policies.len()),
        Enforcement::No => {
            report.examined(policies.len());
            let Some(plugin) = network.plugins.iter().find(|plugin| plugin.enforcement == Enforcement::No) else {
                return;
            };
            for policy in policies {
                let message = format!("the network plugin in use, {}, does not enforce this policy", plugin.name);
                let finding = report.finding(&policy.origin.subject, policy.origin.evidence.clone(), "", message);
                finding.cause(&plugin.origin.subject);
            }
        }
        Enforcement::Unknown => {
            if report.sees(facts, &["DaemonSet"]) {
                let (seen, remedy) = match network.plugins.first() {
                    Some(plugin) => (
                        format!(
                            "whether the network plugin in use, {}, enforces policies is not written down",
                            plugin.name
                        ),
                        "say so in the plugin's arguments, or test it with a policy that denies",
                    ),
                    None => (
                        "no network plugin was found, so it is not known whether anything enforces the policies"
                            .to_owned(),
                        "scan the manifests of the network plugin too, or the cluster itself",
                    ),
                };
                report.gap(seen, remedy);
            }
        }
    }
}
