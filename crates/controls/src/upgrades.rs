//! Upgrades: what stops working with a later Kubernetes, and what runs on one that nobody mends any more.
//!
//! The release to judge by is the one in the settings. Without it, rules about components take what the cluster says of
//! itself, and rules about objects the newest release known: the question is what an upgrade would break.
//! Only an object's own `apiVersion` counts: what `last-applied-configuration`, managed fields and revisions remember is
//! history. A live object is read at the version that its server prefers, so there only kinds that vanish are reported.

mod api_not_yet_served;
mod deprecated_annotation;
mod deprecated_api;
mod deprecated_endpoints;
mod deprecated_node_label;
mod end_of_life;
mod lifecycle;
mod node_runtime;
mod pod_annotation;
mod reference_to_removed_api;
mod removed_api;
mod removed_feature_gate;
mod removed_flag;
mod removed_volume_plugin;
mod role_for_removed_group;
mod version_skew;
mod volume_plugin;
mod volume_provisioner;
mod webhook_for_removed_api;

use rampart_model::{Facts, KubernetesVersion, Reporter, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &api_not_yet_served::RULE,
    &deprecated_annotation::RULE,
    &deprecated_api::RULE,
    &deprecated_endpoints::RULE,
    &deprecated_node_label::RULE,
    &end_of_life::RULE,
    &node_runtime::RULE,
    &pod_annotation::RULE,
    &reference_to_removed_api::RULE,
    &removed_api::RULE,
    &removed_feature_gate::RULE,
    &removed_flag::RULE,
    &removed_volume_plugin::RULE,
    &role_for_removed_group::RULE,
    &version_skew::RULE,
    &volume_provisioner::RULE,
    &webhook_for_removed_api::RULE,
];

/// The minor release to judge one object by.
fn target(report: &Reporter<'_>) -> u32 {
    report.settings().kubernetes_version.unwrap_or(KubernetesVersion::LATEST).minor
}

/// The minor release to judge a whole cluster by.
fn cluster_target(facts: &Facts, report: &Reporter<'_>) -> u32 {
    report.settings().kubernetes_version.or(facts.server_version).unwrap_or(KubernetesVersion::LATEST).minor
}
