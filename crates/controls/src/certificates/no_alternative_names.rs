//! Server certificates that name their server in the old way only.

use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Reporter, Rule, Severity};

use super::held::{bundles, key};

pub(crate) static RULE: Rule = Rule {
    id: "certificates/no-alternative-names",
    control: Control::Certificates,
    severity: Severity::Medium,
    title: "Server certificate has no alternative names",
    why: "No current client looks at the common name any more: the connection fails, or somebody has turned \
          verification off.",
    fix: "Issue it again with the names of the server as subject alternative names.",
    maps_to: &[],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for bundle in bundles(facts, report) {
        let Some(leaf) = bundle.leaf() else { continue };
        let subject = &bundle.origin.subject;
        let is_served = || {
            facts
                .certificates
                .hosts
                .iter()
                .any(|host| *host.secret == *subject.name && *host.secret_namespace == *subject.namespace)
        };
        // A certificate for clients needs no such names, and without a stated usage it may be one.
        let is_nameless = leaf.dns_names.is_empty() && leaf.addresses.is_empty() && !leaf.is_authority;
        if is_nameless && leaf.for_servers && (!leaf.for_clients || is_served()) {
            let message = format!("certificate `{}` has no subject alternative names", leaf.name);
            report.finding(subject, bundle.evidence.clone(), key(bundle, leaf), message);
        }
    }
}
