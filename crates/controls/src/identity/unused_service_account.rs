//! Service accounts that hold roles and that nothing runs as.

use std::collections::{BTreeMap, HashSet};

use rampart_model::facts::rbac::Binding;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::rbac::access::{self, Access};

pub(crate) static RULE: Rule = Rule {
    id: "identity/unused-service-account",
    control: Control::Identity,
    severity: Severity::Low,
    title: "Service account with roles is used by nothing",
    why: "Nobody misses an identity that nothing uses: whoever may create tokens or pods in its namespace takes its \
          roles without being noticed.",
    fix: "Remove the bindings and the service account, or note outside of the cluster who uses its tokens and waive \
          this.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.5"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let sees_accounts = report.sees(facts, &["ServiceAccount", "RoleBinding", "ClusterRoleBinding"]);
    if !report.sees(facts, &access::WORKLOADS) || !sees_accounts {
        return;
    }
    let workloads = || facts.workloads.workloads.iter();
    let used: HashSet<(&str, &str)> = workloads()
        .map(|workload| (workload.origin.namespace(), &*workload.service_account))
        .chain(facts.rbac.named_accounts.iter().map(|(namespace, name)| (&**namespace, &**name)))
        .collect();
    // A folder that holds nothing that runs in a namespace says nothing of who uses its accounts.
    let inhabited: HashSet<&str> = workloads().map(|workload| workload.origin.namespace()).collect();
    let mut held: BTreeMap<(&str, &str), Vec<&Binding>> = BTreeMap::new();
    for binding in facts.rbac.bindings.iter().filter(|binding| !binding.is_bootstrap) {
        for account in binding.subjects.iter().filter_map(|subject| subject.service_account()) {
            held.entry(account).or_default().push(binding);
        }
    }
    let access = Access::new(facts);
    for ((namespace, name), bindings) in held {
        let Some(account) = facts.namespaces.service_account(namespace, name) else { continue };
        if name == "default" || !(facts.is_cluster || inhabited.contains(namespace)) {
            continue;
        }
        report.examined(1);
        if used.contains(&(namespace, name)) {
            continue;
        }
        let mut roles: Vec<_> = bindings.iter().map(|binding| format!("`{}`", access::role_name(binding))).collect();
        roles.sort();
        roles.dedup();
        let message = format!("no workload runs as it, and it holds {}", roles.join(", "));
        let entry = report.finding(&account.origin.subject, account.origin.evidence.clone(), "", message);
        if bindings.iter().any(|binding| !access.grant(binding).powers.is_empty()) {
            entry.severity(Severity::Medium);
        }
    }
}
