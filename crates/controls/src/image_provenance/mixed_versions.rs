//! One image in several versions at once.

use rampart_model::{Check, Control, Facts, Reporter, Rule, Severity, Subject};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/mixed-versions",
    control: Control::ImageProvenance,
    severity: Severity::Low,
    title: "Same image in several versions",
    why: "Each version has its own vulnerabilities and its own end of life; the one that is forgotten is the one that stays \
          unpatched, and a fix that was rolled out seems to have reached everyone.",
    fix: "Agree on one version, or note why the older one has to stay.",
    maps_to: &[],
    check: Check::Cluster { run },
};

/// Two or three are a rollout under way; more are neglect.
const MANY: usize = 4;

/// So many versions are named; the rest is counted.
const NAMED: usize = 4;

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    if !report.sees(facts, &["Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"]) {
        return;
    }
    report.examined(facts.images.repositories.len());
    for (repository, versions) in &facts.images.repositories {
        let Some(first) = versions.values().map(|version| &version.first).min().filter(|_| versions.len() > 1) else {
            continue;
        };
        let mut named: Vec<String> =
            versions.keys().take(NAMED).map(|version| format!("`{}`", short(version))).collect();
        if versions.len() > NAMED {
            named.push(format!("{} more", versions.len() - NAMED));
        }
        let message = format!("`{repository}` runs in {} versions: {}", versions.len(), named.join(", "));
        let severity = if versions.len() >= MANY { Severity::Low } else { Severity::Info };
        // Which workload comes first may change with any other: the fingerprint leaves it out.
        report.finding(&Subject::cluster(), first.evidence.clone(), &**repository, message).severity(severity);
    }
}

/// A digest by its first digits.
fn short(version: &str) -> &str {
    match version.split_once("sha256:") {
        Some((before, _)) => version.get(..before.len() + "sha256:".len() + 12).unwrap_or(version),
        None => version,
    }
}
