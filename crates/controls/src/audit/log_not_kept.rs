//! Audit logs that are written where nothing keeps them.

use rampart_model::facts::Facts;
use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "audit/log-not-kept",
    control: Control::Audit,
    severity: Severity::Medium,
    title: "Audit log is lost with the container",
    why: "A log inside the container's own file system is gone with the next restart, which whoever wants to hide \
          something can bring about.",
    fix: "Mount a directory of the node or a volume at the folder of --audit-log-path.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.2.16"), Mapping(Standard::MitreAttack, "T1070")],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for server in facts.components(Role::ApiServer, report) {
        // `-` is the standard output, which the node's log collector takes.
        let Some(path) = server.value("audit-log-path").filter(|path| path.starts_with('/')) else {
            report.not_concerned();
            continue;
        };
        let is_below = |mount: &str| {
            path.strip_prefix(mount.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if !server.lasting_mounts.iter().any(|mount| is_below(mount)) {
            let message = format!("`{path}` lies on no mounted volume that lasts");
            Complaint::new("audit-log-path", message).report(server, report);
        }
    }
}
