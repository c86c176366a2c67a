//! Rules of roles that do not do what they seem to.

use rampart_model::facts::rbac::Clause;
use rampart_model::facts::rbac::policy_rule::List;
use rampart_model::rule::Check;
use rampart_model::{Control, Mapping, Object, Remedy, Reporter, Rule, Severity, Standard, Value};

use super::power::{self, items, list};

pub(crate) static RULE: Rule = Rule {
    id: "rbac/ineffective-rule",
    control: Control::Rbac,
    severity: Severity::Low,
    title: "Rule of a role has no effect",
    why: "The rule reads as if it gave or limited something, and does neither: a review that trusts it comes to the \
          wrong result, and the next author mends it by giving too much.",
    fix: "Write what is meant in the form that the authorizer takes, or remove the rule.",
    maps_to: &[Mapping(Standard::NsaCisa, "Authentication and authorization")],
    check: Check::Object { kinds: power::ROLES, run },
};

/// Resources in no namespace, as group and name.
const CLUSTER_SCOPED: [(&str, &str); 12] = [
    ("", "nodes"),
    ("", "persistentvolumes"),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
    ("apiregistration.k8s.io", "apiservices"),
    ("certificates.k8s.io", "certificatesigningrequests"),
    ("networking.k8s.io", "ingressclasses"),
    ("rbac.authorization.k8s.io", "clusterrolebindings"),
    ("scheduling.k8s.io", "priorityclasses"),
    ("storage.k8s.io", "storageclasses"),
    ("storage.k8s.io", "volumeattachments"),
];

fn run(role: &Object<'_>, report: &mut Reporter<'_>) {
    if power::is_not_its_own(role) {
        return report.not_concerned();
    }
    let subject = role.subject();
    for rule in power::rules(role) {
        for resource in items(rule, List::Resources) {
            if let Some((name, message)) = covers_nothing(role, rule, resource) {
                report.finding(&subject, resource, name, message).remedy(removal(role, rule, resource));
            }
        }
        nameless(rule, |names, message, key| {
            report.finding(&subject, names, key, message).remedy(Remedy::Remove { path: rule.path() });
        });
        if role.kind() == "Role"
            && let Some(urls) = rule.field(List::NonResourceUrls.field()).filter(|urls| !urls.is_empty())
        {
            let given: Vec<Value<'_>> = items(rule, List::NonResourceUrls).collect();
            let message = format!("a Role cannot give {}: paths need a ClusterRole", list(&given));
            let useless = if rule.field(List::Resources.field()).is_some() { urls } else { rule };
            report.finding(&subject, urls, power::key(&given), message).remedy(Remedy::Remove { path: useless.path() });
        }
    }
}

fn covers_nothing<'d>(role: &Object<'_>, rule: Value<'_>, resource: Value<'d>) -> Option<(&'d str, String)> {
    let name = resource.str()?;
    if name.ends_with("/*") {
        let message = format!("`{name}` covers nothing: a star behind a slash is no pattern, `*/name` is");
        return Some((name, message));
    }
    let is_cluster_scoped = role.kind() == "Role"
        && CLUSTER_SCOPED.iter().any(|(group, resource)| *resource == name && rule.has(List::ApiGroups, group));
    is_cluster_scoped.then(|| (name, format!("a Role gives nothing on `{name}`, which is in no namespace")))
}

/// Takes the entry away, or the whole rule where nothing that has an effect would be left.
fn removal(role: &Object<'_>, rule: Value<'_>, resource: Value<'_>) -> Remedy {
    let is_all = items(rule, List::Resources).all(|other| covers_nothing(role, rule, other).is_some());
    Remedy::Remove { path: if is_all { rule.path() } else { resource.path() } }
}

/// Names beside verbs that name nothing: the rule allows nothing at all.
fn nameless(rule: Value<'_>, tell: impl FnOnce(Value<'_>, String, String)) {
    let Some(names) = rule.field(List::ResourceNames.field()).filter(|names| !names.is_empty()) else { return };
    let verbs: Vec<Value<'_>> = items(rule, List::Verbs).collect();
    let resources: Vec<Value<'_>> = items(rule, List::Resources).collect();
    let is_nameless = |verb: Value<'_>| matches!(verb.str(), Some("create" | "deletecollection"));
    let is_plain = |resource: Value<'_>| resource.str().is_some_and(|name| name != "*" && !name.contains('/'));
    if !verbs.is_empty() && verbs.iter().copied().all(is_nameless) && resources.iter().copied().all(is_plain) {
        let message = format!("{} with resourceNames is never allowed: the request names no object", list(&verbs));
        tell(names, message, format!("resourceNames:{}", power::key(&resources)));
    }
}
