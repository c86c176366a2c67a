//! What a rule could not look at, whatever it says of the rest: kinds that could not be listed, parts that were not read.
//!
//! Cluster rules know themselves which kinds they need, and ask [`Reporter::sees`].

use rampart_model::{Check, Facts, Kinds, Reporter};

/// Kinds of Kubernetes that make pods.
const POD_KINDS: [&str; 8] =
    ["Pod", "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job", "CronJob"];

pub(crate) fn gaps(check: &Check, facts: &Facts, missed: &[(String, String)], report: &mut Reporter<'_>) {
    match check {
        Check::Object { kinds: Kinds::Of(kinds), .. } => {
            let kinds: Vec<&str> =
                kinds.iter().map(|kind| kind.rsplit_once('/').map_or(*kind, |(_, kind)| kind)).collect();
            report.sees(facts, &kinds);
        }
        Check::Pod { .. } => {
            report.sees(facts, &POD_KINDS);
        }
        Check::Object { kinds: Kinds::All, .. } => {
            let all: Vec<&str> = facts.unseen.keys().map(String::as_str).collect();
            report.sees(facts, &all);
        }
        Check::Cluster { .. } => {}
        Check::Waivers | Check::Elsewhere { .. } => return,
    }
    for (reason, remedy) in missed {
        report.gap(reason.as_str(), remedy.as_str());
    }
}
