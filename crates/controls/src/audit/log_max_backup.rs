//! Too few old audit log files.

use rampart_model::facts::Facts;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Reporter, Rule, Severity, Standard};

use super::retention::at_least;

pub(crate) static RULE: Rule = Rule {
    id: "audit/log-max-backup",
    control: Control::Audit,
    severity: Severity::Low,
    title: "Audit log keeps too few old files",
    why: "A burst of requests rotates the file away within minutes, and whoever makes noise on purpose wipes the traces.",
    fix: "Set --audit-log-maxbackup to 10 files or more.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.2.18")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    at_least("audit-log-maxbackup", 10, "files", facts, report);
}
