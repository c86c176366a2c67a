//! Components that accept TLS versions which are broken.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/tls-version",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "Component accepts TLS below 1.2",
    why: "TLS 1.0 and 1.1 can be downgraded and decrypted by someone on the network.",
    fix: "Set --tls-min-version to VersionTLS12 or VersionTLS13.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.29"),
        Mapping(Standard::NsaCisa, "Network separation and hardening: Encryption"),
        Mapping(Standard::MitreAttack, "T1557"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for role in [Role::ApiServer, Role::ControllerManager, Role::Scheduler] {
        // What is not there cannot be asked for its version; the API server is the one that counts.
        let components: Vec<_> = match role {
            Role::ApiServer => facts.components(role, report),
            _ => facts.control_plane.of(role).collect(),
        };
        for component in components {
            if let Some(version @ ("VersionTLS10" | "VersionTLS11")) = component.value("tls-min-version") {
                let message = format!("{} accepts {version}", role.id());
                Complaint::new("tls-min-version", message).wanted("VersionTLS12").report(component, report);
            }
        }
    }
}
