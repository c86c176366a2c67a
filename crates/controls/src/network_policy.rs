//! Rules of the control `network_policy`: who may talk to whom, and what the world may reach.

mod missing_default_deny;
mod selects_no_pod;
mod unselected_pod;
mod void_policy;

use rampart_model::Rule;

/// The kinds that must be seen before "no pod has these labels" can be said.
const WORKLOADS: &[&str] = &["CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"];

pub(crate) const RULES: &[&Rule] = &[
    &missing_default_deny::EGRESS,
    &missing_default_deny::INGRESS,
    &selects_no_pod::RULE,
    &unselected_pod::RULE,
    &void_policy::RULE,
];
