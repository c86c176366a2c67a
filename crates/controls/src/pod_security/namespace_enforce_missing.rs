//! Namespaces that enforce no Pod Security level.

use std::collections::HashMap;

use rampart_model::facts::namespaces::Namespace;
use rampart_model::facts::workloads::Standing;
use rampart_model::{Check, Control, Facts, FieldPath, Mapping, Remedy, Reporter, Rule, Severity, Standard, Step};

use super::labels::{ENFORCE, is_own};
use super::standard::Level;

pub(crate) static RULE: Rule = Rule {
    id: "pod-security/namespace-enforce-missing",
    control: Control::PodSecurity,
    severity: Severity::Medium,
    title: "Namespace enforces no Pod Security level",
    why: "Unless the API server was given another default, everyone who may create pods in this namespace may create \
          privileged ones, and with them takes the node.",
    fix: "Label the namespace with `pod-security.kubernetes.io/enforce`: `restricted` where its workloads allow it, else \
          `baseline`.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.2.1"),
        Mapping(Standard::PodSecurityStandards, "admission"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security"),
        Mapping(Standard::MitreAttack, "T1610"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["Namespace"]) {
        return;
    }
    let strictest = strictest(facts);
    for namespace in facts.namespaces.namespaces.iter().filter(|namespace| !is_own(namespace.origin.name())) {
        report.examined(1);
        if namespace.label(ENFORCE).is_some() {
            continue;
        }
        let origin = &namespace.origin;
        // Without workloads it cannot be known what will come; `baseline` suits ordinary ones.
        let (level, advice) = match strictest.get(origin.name()) {
            None => (Level::Baseline, "no workload in it was seen"),
            Some(Level::Privileged) => {
                (Level::Privileged, "some of its workloads need a namespace of their own before it can")
            }
            Some(Level::Baseline) => (Level::Baseline, "its workloads pass `baseline`"),
            Some(Level::Restricted) => (Level::Restricted, "its workloads pass `restricted`"),
        };
        let message = format!("namespace `{}` enforces no Pod Security level; {advice}", origin.name());
        let entry = report.finding(&origin.subject, origin.evidence.clone(), "", message);
        if level > Level::Privileged
            && let Some(path) = label_path(namespace)
        {
            entry.remedy(Remedy::Set { path, json: format!("\"{level}\"") });
        }
    }
}

/// For each namespace the strictest level that none of its workloads violates.
fn strictest(facts: &Facts) -> HashMap<&str, Level> {
    let mut strictest = HashMap::new();
    for workload in facts.workloads.workloads.iter().filter(|workload| workload.runs()) {
        let level = match workload.standing {
            Standing { baseline: Some(_), .. } => Level::Privileged,
            Standing { restricted: Some(_), .. } => Level::Baseline,
            Standing { .. } => Level::Restricted,
        };
        let known = strictest.entry(workload.origin.namespace()).or_insert(level);
        *known = level.min(*known);
    }
    strictest
}

/// The path of the label, from that of the namespace's name.
fn label_path(namespace: &Namespace) -> Option<FieldPath> {
    let (name, metadata) = namespace.origin.evidence.path.0.split_last()?;
    if *name != Step::key("name") {
        return None;
    }
    let label = [Step::key("labels"), Step::key(ENFORCE)];
    Some(FieldPath(metadata.iter().cloned().chain(label).collect()))
}
