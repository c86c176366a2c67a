//! Audit log files that are rotated too early, or never.

use rampart_model::facts::Facts;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Reporter, Rule, Severity, Standard};

use super::retention::at_least;

pub(crate) static RULE: Rule = Rule {
    id: "audit/log-max-size",
    control: Control::Audit,
    severity: Severity::Low,
    title: "Audit log rotates at too small a size",
    why: "Without a size the file grows until the disk is full; with a small one the old files are overwritten within minutes.",
    fix: "Set --audit-log-maxsize to 100 MB or more.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.2.19")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    at_least("audit-log-maxsize", 100, "megabytes", facts, report);
}
