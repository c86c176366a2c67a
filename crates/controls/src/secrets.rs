//! Secrets: credentials that stand where anyone can read them, Secrets that are handed out too freely, and how they are kept.

mod credential_in_annotation;
mod credential_in_command;
mod credential_in_config_map;
mod credential_in_env;
mod credential_in_values;
mod secret_in_env;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &credential_in_annotation::RULE,
    &credential_in_command::RULE,
    &credential_in_config_map::RULE,
    &credential_in_env::RULE,
    &credential_in_values::RULE,
    &secret_in_env::RULE,
];
