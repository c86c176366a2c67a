//! Policies of administrators that overrule those of the namespaces for everybody.

use rampart_model::facts::network::policy::tier_rule_is_total;
use rampart_model::{Check, Control, Kinds, Mapping, Object, Reporter, Rule, Severity, Standard, Value};

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/admin-allow-all",
    control: Control::NetworkPolicy,
    severity: Severity::High,
    title: "Administrator's policy that lets every pod in",
    why: "A rule of the administrators' tier that accepts all namespaces is asked first: what the namespaces' own policies \
          deny is never looked at.",
    fix: "Name the namespaces and ports, or use the action `Pass` so that the namespaces' policies decide.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.3.2"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
    ],
    check: Check::Object {
        kinds: Kinds::Of(&[
            "policy.networking.k8s.io/AdminNetworkPolicy",
            "policy.networking.k8s.io/ClusterNetworkPolicy",
        ]),
        run,
    },
};

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(spec) = policy.value().field("spec") else { return };
    if spec.text_at(&["tier"]) == Some("Baseline") {
        return report.not_concerned();
    }
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        let mut rules = spec.field(direction).into_iter().flat_map(Value::items);
        let total =
            rules.find(|rule| ["Allow", "Accept"].iter().any(|action| tier_rule_is_total(*rule, action, peers)));
        if let Some(rule) = total {
            let message =
                format!("allows {direction} for the pods of every namespace before any other policy is asked");
            report.finding(&policy.subject(), rule, direction, message);
        }
    }
}
