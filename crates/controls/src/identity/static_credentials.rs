//! API servers that take passwords or tokens from a file.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "identity/static-credentials",
    control: Control::Identity,
    severity: Severity::High,
    title: "API server takes credentials from a file",
    why: "Tokens and passwords in a file never expire, stand in clear text on every control-plane node and in its \
          backups, and can be withdrawn only by editing the file and restarting the API server.",
    fix: "Remove the flag; let people log in through an identity provider and machines by service-account tokens.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.2"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1552.001"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for server in facts.components(Role::ApiServer, report) {
        for (flag, what) in [("token-auth-file", "tokens"), ("basic-auth-file", "passwords")] {
            if let Some(file) = server.value(flag) {
                Complaint::new(flag, format!("takes {what} that never expire from `{file}`")).report(server, report);
            }
        }
    }
}
