//! Service accounts under which several workloads run.

use rampart_model::facts::Origin;
use rampart_model::{Check, Control, Evidence, Facts, Mapping, Reporter, Rule, Severity, Standard, Subject};

use super::{baseline, space};

pub(crate) static RULE: Rule = Rule {
    id: "namespaces/shared-service-account",
    control: Control::Namespaces,
    severity: Severity::Low,
    title: "Service account shared by several workloads",
    why: "A right that one workload needs is then a right of all, and the audit log cannot tell which of them used it: \
          the weakest workload decides how safe the strongest is.",
    fix: "Give each workload a service account of its own, and mount no token where none is used.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.5"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security: Protecting Pod service account tokens"),
        Mapping(Standard::MitreAttack, "T1078.001"),
    ],
    check: Check::Cluster { run },
};

/// How many names a message lists.
const LISTED: usize = 5;

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    // An account's own `automountServiceAccountToken` decides whether `default` is an identity at all.
    let sees_accounts = report.sees(facts, &["ServiceAccount"]);
    for space in space::judged(facts, report.settings()) {
        for (account, users) in baseline::by_account(&space, facts) {
            if account == "default" && !sees_accounts {
                continue;
            }
            report.examined(1);
            let [first, _, ..] = users.as_slice() else { continue };
            let names: Vec<_> = users.iter().take(LISTED).map(|user| name(&user.origin)).collect();
            let rest = users.len().saturating_sub(LISTED);
            let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            let message =
                format!("{} workloads run as service account `{account}`: {}{more}", users.len(), names.join(", "));
            let (subject, evidence) = place(facts, space.name, account, &first.origin);
            report.finding(&subject, evidence, "", message);
        }
    }
}

fn name(origin: &Origin) -> String {
    format!("`{}/{}`", origin.subject.kind, origin.name())
}

/// The ServiceAccount object where there is one, else the first workload that names it.
fn place(facts: &Facts, namespace: &str, account: &str, first: &Origin) -> (Subject, Evidence) {
    let found = facts.namespaces.service_account(namespace, account);
    let subject = Subject {
        api_version: "v1".into(),
        kind: "ServiceAccount".into(),
        namespace: namespace.into(),
        name: account.into(),
    };
    (subject, found.map_or(&first.evidence, |found| &found.origin.evidence).clone())
}
