//! Workloads that hold the keys of the whole cluster.

use std::collections::HashMap;

use rampart_model::facts::rbac::Binding;
use rampart_model::facts::workloads::Workload;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::namespaces::baseline::mounts_token;
use crate::rbac::access::{self, Access};
use crate::rbac::powers::Powers;

pub(crate) static RULE: Rule = Rule {
    id: "identity/over-privileged-workload",
    control: Control::Identity,
    severity: Severity::High,
    title: "Workload holds powers over the whole cluster",
    why: "Whoever breaks into one of these pods finds the token in its file system and holds what the service account \
          holds, in every namespace.",
    fix: "Bind the service account in the namespaces where it works, with the verbs that it uses; set \
          `automountServiceAccountToken: false` where the pod does not call the API server.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.1.5"),
        Mapping(Standard::CisKubernetes, "5.1.6"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security: Protecting Pod service account tokens"),
        Mapping(Standard::MitreAttack, "T1552.007"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    report.sees(facts, &["ClusterRole", "ClusterRoleBinding", "ServiceAccount"]);
    report.sees(facts, &access::WORKLOADS);
    let access = Access::new(facts);
    let grave = Powers::grave();
    let mut holders: HashMap<(&str, &str), (&Binding, Powers, bool)> = HashMap::new();
    for binding in facts.rbac.bindings.iter().filter(|binding| !binding.is_bootstrap) {
        if !matches!(binding.origin.namespace(), "" | "kube-system") {
            continue;
        }
        for account in binding.subjects.iter().filter_map(|subject| subject.service_account()) {
            let grant = access.grant(binding);
            let powers = grant.powers.only(grave);
            if grant.is_everything || !powers.is_empty() {
                let held = holders.entry(account).or_insert((binding, Powers::NONE, false));
                *held = (held.0, held.1.with(powers), held.2 || grant.is_everything);
            }
        }
    }
    for workload in &facts.workloads.workloads {
        report.examined(1);
        let account = (workload.origin.namespace(), &*workload.service_account);
        let Some((binding, powers, is_everything)) = holders.get(&account) else { continue };
        if mounts_token(workload, facts) {
            report
                .finding(
                    &workload.origin.subject,
                    workload.origin.evidence.clone(),
                    workload.service_account.to_string(),
                    message(workload, *powers, *is_everything),
                )
                .cause(&binding.origin.subject);
        }
    }
}

fn message(workload: &Workload, powers: Powers, is_everything: bool) -> String {
    let can = if is_everything { "do everything".to_owned() } else { powers.to_string() };
    format!(
        "runs as service account `{}`, whose mounted token can {can} outside its namespace",
        workload.service_account
    )
}
