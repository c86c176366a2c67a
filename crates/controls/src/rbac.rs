//! Role-based access control: roles and bindings that give more than anyone needs.
//!
//! Rules about what a role allows look at one role at a time, so that admission can ask them too. Rules about bindings
//! look at the whole: what a binding is worth depends on the role behind it, and on the roles behind that one.

pub(crate) mod access;
mod aggregated_powers;
mod anonymous_binding;
mod approve_certificates;
mod authorization_mode;
mod bind_roles;
mod change_admission_policies;
mod change_nodes;
mod change_webhooks;
mod cluster_admin_binding;
mod create_persistent_volumes;
mod create_workloads;
mod dangling_role;
mod dangling_service_account;
mod debug_pods;
mod default_service_account_binding;
mod duplicate_binding;
mod duplicate_role;
mod erase_events;
mod escalate_roles;
mod everyone_binding;
mod exec_in_pods;
mod forward_ports;
mod impersonate;
mod ineffective_rule;
mod issue_tokens;
mod label_namespaces;
mod manage_roles;
pub(crate) mod places;
mod power;
pub(crate) mod powers;
mod reach_kubelets;
mod read_secrets;
mod register_apis;
mod unused_role;
mod wide_role_in_namespace;
mod wildcard_api_group;
mod wildcard_resource;
mod wildcard_url;
mod wildcard_verb;
mod write_secrets;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &aggregated_powers::RULE,
    &anonymous_binding::RULE,
    &approve_certificates::RULE,
    &authorization_mode::RULE,
    &bind_roles::RULE,
    &change_admission_policies::RULE,
    &change_nodes::RULE,
    &change_webhooks::RULE,
    &cluster_admin_binding::RULE,
    &create_persistent_volumes::RULE,
    &create_workloads::RULE,
    &dangling_role::RULE,
    &dangling_service_account::RULE,
    &debug_pods::RULE,
    &default_service_account_binding::RULE,
    &duplicate_binding::RULE,
    &duplicate_role::RULE,
    &erase_events::RULE,
    &escalate_roles::RULE,
    &everyone_binding::RULE,
    &exec_in_pods::RULE,
    &forward_ports::RULE,
    &impersonate::RULE,
    &ineffective_rule::RULE,
    &issue_tokens::RULE,
    &label_namespaces::RULE,
    &manage_roles::RULE,
    &reach_kubelets::RULE,
    &read_secrets::RULE,
    &register_apis::RULE,
    &unused_role::RULE,
    &wide_role_in_namespace::RULE,
    &wildcard_api_group::RULE,
    &wildcard_resource::RULE,
    &wildcard_url::RULE,
    &wildcard_verb::RULE,
    &write_secrets::RULE,
];
