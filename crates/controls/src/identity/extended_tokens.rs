//! API servers that let tokens of pods live for a year.

use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{Control, Facts, Mapping, Reporter, Rule, Severity, Standard};

use crate::flag::Complaint;

pub(crate) static RULE: Rule = Rule {
    id: "identity/extended-tokens",
    control: Control::Identity,
    severity: Severity::Low,
    title: "Tokens of pods live for a year",
    why: "The API server stretches the hour of a projected token to a year, for clients of old that do not read it \
          anew: a stolen token works as long.",
    fix: "Set --service-account-extend-token-expiration=false once no client holds on to its first token; the metric \
          serviceaccount_stale_tokens_total tells.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "1.2.30"),
        Mapping(Standard::NsaCisa, "Kubernetes Pod security: Protecting Pod service account tokens"),
        Mapping(Standard::MitreAttack, "T1528"),
    ],
    check: Check::Cluster { run },
};

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let name = "service-account-extend-token-expiration";
    for server in facts.components(Role::ApiServer, report) {
        if server.is_on(name) != Some(false) {
            let message = match server.flag(name) {
                Some(_) => format!("`--{name}` is on"),
                None => format!("`--{name}` is on, since it is not set to false"),
            };
            Complaint::new(name, message).wanted("false").report(server, report);
        }
    }
}
