//! Certificates: those that objects hold, those that webhooks trust, and how the control plane's own TLS is set.

mod authority_as_server;
mod cert_manager_duration;
mod cert_manager_key_kept;
mod cert_manager_weak_key;
mod client_ca_missing;
mod etcd_client_auth;
mod etcd_peer_auth;
mod etcd_unprotected;
mod expired;
mod expiring_soon;
mod extension_api_unverified;
mod held;
mod host_not_covered;
mod kubelet_ca_missing;
mod kubelet_client_certificate_missing;
mod kubelet_serving_rotation;
mod long_validity;
mod masters_certificate;
mod no_alternative_names;
mod nodes_collected;
mod not_yet_valid;
mod pending_request;
mod root_ca_missing;
mod serving_certificate_missing;
mod signing_duration;
mod tls_secret_missing;
mod tls_version;
mod unreadable;
mod weak_cipher_suites;
mod weak_key;
mod weak_signature;
mod webhook_without_ca;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &authority_as_server::RULE,
    &cert_manager_duration::RULE,
    &cert_manager_key_kept::RULE,
    &cert_manager_weak_key::RULE,
    &client_ca_missing::RULE,
    &etcd_client_auth::RULE,
    &etcd_peer_auth::RULE,
    &etcd_unprotected::RULE,
    &expired::RULE,
    &expiring_soon::RULE,
    &extension_api_unverified::RULE,
    &host_not_covered::RULE,
    &kubelet_ca_missing::RULE,
    &kubelet_client_certificate_missing::RULE,
    &kubelet_serving_rotation::RULE,
    &long_validity::RULE,
    &masters_certificate::RULE,
    &no_alternative_names::RULE,
    &nodes_collected::RULE,
    &not_yet_valid::RULE,
    &pending_request::RULE,
    &root_ca_missing::RULE,
    &serving_certificate_missing::RULE,
    &signing_duration::RULE,
    &tls_secret_missing::RULE,
    &tls_version::RULE,
    &unreadable::RULE,
    &weak_cipher_suites::RULE,
    &weak_key::RULE,
    &weak_signature::RULE,
    &webhook_without_ca::RULE,
];
