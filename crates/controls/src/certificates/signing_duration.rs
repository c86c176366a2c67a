//! Controller managers that sign certificates for years.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

use super::held::hours;
use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "certificates/signing-duration",
    control: Control::Certificates,
    severity: Severity::Low,
    title: "Cluster signs certificates for too long",
    why: "Client certificates cannot be revoked: a kubelet key from a lost disk opens the API until its last day.",
    fix: "Set --cluster-signing-duration to a year (8760h) or less.",
    maps_to: &[],
    check: Check::Cluster { run },
};

const LONGEST: u64 = 8760;

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for component in facts.components(Role::ControllerManager, report) {
        for name in ["cluster-signing-duration", "experimental-cluster-signing-duration"] {
            let days = component.value(name).and_then(hours).filter(|hours| *hours > LONGEST).map(|hours| hours / 24);
            if let Some(days) = days {
                let message = format!("`--{name}` signs certificates for {days} days");
                Complaint::new(name, message).wanted("8760h").report(component, report);
            }
        }
    }
}
