//! Secrets: credentials that stand where anyone can read them, Secrets that are handed out too freely, and how they are kept.

mod credential_in_annotation;
mod credential_in_command;
mod credential_in_config_map;
mod credential_in_env;
mod credential_in_values;
mod default_token_automounted;
mod encryption_at_rest_off;
mod encryption_provider;
mod late_binding;
mod missing_secret;
mod secret_in_env;
mod secret_in_manifest;
mod unused_secret;
mod vault_not_injected;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &credential_in_annotation::RULE,
    &credential_in_command::RULE,
    &credential_in_config_map::RULE,
    &credential_in_env::RULE,
    &credential_in_values::RULE,
    &default_token_automounted::RULE,
    &encryption_at_rest_off::RULE,
    &encryption_provider::RULE,
    &late_binding::RULE,
    &missing_secret::RULE,
    &secret_in_env::RULE,
    &secret_in_manifest::RULE,
    &unused_secret::RULE,
    &vault_not_injected::RULE,
];
