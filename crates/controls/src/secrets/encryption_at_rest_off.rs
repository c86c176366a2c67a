//! An API server that writes Secrets to etcd as they are.

use rampart_model::facts::control_plane::Role;
use rampart_model::{Check, Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "secrets/encryption-at-rest-off",
    control: Control::Secrets,
    severity: Severity::High,
    title: "Secrets are not encrypted at rest",
    why: "Whoever gets hold of a disk, a snapshot or a backup of etcd reads every Secret of the cluster with a text editor.",
    fix: "Write an EncryptionConfiguration that names `secrets` and a KMS v2 plugin (or `secretbox`), pass it with \
          --encryption-provider-config, and rewrite all Secrets once.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.27"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1552.007"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let mut is_on = false;
    for server in facts.components(Role::ApiServer, report) {
        let flags = ["encryption-provider-config", "experimental-encryption-provider-config"];
        if flags.iter().any(|flag| server.value(flag).is_some()) {
            is_on = true;
        } else {
            let message = "`--encryption-provider-config` is not set: Secrets lie in etcd in clear text";
            Complaint::new("encryption-provider-config", message).report(server, report);
        }
    }
    if is_on && facts.control_plane.encryption_configurations.is_empty() {
        report.gap(
            "the EncryptionConfiguration that the API server reads was not seen",
            "scan the file that `--encryption-provider-config` names on a control-plane node too",
        );
    }
}
