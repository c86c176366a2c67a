//! Rules for a direction that the policy does not speak of.

use rampart_model::facts::network::policy::directions;
use rampart_model::{Check, Control, Kinds, Mapping, Object, Remedy, Reporter, Rule, Severity, Standard};

use super::NETWORK_POLICIES;

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/ignored-rules",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Network policy whose rules are ignored",
    why: "Rules of a direction that `policyTypes` leaves out have no effect: the pods stay open in that direction, while \
          the policy reads as if it limited them.",
    fix: "Add the direction to `policyTypes`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.3.2"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
    ],
    check: Check::Object { kinds: Kinds::Of(NETWORK_POLICIES), run },
};

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(spec) = policy.value().field("spec") else { return };
    let (ingress, egress) = directions(spec);
    for (list, name, is_closed) in [("ingress", "Ingress", ingress), ("egress", "Egress", egress)] {
        let Some(rules) = spec.field(list).filter(|rules| !is_closed && !rules.is_empty()) else { continue };
        let message = format!("has {list} rules, and `policyTypes` lacks `{name}`");
        let path = spec.path().join("policyTypes");
        report
            .finding(&policy.subject(), rules, list, message)
            .remedy(Remedy::Append { path, json: format!("\"{name}\"") });
    }
}
