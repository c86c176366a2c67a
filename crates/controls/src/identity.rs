//! Identities: who can log in, by what, and what is left of those who are gone.
//!
//! The cluster knows its service accounts and nothing of people: users and groups live at an identity provider, which
//! rules name as a gap.

mod anonymous_requests;
mod client_certificate_user;
mod cloud_role;
mod extended_tokens;
mod identity_provider_missing;
mod legacy_token_secret;
mod masters_binding;
mod over_privileged_workload;
mod stale_subject;
mod static_credentials;
mod tokens_outlive_accounts;
mod unused_service_account;
mod user_binding;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &anonymous_requests::RULE,
    &client_certificate_user::RULE,
    &cloud_role::RULE,
    &extended_tokens::RULE,
    &identity_provider_missing::RULE,
    &legacy_token_secret::RULE,
    &masters_binding::RULE,
    &over_privileged_workload::RULE,
    &stale_subject::RULE,
    &static_credentials::RULE,
    &tokens_outlive_accounts::RULE,
    &unused_service_account::RULE,
    &user_binding::RULE,
];
