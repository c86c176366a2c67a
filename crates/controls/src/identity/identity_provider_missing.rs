//! API servers that know no identity provider.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "identity/identity-provider-missing",
    control: Control::Identity,
    severity: Severity::Low,
    title: "API server knows no identity provider",
    why: "People then log in by certificates or tokens, which nobody can withdraw when they leave, with no second \
          factor and no groups that are kept in one place.",
    fix: "Set up an OpenID Connect provider by --authentication-config, and issue certificates to machines only.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization"), Mapping(Standard::MitreAttack, "T1078")],
    check: Check::Cluster { run },
};

/// Any of these brings users from outside.
const PROVIDERS: [&str; 3] = ["authentication-config", "oidc-issuer-url", "authentication-token-webhook-config-file"];

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    for server in facts.components(Role::ApiServer, report) {
        if PROVIDERS.iter().all(|flag| server.value(flag).is_none()) {
            let message = "neither `--authentication-config` nor `--oidc-issuer-url` nor a token webhook is set";
            Complaint::new("authentication-config", message).report(server, report);
        }
    }
}
