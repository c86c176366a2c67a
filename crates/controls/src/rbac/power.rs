//! Powers: what a role lets its holder do that ends in more than the role seems to say.
//!
//! Each rule about a power is a constant [`Power`] and its texts; how rules of roles are read, what their limits are
//! worth and where findings point is said here once. A rule of a role that names `*` as its resource is left to
//! `rbac/wildcard-resource`, which lists the powers inside: one mistake, one finding.

use rampart_model::facts::rbac::policy_rule::{List, covers, is_nameless};
use rampart_model::facts::rbac::{Clause, is_bootstrap};
use rampart_model::rule::Kinds;
use rampart_model::{Object, Reporter, Severity, Value};

pub(super) const ROLES: Kinds = Kinds::Of(&["rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"]);

#[derive(Debug)]
pub(crate) struct Power {
    /// Goes on after "can": `read Secrets`.
    pub can: &'static str,
    pub asks: &'static [Ask],
    /// How grave it is in a Role outside kube-system; a ClusterRole has the severity of the rule.
    pub in_namespace: Severity,
    /// How grave it is at most where the role names the objects (`resourceNames`).
    pub when_named: Severity,
    /// Names that are as grave as no limit at all.
    pub grave_names: &'static [&'static str],
}

/// Requests of one API group; any of the verbs on any of the resources gives the power.
#[derive(Debug)]
pub(crate) struct Ask {
    pub group: &'static str,
    pub resources: &'static [&'static str],
    pub verbs: &'static [&'static str],
    /// False for cluster-scoped resources, which a Role cannot give.
    pub is_namespaced: bool,
}

impl Ask {
    /// True where a rule with this entry among its verbs, and this one among its resources, allows the ask.
    fn is_met(&self, verb: &str, resource: &str, is_named: bool) -> bool {
        self.resources.iter().any(|wanted| {
            let allows = |asked: &str| !(is_named && is_nameless(asked, wanted));
            covers(resource, wanted) && self.verbs.iter().any(|asked| (verb == "*" || verb == *asked) && allows(asked))
        })
    }

    fn is_granted_by(&self, rule: &impl Clause, is_cluster_role: bool) -> bool {
        (is_cluster_role || self.is_namespaced)
            && self.resources.iter().any(|resource| {
                rule.covers_resource(resource) && self.verbs.iter().any(|verb| rule.allows(verb, self.group, resource))
            })
    }
}

impl Power {
    pub(crate) fn is_granted_by(&self, rule: &impl Clause, is_cluster_role: bool) -> bool {
        self.asks.iter().any(|ask| ask.is_granted_by(rule, is_cluster_role))
    }
}

/// True for roles whose rules are not their author's: parts of Kubernetes, and rules that the cluster overwrites with
/// those of the aggregated roles, where they are judged.
pub(super) fn is_not_its_own(role: &Object<'_>) -> bool {
    is_bootstrap(role) || (role.kind() == "ClusterRole" && role.value().field("aggregationRule").is_some())
}

pub(super) fn rules<'d>(role: &Object<'d>) -> impl Iterator<Item = Value<'d>> + use<'d> {
    role.value().field("rules").into_iter().flat_map(Value::items)
}

pub(super) fn report(power: &Power, role: &Object<'_>, report: &mut Reporter<'_>) {
    report_as(power, role, None, report);
}

/// With a severity for all of its findings, where the rule knows better than what the power says.
pub(super) fn report_as(power: &Power, role: &Object<'_>, known: Option<Severity>, report: &mut Reporter<'_>) {
    if is_not_its_own(role) {
        return report.not_concerned();
    }
    let is_cluster_role = role.kind() == "ClusterRole";
    let mut keys: Vec<String> = Vec::new();
    for rule in rules(role) {
        if !power.is_granted_by(&rule, is_cluster_role) || rule.has(List::Resources, "*") {
            continue;
        }
        let is_named = rule.is_limited_to_names();
        let asks =
            || power.asks.iter().filter(|ask| (is_cluster_role || ask.is_namespaced) && rule.covers_group(ask.group));
        let resources: Vec<Value<'_>> = items(rule, List::Resources)
            .filter(|resource| {
                items(rule, List::Verbs).any(|verb| asks().any(|ask| met(ask, verb, *resource, is_named)))
            })
            .collect();
        let verbs: Vec<Value<'_>> = items(rule, List::Verbs)
            .filter(|verb| resources.iter().any(|resource| asks().any(|ask| met(ask, *verb, *resource, is_named))))
            .collect();
        let Some(first) = resources.first() else { continue };
        let key = key(&resources);
        if keys.contains(&key) {
            continue;
        }
        keys.push(key.clone());
        let mut message = format!("can {}: {} on {}", power.can, list(&verbs), list(&resources));
        if is_named {
            let names: Vec<_> = items(rule, List::ResourceNames).collect();
            message.push_str(&format!(" named {}", list(&names)));
        }
        message.push_str(&aggregated_into(role));
        let severity = known.or_else(|| severity(power, role, rule));
        let entry = report.finding(&role.subject(), *first, key, message);
        if let Some(severity) = severity {
            entry.severity(severity);
        }
    }
}

fn met(ask: &Ask, verb: Value<'_>, resource: Value<'_>, is_named: bool) -> bool {
    matches!((verb.str(), resource.str()), (Some(verb), Some(resource)) if ask.is_met(verb, resource, is_named))
}

/// None leaves the severity of the rule.
fn severity(power: &Power, role: &Object<'_>, rule: Value<'_>) -> Option<Severity> {
    let in_namespace = is_confined(role).then_some(power.in_namespace);
    let is_grave = power.grave_names.iter().any(|name| rule.has(List::ResourceNames, name));
    let when_named = (rule.is_limited_to_names() && !is_grave).then_some(power.when_named);
    match (in_namespace, when_named) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// True for a Role whose namespace does not hold the keys of the cluster.
pub(super) fn is_confined(role: &Object<'_>) -> bool {
    role.kind() == "Role" && role.namespace() != "kube-system"
}

/// Says which of the roles for people get these rules too, by the labels that Kubernetes aggregates by.
pub(super) fn aggregated_into(role: &Object<'_>) -> String {
    let into: Vec<_> = ["view", "edit", "admin"]
        .into_iter()
        .filter(|name| role.label(&format!("rbac.authorization.k8s.io/aggregate-to-{name}")) == Some("true"))
        .map(|name| format!("`{name}`"))
        .collect();
    if into.is_empty() || role.kind() != "ClusterRole" {
        String::new()
    } else {
        format!("; aggregated into {}", into.join(", "))
    }
}

pub(super) fn items(rule: Value<'_>, list: List) -> impl Iterator<Item = Value<'_>> {
    rule.field(list.field()).into_iter().flat_map(Value::items)
}

/// The entries in backticks, parted by commas.
pub(super) fn list(values: &[Value<'_>]) -> String {
    let names: Vec<_> = values.iter().filter_map(|value| value.str()).map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The entries in an order that does not hang on how they were written.
pub(super) fn key(values: &[Value<'_>]) -> String {
    let mut names: Vec<_> = values.iter().filter_map(|value| value.str()).collect();
    names.sort_unstable();
    names.join(",")
}
