//! API servers that do not ask RBAC, or that allow everything.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "rbac/authorization-mode",
    control: Control::Rbac,
    severity: Severity::Critical,
    title: "API server does not enforce roles",
    why: "Without RBAC among the authorization modes roles and bindings are decoration; with AlwaysAllow every \
          request that is not stopped by another means is allowed.",
    fix: "Set --authorization-mode=Node,RBAC.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.6"),
        Mapping(Standard::CisKubernetes, "1.2.7"),
        Mapping(Standard::CisKubernetes, "1.2.8"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1078"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for server in facts.components(Role::ApiServer, report) {
        if let Some(file) = server.value("authorization-config") {
            report.gap(
                format!("the order of authorizers stands in `{file}`, which is not among what was scanned"),
                "run `rampart node benchmark` on the control-plane nodes",
            );
            continue;
        }
        let has = |mode: &str| server.list_of("authorization-mode").any(|given| given == mode);
        let complain = |message: &str| Complaint::new("authorization-mode", message).wanted("Node,RBAC");
        if server.value("authorization-mode").is_none() {
            complain("no `--authorization-mode` is set: every request is allowed").report(server, report);
        } else if has("AlwaysAllow") {
            complain("`AlwaysAllow` is among the modes: every request is allowed").report(server, report);
        } else if !has("Node") && has("RBAC") {
            let message = "`Node` is not among the modes: what a kubelet may read is not limited to its own pods";
            Complaint::new("authorization-mode", message).report(server, report);
        } else if !has("RBAC") {
            complain("`RBAC` is not among the modes: roles and bindings mean nothing").report(server, report);
        }
    }
}
