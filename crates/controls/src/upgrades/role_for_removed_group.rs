//! Roles that grant resources under the old group `extensions` only.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Object, Remedy, Reporter, Rule, Severity, Value};

use super::{lifecycle, target};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/role-for-removed-group",
    control: Control::Upgrades,
    severity: Severity::Low,
    title: "Role grants a resource under a removed API group",
    why: "Once the group is gone the rule grants nothing: controllers and people that lived on it are locked out.",
    fix: "Grant the resource under the group that serves it now, and drop the old one.",
    maps_to: &[],
    check: Check::Object {
        kinds: Kinds::Of(&["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"]),
        run,
    },
};

const OLD_GROUP: &str = "extensions";

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    if role.label("kubernetes.io/bootstrapping") == Some("rbac-defaults") {
        return report.not_concerned();
    }
    let target = target(report);
    for rule in rules(role) {
        let Some(groups) = rule.field("apiGroups") else { continue };
        let Some(old) = groups.items().find(|group| group.str() == Some(OLD_GROUP)) else { continue };
        let mut homes: Vec<(&str, &str)> = Vec::new();
        for resource in texts(rule, "resources") {
            let Some(row) = lifecycle::rows_of(OLD_GROUP, resource).find(|row| row.is_removed(target)) else {
                continue;
            };
            let Some(home) = row.replacement(target).and_then(|replacement| replacement.split('/').next()) else {
                continue;
            };
            if !rules(role).any(|other| grants(other, home, resource)) && !homes.contains(&(home, resource)) {
                homes.push((home, resource));
            }
        }
        let (Some((home, _)), Some(subject)) = (homes.first(), (!homes.is_empty()).then(|| role.subject())) else {
            continue;
        };
        let names: Vec<String> =
            homes.iter().map(|(home, resource)| format!("`{resource}` (now in `{home}`)")).collect();
        let message = format!("grants {} under `{OLD_GROUP}` only, which no longer has it", names.join(", "));
        let key = homes.iter().map(|(_, resource)| *resource).collect::<Vec<_>>().join(" ");
        let entry = report.finding(&subject, old, key, message);
        if homes.iter().all(|(other, _)| other == home) {
            entry.remedy(Remedy::Append { path: groups.path(), json: format!("\"{home}\"") });
        }
    }
}

fn rules<'d>(role: &Object<'d>) -> impl Iterator<Item = Value<'d>> + use<'d> {
    // Far more than any real role has: each is held against the others.
    role.value().field("rules").into_iter().flat_map(Value::items).take(200)
}

fn texts<'d>(rule: Value<'d>, key: &str) -> impl Iterator<Item = &'d str> + use<'d> {
    rule.field(key).into_iter().flat_map(Value::items).filter_map(Value::str).take(100)
}

fn grants(rule: Value<'_>, group: &str, resource: &str) -> bool {
    texts(rule, "apiGroups").any(|given| given == group || given == "*")
        && texts(rule, "resources").any(|given| given == resource || given == "*")
}
