//! etcd that serves clients without knowing them.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/etcd-client-auth",
    control: Control::Certificates,
    severity: Severity::High,
    title: "etcd does not ask clients for certificates",
    why: "Whoever reaches its port reads and writes every object of the cluster, secrets included, past all access \
          rules.",
    fix: "Set --client-cert-auth=true, --cert-file, --key-file and --trusted-ca-file, listen on https, and leave \
          --auto-tls off.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "2.1"),
        Mapping(Standard::CisKubernetes, "2.2"),
        Mapping(Standard::CisKubernetes, "2.3"),
        Mapping(Standard::MitreAttack, "T1552.007"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::Etcd, report) {
        if component.is_on("client-cert-auth") != Some(true) {
            let complaint = Complaint::new("client-cert-auth", "clients need no certificate");
            // Without an authority to hold them against, every client would be refused.
            let is_ready =
                ["cert-file", "key-file", "trusted-ca-file"].into_iter().all(|name| component.value(name).is_some());
            let complaint = if is_ready { complaint.wanted("true") } else { complaint };
            complaint.report(component, report);
        }
        for name in ["cert-file", "key-file"].into_iter().filter(|name| component.value(name).is_none()) {
            Complaint::new(name, format!("`--{name}` is not set")).report(component, report);
        }
        if component.is_on("auto-tls") == Some(true) {
            let message = "`--auto-tls` makes certificates that nobody can verify";
            Complaint::new("auto-tls", message).wanted("false").report(component, report);
        }
        if let Some(plain) = component.list_of("listen-client-urls").find(|url| url.starts_with("http://")) {
            Complaint::new("listen-client-urls", format!("`{plain}` is not encrypted")).report(component, report);
        }
    }
}
