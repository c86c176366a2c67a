//! Members of etcd that do not know each other.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/etcd-peer-auth",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "etcd does not ask peers for certificates",
    why: "Whoever reaches the peer port can join as a member and gets a copy of everything.",
    fix: "Set --peer-client-cert-auth=true, --peer-cert-file, --peer-key-file and --peer-trusted-ca-file, and leave \
          --peer-auto-tls off.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "2.4"),
        Mapping(Standard::CisKubernetes, "2.5"),
        Mapping(Standard::CisKubernetes, "2.6"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::Etcd, report) {
        if component.is_on("peer-client-cert-auth") != Some(true) {
            let complaint = Complaint::new("peer-client-cert-auth", "peers need no certificate");
            // Without certificates of its own the member would not find its peers again.
            let is_ready = ["peer-cert-file", "peer-key-file", "peer-trusted-ca-file"]
                .into_iter()
                .all(|name| component.value(name).is_some());
            let complaint = if is_ready { complaint.wanted("true") } else { complaint };
            complaint.report(component, report);
        }
        for name in ["peer-cert-file", "peer-key-file"].into_iter().filter(|name| component.value(name).is_none()) {
            Complaint::new(name, format!("`--{name}` is not set")).report(component, report);
        }
        if component.is_on("peer-auto-tls") == Some(true) {
            let message = "`--peer-auto-tls` makes certificates that nobody can verify";
            Complaint::new("peer-auto-tls", message).wanted("false").report(component, report);
        }
    }
}
