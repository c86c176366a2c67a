//! Ingresses and Gateways whose Secret with the certificate does not exist.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/tls-secret-missing",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "TLS Secret does not exist",
    why: "The controller falls back to a made-up certificate or serves the host without TLS.",
    fix: "Create the Secret, or correct its name or namespace.",
    maps_to: &[],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    // Files seldom hold the Secrets that they name; only a cluster can miss one.
    if !facts.is_cluster {
        let hosts = facts.certificates.hosts.len();
        if hosts > 0 {
            report.gap(
                format!("{hosts} hosts are served with Secrets that files need not hold"),
                "scan the cluster that runs them",
            );
        }
        return;
    }
    if !report.sees(facts, &["Secret"]) {
        return;
    }
    let certificates = &facts.certificates;
    for host in &certificates.hosts {
        report.examined(1);
        let name = (host.secret_namespace.clone(), host.secret.clone());
        if certificates.tls_secrets.binary_search(&name).is_err() && certificates.managed.binary_search(&name).is_err()
        {
            let message = format!("no TLS Secret `{}` in namespace `{}`", host.secret, host.secret_namespace);
            let key = format!("{} {}", host.host, host.secret);
            report.finding(&host.origin.subject, host.evidence.clone(), key, message);
        }
    }
}
