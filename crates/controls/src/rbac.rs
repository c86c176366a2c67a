//! Role-based access control: roles and bindings that give more than anyone needs.
//!
//! Rules about what a role allows look at one role at a time, so that admission can ask them too. Rules about bindings
//! look at the whole: what a binding is worth depends on the role behind it, and on the roles behind that one.

mod approve_certificates;
mod bind_roles;
mod change_admission_policies;
mod change_nodes;
mod change_webhooks;
mod create_persistent_volumes;
mod create_workloads;
mod debug_pods;
mod erase_events;
mod escalate_roles;
mod exec_in_pods;
mod forward_ports;
mod impersonate;
mod issue_tokens;
mod label_namespaces;
mod manage_roles;
mod power;
mod powers;
mod reach_kubelets;
mod read_secrets;
mod register_apis;
mod wildcard_api_group;
mod wildcard_resource;
mod wildcard_verb;
mod write_secrets;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &approve_certificates::RULE,
    &bind_roles::RULE,
    &change_admission_policies::RULE,
    &change_nodes::RULE,
    &change_webhooks::RULE,
    &create_persistent_volumes::RULE,
    &create_workloads::RULE,
    &debug_pods::RULE,
    &erase_events::RULE,
    &escalate_roles::RULE,
    &exec_in_pods::RULE,
    &forward_ports::RULE,
    &impersonate::RULE,
    &issue_tokens::RULE,
    &label_namespaces::RULE,
    &manage_roles::RULE,
    &reach_kubelets::RULE,
    &read_secrets::RULE,
    &register_apis::RULE,
    &wildcard_api_group::RULE,
    &wildcard_resource::RULE,
    &wildcard_verb::RULE,
    &write_secrets::RULE,
];
