//! Rules of the control `network_policy`: who may talk to whom, and what the world may reach.

mod admin_allow_all;
mod allow_all;
mod any_source;
mod every_namespace;
mod external_ips;
mod gateway_plain_http;
mod host_network;
mod ignored_rules;
mod ingress_catch_all;
mod ingress_without_tls;
mod metadata_egress;
mod missing_default_deny;
mod node_port;
mod open_load_balancer;
mod refused_peer;
mod selects_no_pod;
mod service_selects_no_pod;
mod unselected_pod;
mod void_policy;

use rampart_model::Rule;

/// The kinds that must be seen before "no pod has these labels" can be said.
const WORKLOADS: &[&str] = &["CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"];

const NETWORK_POLICIES: &[&str] = &["networking.k8s.io/NetworkPolicy", "extensions/NetworkPolicy"];

const INGRESSES: &[&str] = &["networking.k8s.io/Ingress", "extensions/Ingress"];

pub(crate) const RULES: &[&Rule] = &[
    &admin_allow_all::RULE,
    &allow_all::EGRESS,
    &allow_all::INGRESS,
    &any_source::RULE,
    &every_namespace::RULE,
    &external_ips::RULE,
    &gateway_plain_http::RULE,
    &host_network::RULE,
    &ignored_rules::RULE,
    &ingress_catch_all::RULE,
    &ingress_without_tls::RULE,
    &metadata_egress::RULE,
    &missing_default_deny::EGRESS,
    &missing_default_deny::INGRESS,
    &node_port::RULE,
    &open_load_balancer::RULE,
    &refused_peer::RULE,
    &selects_no_pod::RULE,
    &service_selects_no_pod::RULE,
    &unselected_pod::RULE,
    &void_policy::RULE,
];
