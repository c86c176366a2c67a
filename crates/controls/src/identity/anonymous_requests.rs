//! API servers that answer those who did not log in.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "identity/anonymous-requests",
    control: Control::Identity,
    severity: Severity::Low,
    title: "API server takes anonymous requests",
    why: "One careless binding to system:unauthenticated is all that stands between the internet and the cluster; \
          until then strangers learn its version.",
    fix: "In an AuthenticationConfiguration, allow anonymous requests for /livez, /readyz and /healthz only; or set \
          --anonymous-auth=false where no probe needs them.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.1"),
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1190"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for server in facts.components(Role::ApiServer, report) {
        if server.is_on("anonymous-auth") == Some(false) {
            continue;
        }
        if let Some(file) = server.value("authentication-config").filter(|_| server.flag("anonymous-auth").is_none()) {
            report.gap(
                format!("who may come without logging in stands in `{file}`, which is not among what was scanned"),
                "run `rampart node benchmark` on the control-plane nodes",
            );
            continue;
        }
        let message = match server.flag("anonymous-auth") {
            Some(_) => "`--anonymous-auth` is on",
            None => "`--anonymous-auth` is on, since it is not set to false",
        };
        Complaint::new("anonymous-auth", message).report(server, report);
    }
}
