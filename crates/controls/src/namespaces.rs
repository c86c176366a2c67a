//! Rules of the control `namespaces`: what a namespace needs before workloads of different owners can share a cluster.

pub(crate) mod baseline;
mod default_namespace;
mod incomplete_baseline;
mod missing_limit_range;
mod missing_quota;
mod reserved_namespace;
pub(crate) mod selection;
mod shared_service_account;
pub(crate) mod space;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &default_namespace::RULE,
    &incomplete_baseline::RULE,
    &missing_limit_range::RULE,
    &missing_quota::RULE,
    &reserved_namespace::RULE,
    &shared_service_account::RULE,
];
