//! API servers that talk to etcd without TLS, or without proving themselves.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/etcd-unprotected",
    control: Control::Certificates,
    severity: Severity::High,
    title: "Connection to etcd is not protected",
    why: "etcd holds every secret of the cluster: whoever reads that connection, or may connect the same way, has \
          them all.",
    fix: "Use https in --etcd-servers and set --etcd-cafile, --etcd-certfile and --etcd-keyfile.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.23"),
        Mapping(Standard::CisKubernetes, "1.2.26"),
        Mapping(Standard::MitreAttack, "T1552.007"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::ApiServer, report) {
        let mut servers = component.list_of("etcd-servers").peekable();
        if servers.peek().is_none() {
            report.gap(
                "`--etcd-servers` of the API server is not set here",
                "run `rampart node benchmark` on the control-plane nodes",
            );
            report.not_concerned();
            continue;
        }
        // A socket on the same machine needs no certificates.
        let mut remote = servers.filter(|server| !server.starts_with("unix:")).peekable();
        if remote.peek().is_none() {
            continue;
        }
        if let Some(plain) = remote.find(|server| server.starts_with("http://")) {
            Complaint::new("etcd-servers", format!("`{plain}` is not encrypted")).report(component, report);
        }
        for name in ["etcd-cafile", "etcd-certfile", "etcd-keyfile"] {
            if component.value(name).is_none() {
                Complaint::new(name, format!("`--{name}` is not set")).report(component, report);
            }
        }
    }
}
