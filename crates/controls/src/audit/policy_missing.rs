//! An API server without an audit policy: it writes no event, whatever its backends.

use rampart_model::facts::Facts;
use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "audit/policy-missing",
    control: Control::Audit,
    severity: Severity::High,
    title: "API server has no audit policy",
    why: "Without a policy the API server records no events at all, even where a log file is named.",
    fix: "Write an audit.k8s.io/v1 Policy, mount it into the API server and name it in --audit-policy-file.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "3.2.1"),
        Mapping(Standard::NsaCisa, "Audit logging and threat detection"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for server in facts.components(Role::ApiServer, report) {
        let Some(file) = server.value("audit-policy-file") else {
            Complaint::new("audit-policy-file", "`--audit-policy-file` is not set").report(server, report);
            continue;
        };
        // A policy may be scanned under another name; with none at all, nobody can say what is logged.
        if facts.control_plane.audit_policies.is_empty() {
            report.gap(
                format!("the audit policy `{file}` is not among what was scanned"),
                format!("scan a copy of `{file}` of the control-plane node beside the manifests"),
            );
        }
    }
}
