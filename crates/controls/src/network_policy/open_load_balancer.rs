//! Load balancers that take connections from every address.

use rampart_model::{Check, Control, Kinds, Mapping, Object, Place, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/open-load-balancer",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Load balancer open to every address",
    why: "A Service of type LoadBalancer stands on the Internet within minutes, and scanners find it within hours; without \
          source ranges, everybody reaches the pods behind it.",
    fix: "List who may connect in `loadBalancerSourceRanges`, make the load balancer internal, or publish through one \
          guarded Ingress or Gateway.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Network separation and hardening: Network policies"),
        Mapping(Standard::MitreAttack, "T1190"),
        Mapping(Standard::MitreAttack, "T1133"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["Service"]), run },
};

fn run(service: &Object<'_>, report: &mut Reporter<'_>) {
    let spec = service.value().field("spec").filter(|spec| spec.text_at(&["type"]) == Some("LoadBalancer"));
    let Some(spec) = spec.filter(|_| service.group().is_empty()) else { return report.not_concerned() };
    if service.annotations().any(|(key, value)| is_internal(key, value) || limits_sources(key, value)) {
        return;
    }
    let ranges = spec.field("loadBalancerSourceRanges").filter(|ranges| !ranges.is_empty());
    match ranges {
        None => {
            let place = Place::Missing(spec, "loadBalancerSourceRanges");
            report.finding(&service.subject(), place, "", "the load balancer has no source ranges");
        }
        Some(ranges) => {
            let open = ranges.items().find(|range| range.str().is_some_and(|range| range.trim().ends_with("/0")));
            if let Some(open) = open {
                let message = format!("the load balancer's source ranges include `{}`", open.str().unwrap_or(""));
                report.finding(&service.subject(), open, "", message);
            }
        }
    }
}

/// Every cloud has an annotation of its own; they agree in the words.
fn is_internal(key: &str, value: &str) -> bool {
    let says_internal = value.eq_ignore_ascii_case("internal") || (key.ends_with("internal") && value != "false");
    let is_openstack = key == "service.beta.kubernetes.io/openstack-internal-load-balancer" && value == "true";
    is_openstack || (key.contains("load-balancer") && says_internal)
}

fn limits_sources(key: &str, value: &str) -> bool {
    key.ends_with("load-balancer-source-ranges")
        && !value.trim().is_empty()
        && value.split(',').all(|range| !range.trim().ends_with("/0"))
}
