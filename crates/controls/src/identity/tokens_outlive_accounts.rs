//! API servers that take tokens of service accounts which are gone.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "identity/tokens-outlive-accounts",
    control: Control::Identity,
    severity: Severity::Medium,
    title: "Tokens outlive their service account",
    why: "With --service-account-lookup=false a token stays valid after its service account or its Secret was \
          deleted: deleting them is then no way to lock an attacker out.",
    fix: "Remove the flag, or set it to true.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.21"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security: Protecting Pod service account tokens"),
        Mapping(Standard::MitreAttack, "T1528"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for server in facts.components(Role::ApiServer, report) {
        if server.is_on("service-account-lookup") == Some(false) {
            let message = "`--service-account-lookup` is off: tokens of deleted service accounts work on";
            Complaint::new("service-account-lookup", message).wanted("true").report(server, report);
        }
    }
}
