//! An API server that sends its audit events nowhere.

use rampart_model::facts::Facts;
use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "audit/log-missing",
    control: Control::Audit,
    severity: Severity::High,
    title: "API server keeps no audit log",
    why: "Without a log or webhook backend nobody can tell afterwards who read a secret, opened a shell in a pod or \
          widened a role.",
    fix: "Set --audit-log-path to a file on a mounted volume, or --audit-webhook-config-file to a collector, together \
          with --audit-policy-file.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.16"),
        Mapping(Standard::NsaCisa, "Audit logging and threat detection"),
        Mapping(Standard::MitreAttack, "T1562.008"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for server in facts.components(Role::ApiServer, report) {
        if server.value("audit-log-path").is_none() && server.value("audit-webhook-config-file").is_none() {
            let message = "neither `--audit-log-path` nor `--audit-webhook-config-file` is set";
            Complaint::new("audit-log-path", message).report(server, report);
        }
    }
}
