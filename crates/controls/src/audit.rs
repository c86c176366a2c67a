//! Audit: whether the API server writes down what was done, by whom, and whether the policy lets the important events
//! through without the secrets.

mod bodies_of_secrets;
mod catch_all_missing;
mod changes_without_body;
mod important_ignored;
mod log_max_age;
mod log_max_backup;
mod log_max_size;
mod log_missing;
mod log_not_kept;
mod policy;
mod policy_missing;
mod profiling;
mod retention;
mod shadowed_rule;
mod stages_omitted;
mod wrong_group;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &bodies_of_secrets::RULE,
    &catch_all_missing::RULE,
    &changes_without_body::RULE,
    &important_ignored::RULE,
    &log_max_age::RULE,
    &log_max_backup::RULE,
    &log_max_size::RULE,
    &log_missing::RULE,
    &log_not_kept::RULE,
    &policy_missing::RULE,
    &profiling::RULE,
    &shadowed_rule::RULE,
    &stages_omitted::RULE,
    &wrong_group::RULE,
];
