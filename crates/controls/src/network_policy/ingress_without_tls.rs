//! Ingresses that serve hosts in the clear.

use rampart_model::{Check, Control, Kinds, Mapping, Object, Place, Reporter, Rule, Severity, Standard, Value};

use super::INGRESSES;

pub(crate) static RULE: Rule = Rule {
    id: "network-policy/ingress-without-tls",
    control: Control::NetworkPolicy,
    severity: Severity::Medium,
    title: "Ingress without TLS",
    why: "What browsers and services send in the clear, passwords and session cookies too, can be read and changed by \
          everybody on the way.",
    fix: "List the host in `spec.tls` with the Secret of its certificate.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Network separation and hardening: Encryption"),
        Mapping(Standard::MitreAttack, "T1040"),
        Mapping(Standard::MitreAttack, "T1557"),
    ],
    check: Check::Object { kinds: Kinds::Of(INGRESSES), run },
};

/// By one of these, a controller ends TLS without `spec.tls`.
const TLS_ANNOTATIONS: &[&str] = &[
    "alb.ingress.kubernetes.io/certificate-arn",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "appgw.ingress.kubernetes.io/ssl-redirect",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/managed-certificates",
    "networking.gke.io/certmap",
    "nginx.ingress.kubernetes.io/ssl-passthrough",
    "traefik.ingress.kubernetes.io/router.tls",
    "route.openshift.io/termination",
];

/// How many hosts a message lists.
const LISTED: usize = 5;

fn run(ingress: &Object<'_>, report: &mut Reporter<'_>) {
    let Some(spec) = ingress.value().field("spec") else { return };
    if ingress.annotations().any(|(key, value)| TLS_ANNOTATIONS.contains(&key) && value != "false") {
        return;
    }
    let certificates = || spec.field("tls").into_iter().flat_map(Value::items);
    let is_covered = |host: &str| {
        certificates().any(|entry| match entry.field("hosts").filter(|hosts| !hosts.is_empty()) {
            // The controller's default certificate, for all.
            None => true,
            Some(hosts) => hosts.items().filter_map(Value::str).any(|covered| covers(covered, host)),
        })
    };
    let rules = || spec.field("rules").into_iter().flat_map(Value::items);
    let host = |rule: Value<'_>| rule.text_at(&["host"]).filter(|host| !host.is_empty()).unwrap_or("*").to_owned();
    let mut open: Vec<String> = rules().map(host).filter(|host| !is_covered(host)).collect();
    if rules().next().is_none() && certificates().next().is_none() {
        open.push("*".to_owned());
    }
    open.sort();
    open.dedup();
    if open.is_empty() {
        return;
    }
    let names: Vec<_> = open.iter().take(LISTED).map(|host| format!("`{host}`")).collect();
    let rest = open.len().saturating_sub(LISTED);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let place = spec.field("tls").map_or(Place::Missing(spec, "tls"), Place::At);
    report.finding(&ingress.subject(), place, "", format!("serves {}{more} without TLS", names.join(", ")));
}

/// A certificate's host, which may begin with `*.` for one label.
fn covers(covered: &str, host: &str) -> bool {
    let parent = |name: &str| name.split_once('.').map(|(_, parent)| parent.to_ascii_lowercase());
    covered.eq_ignore_ascii_case(host) || (covered.starts_with("*.") && parent(covered) == parent(host))
}
