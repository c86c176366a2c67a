//! Pod security: the Pod Security Standards, and what namespaces ask of them.

pub mod shape;
pub mod standard;

mod labels;
mod migration;
mod view;

mod admission_disabled;
mod app_armor;
mod capabilities;
mod capabilities_restricted;
mod debug_container;
mod host_namespaces;
mod host_path_volumes;
mod host_ports;
mod host_probes;
mod host_process;
mod namespace_enforce_missing;
mod namespace_enforce_privileged;
mod namespace_label_invalid;
mod namespace_rejects_workload;
mod namespace_version_stale;
mod namespace_warnings_weaker;
mod pod_security_policy;
mod privilege_escalation;
mod privileged;
mod proc_mount;
mod proc_mount_restricted;
mod run_as_non_root;
mod run_as_user;
mod se_linux;
mod seccomp;
mod seccomp_restricted;
mod sysctls;
mod volume_types;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[
    &admission_disabled::RULE,
    &app_armor::RULE,
    &capabilities::RULE,
    &capabilities_restricted::RULE,
    &debug_container::RULE,
    &host_namespaces::RULE,
    &host_path_volumes::RULE,
    &host_ports::RULE,
    &host_probes::RULE,
    &host_process::RULE,
    &namespace_enforce_missing::RULE,
    &namespace_enforce_privileged::RULE,
    &namespace_label_invalid::RULE,
    &namespace_rejects_workload::RULE,
    &namespace_version_stale::RULE,
    &namespace_warnings_weaker::RULE,
    &pod_security_policy::RULE,
    &privilege_escalation::RULE,
    &privileged::RULE,
    &proc_mount::RULE,
    &proc_mount_restricted::RULE,
    &run_as_non_root::RULE,
    &run_as_user::RULE,
    &se_linux::RULE,
    &seccomp::RULE,
    &seccomp_restricted::RULE,
    &sysctls::RULE,
    &volume_types::RULE,
];
