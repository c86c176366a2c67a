//! ClusterRoles whose labels hand their powers to everybody who holds view, edit or admin.

use rampart_model::facts::rbac::Clause;
use rampart_model::facts::rbac::policy_rule::List;
use rampart_model::reporter::Entry;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Remedy, Reporter, Rule, Severity, Standard};

use super::access;
use super::power;
use super::powers::Powers;

pub(crate) static RULE: Rule = Rule {
    id: "rbac/aggregated-powers",
    control: Control::Rbac,
    severity: Severity::High,
    title: "Label gives powers to everyone who holds a default role",
    why: "`view`, `edit` and `admin` are bound in every namespace as harmless; the label adds this role's rules to \
          each of those bindings, and no binding shows it.",
    fix: "Remove the label, or the rules that go beyond what the default role is for; bind the rest on its own.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Authentication and authorization"),
        Mapping(Standard::MitreAttack, "T1098.006"),
    ],
    check: Check::Object { kinds: power::ROLES, run },
};

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    if power::is_not_its_own(role) || role.kind() != "ClusterRole" {
        return report.not_concerned();
    }
    let label = |name: &str| {
        let key = format!("rbac.authorization.k8s.io/aggregate-to-{name}");
        role.value().dig(&["metadata", "labels", &key]).filter(|value| value.str() == Some("true"))
    };
    let unlimited = || power::rules(role).filter(|rule| !rule.is_limited_to_names());
    let powers = unlimited().fold(Powers::NONE, |all, rule| all.with(Powers::of(&rule, true)));
    let changes = || {
        power::rules(role)
            .filter(|rule| rule.any(List::Resources, |_| true))
            .any(|rule| rule.any(List::Verbs, |verb| !matches!(verb, "get" | "list" | "watch")))
    };
    // The first label tells; all that go too far are taken away.
    let mut finding: Option<Entry<'_>> = None;
    for name in ["view", "edit", "admin"] {
        let Some(label) = label(name) else { continue };
        let added = powers.without(access::of_user_facing(name));
        if added.is_empty() && !(name == "view" && changes()) {
            continue;
        }
        finding = Some(match finding {
            Some(finding) => finding.remedy(Remedy::Remove { path: label.path() }),
            None => {
                let (message, severity) = match added.is_empty() {
                    true => (format!("whoever holds `{name}`, which is for reading, can also change things"), None),
                    false => {
                        (format!("whoever holds `{name}` can also {added}"), (name == "view").then_some(RULE.severity))
                    }
                };
                report
                    .finding(&role.subject(), label, name, message)
                    .severity(severity.unwrap_or(Severity::Medium))
                    .remove()
            }
        });
    }
}
