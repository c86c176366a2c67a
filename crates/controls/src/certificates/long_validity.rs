//! Server certificates that outlive every rotation.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

use super::held::{DAY, bundles, key};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/long-validity",
    control: Control::Certificates,
    severity: Severity::Low,
    title: "Server certificate is valid for too long",
    why: "Certificates of servers cannot be taken back in practice: a key that leaks is good until the last day, \
          and some clients refuse more than 825 days.",
    fix: "Issue certificates of a year or less and renew them by a controller.",
    maps_to: &[],
    check: Check::Cluster { run },
};

const LONGEST: i64 = 825;

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for bundle in bundles(facts, report) {
        let Some(leaf) = bundle.leaf().filter(|leaf| leaf.for_servers && !leaf.is_authority) else { continue };
        let days = leaf.not_after.saturating_sub(leaf.not_before) / DAY;
        if days > LONGEST {
            let message = format!("certificate `{}` is valid for {days} days, more than {LONGEST}", leaf.name);
            report.finding(&bundle.origin.subject, bundle.evidence.clone(), key(bundle, leaf), message);
        }
    }
}
