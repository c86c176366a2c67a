//! Pod security: the Pod Security Standards, and what namespaces ask of them.

pub mod shape;
pub mod standard;
mod view;

mod app_armor;
mod capabilities;
mod capabilities_restricted;
mod host_namespaces;
mod host_path_volumes;
mod host_ports;
mod host_probes;
mod host_process;
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
    &app_armor::RULE,
    &capabilities::RULE,
    &capabilities_restricted::RULE,
    &host_namespaces::RULE,
    &host_path_volumes::RULE,
    &host_ports::RULE,
    &host_probes::RULE,
    &host_process::RULE,
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
