//! Audit log files that are thrown away too soon.

use rampart_model::facts::Facts;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Reporter, Rule, Severity, Standard};

use super::retention::at_least;

pub(crate) static RULE: Rule = Rule {
    id: "audit/log-max-age",
    control: Control::Audit,
    severity: Severity::Low,
    title: "Audit log is kept for too few days",
    why: "Break-ins are often found weeks later; by then the log that shows them is gone.",
    fix: "Set --audit-log-maxage to 30 days or more.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.2.17")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    at_least("audit-log-maxage", 30, "days", facts, report);
}
