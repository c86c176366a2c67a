//! What a binding is worth: the role that it names, what that role takes from others, and the powers of both.

use std::collections::{BTreeMap, HashMap};

use rampart_model::facts::rbac::{Binding, BoundSubject, Role, SubjectKind, USER_FACING_ROLES, aggregation};
use rampart_model::{Facts, FieldPath, Remedy, Reporter};

use super::powers::Powers;

/// The kinds that a question about bindings rests on.
pub(crate) const KINDS: [&str; 4] = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

/// The kinds that a question about who uses a service account rests on.
pub(crate) const WORKLOADS: [&str; 6] = ["Pod", "Deployment", "DaemonSet", "StatefulSet", "Job", "CronJob"];

pub(crate) struct Access<'f> {
    roles: &'f [Role],
    /// By namespace (empty for ClusterRoles) and name.
    by_name: HashMap<(&'f str, &'f str), usize>,
    aggregated: BTreeMap<usize, Vec<usize>>,
}

/// What a binding gives.
#[derive(Clone, Copy)]
pub(crate) struct Grant<'f> {
    pub powers: Powers,
    /// The rules of `cluster-admin`, under whatever name.
    pub is_everything: bool,
    /// The role that can be changed; none for parts of Kubernetes and for roles that are not there.
    pub role: Option<&'f Role>,
    /// The aggregated role that gives powers, where the bound one has none of its own.
    pub source: Option<&'f Role>,
}

impl<'f> Access<'f> {
    pub(crate) fn new(facts: &'f Facts) -> Self {
        let roles = &facts.rbac.roles;
        let by_name = roles
            .iter()
            .enumerate()
            .map(|(position, role)| ((role.origin.namespace(), role.origin.name()), position))
            .collect();
        Self { roles, by_name, aggregated: aggregation::resolve(roles) }
    }

    fn position(&self, binding: &'f Binding) -> Option<usize> {
        let namespace = if binding.is_cluster_role { "" } else { binding.origin.namespace() };
        self.by_name.get(&(namespace, &*binding.role)).copied()
    }

    /// True where the role is among the objects, or is one that every cluster has.
    pub(crate) fn role_exists(&self, binding: &'f Binding) -> bool {
        self.position(binding).is_some() || (binding.is_cluster_role && is_in_every_cluster(&binding.role))
    }

    pub(crate) fn grant(&self, binding: &'f Binding) -> Grant<'f> {
        let is_cluster_wide = binding.origin.namespace().is_empty();
        let position = self.position(binding);
        let role = position.and_then(|position| self.roles.get(position));
        if let Some(own) = built_in(binding, role) {
            let own = if is_cluster_wide { own } else { own.without(Powers::cluster_scoped()) };
            let added = self.added_to(&binding.role, own, is_cluster_wide);
            let powers = added.map_or(own, |(_, powers)| own.with(powers));
            let is_everything = &*binding.role == "cluster-admin";
            return Grant { powers, is_everything, role: None, source: added.map(|(role, _)| role) };
        }
        let Some((position, role)) = position.zip(role) else {
            return Grant { powers: Powers::NONE, is_everything: false, role: None, source: None };
        };
        let custom = (!role.is_bootstrap).then_some(role);
        match self.aggregated.get(&position) {
            None => Grant {
                powers: Powers::of_rules(&role.rules, is_cluster_wide),
                is_everything: is_everything(role),
                role: custom,
                source: None,
            },
            Some(sources) => {
                let sources = || sources.iter().filter_map(|source| self.roles.get(*source));
                let powers = |source: &Role| Powers::of_rules(&source.rules, is_cluster_wide);
                Grant {
                    powers: sources().fold(Powers::NONE, |all, source| all.with(powers(source))),
                    is_everything: sources().any(is_everything),
                    role: custom,
                    source: sources().find(|source| !powers(source).is_empty()),
                }
            }
        }
    }

    /// The first role of somebody else that adds powers to one of the roles for people, with the powers of all of them.
    fn added_to(&self, name: &str, own: Powers, is_cluster_wide: bool) -> Option<(&'f Role, Powers)> {
        let mut first = None;
        let mut added = Powers::NONE;
        for role in self.roles.iter().filter(|role| !role.is_bootstrap && widens(role).any(|widened| widened == name)) {
            let powers = Powers::of_rules(&role.rules, is_cluster_wide).without(own);
            if !powers.is_empty() {
                first = first.or(Some(role));
                added = added.with(powers);
            }
        }
        first.map(|role| (role, added))
    }
}

/// The roles for people that get the rules of this one. `view` goes into `edit`, and `edit` into `admin`.
pub(crate) fn widens(role: &Role) -> impl Iterator<Item = &'static str> {
    let has = |label: &str| role.labels.iter().any(|(key, value)| &**key == label && &**value == "true");
    let first = ["view", "edit", "admin"]
        .iter()
        .position(|name| has(&format!("rbac.authorization.k8s.io/aggregate-to-{name}")))
        .unwrap_or(3);
    ["view", "edit", "admin"].into_iter().skip(first)
}

/// The powers of the roles that every cluster has, where they are not replaced by one's own.
fn built_in(binding: &Binding, role: Option<&Role>) -> Option<Powers> {
    let is_its_own = role.is_some_and(|role| !role.is_bootstrap);
    if !binding.is_cluster_role || is_its_own {
        return None;
    }
    match &*binding.role {
        name if USER_FACING_ROLES.contains(&name) => Some(of_user_facing(name)),
        // A cluster shows what its own roles hold; a folder does not.
        name if role.is_none() => of_system(name),
        _ => None,
    }
}

/// The roles of the system that somebody may find worth binding.
fn of_system(name: &str) -> Option<Powers> {
    Some(match name {
        "system:kubelet-api-admin" => Powers::these(&[&super::reach_kubelets::POWER]),
        "system:persistent-volume-provisioner" => Powers::these(&[&super::create_persistent_volumes::POWER]),
        "system:kube-controller-manager" => {
            Powers::these(&[&super::read_secrets::POWER, &super::write_secrets::POWER, &super::issue_tokens::POWER])
        }
        "system:controller:clusterrole-aggregation-controller" => {
            Powers::these(&[&super::escalate_roles::POWER, &super::manage_roles::POWER])
        }
        _ => return None,
    })
}

pub(crate) fn of_user_facing(name: &str) -> Powers {
    let edit = Powers::these(&[
        &super::read_secrets::POWER,
        &super::write_secrets::POWER,
        &super::exec_in_pods::POWER,
        &super::forward_ports::POWER,
        &super::create_workloads::POWER,
        &super::impersonate::POWER,
        &super::issue_tokens::POWER,
    ]);
    match name {
        "cluster-admin" => Powers::EVERYTHING,
        "admin" => edit.with(Powers::these(&[&super::manage_roles::POWER])),
        "edit" => edit,
        _ => Powers::NONE,
    }
}

fn is_everything(role: &Role) -> bool {
    let has = |list: &[rampart_model::Name]| list.iter().any(|entry| &**entry == "*");
    role.rules.iter().any(|rule| has(&rule.verbs) && has(&rule.api_groups) && has(&rule.resources))
}

/// ClusterRoles that a folder of manifests does not hold, and a cluster always does.
pub(crate) fn is_in_every_cluster(name: &str) -> bool {
    name.starts_with("system:") || USER_FACING_ROLES.contains(&name)
}

/// The bindings that people made; records what could not be read.
pub(crate) fn made_by_people<'f>(facts: &'f Facts, report: &mut Reporter<'_>) -> Vec<&'f Binding> {
    report.sees(facts, &KINDS);
    let bindings: Vec<_> = facts.rbac.bindings.iter().filter(|binding| !binding.is_bootstrap).collect();
    report.examined(bindings.len());
    bindings
}

/// `in every namespace` or `in namespace x`.
pub(crate) fn scope(binding: &Binding) -> String {
    match binding.origin.namespace() {
        "" => "in the whole cluster".to_owned(),
        namespace => format!("in namespace `{namespace}`"),
    }
}

/// The role as a reader finds it: `ClusterRole/name` or `Role/name`.
pub(crate) fn role_name(binding: &Binding) -> String {
    format!("{}/{}", if binding.is_cluster_role { "ClusterRole" } else { "Role" }, binding.role)
}

impl Grant<'_> {
    /// Goes on after the name of the role: what it gives, and from where.
    pub(crate) fn explained(&self) -> String {
        let can = match (self.is_everything, self.powers.is_empty()) {
            (true, _) => ", which may do everything".to_owned(),
            (false, true) => String::new(),
            (false, false) => format!(", with the power to {}", self.powers),
        };
        match self.source {
            Some(source) => format!("{can}, aggregated from `{}`", source.origin.name()),
            None => can,
        }
    }
}

/// Takes the subject out of its binding.
pub(crate) fn removal(subject: &BoundSubject) -> Remedy {
    let mut steps = subject.evidence.path.0.clone();
    steps.pop();
    Remedy::Remove { path: FieldPath(steps) }
}

/// `system:anonymous` and the group that holds it.
pub(crate) fn is_anonymous(subject: &BoundSubject) -> bool {
    subject.is(SubjectKind::User, "system:anonymous") || subject.is(SubjectKind::Group, "system:unauthenticated")
}

/// A user who is no part of Kubernetes.
pub(crate) fn is_person(subject: &BoundSubject) -> bool {
    subject.kind == SubjectKind::User && !subject.name.starts_with("system:")
}

/// Groups that hold everybody, or every service account, of the cluster or of a namespace.
pub(crate) fn is_everyone(subject: &BoundSubject) -> bool {
    subject.kind == SubjectKind::Group
        && (matches!(&*subject.name, "system:authenticated" | "system:serviceaccounts")
            || subject.name.starts_with("system:serviceaccounts:"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rampart_model::{Limits, Object, SourceText};

    use super::*;

    /// The powers that the one binding among the objects gives, in words.
    fn given(yaml: &str) -> String {
        let (documents, error) =
            rampart_model::Document::all_from_yaml(&Arc::new(SourceText::new("access.yaml", yaml)), &Limits::STANDARD);
        assert_eq!(error, None);
        let mut facts = Facts::default();
        documents.iter().flat_map(Object::all).for_each(|object| facts.fold(&object));
        facts.sort();
        let grant = Access::new(&facts).grant(&facts.rbac.bindings[0]);
        assert_eq!(grant.is_everything, grant.explained().contains("everything"));
        grant.explained()
    }

    fn binding(kind: &str, role: &str) -> String {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: b, namespace: shop}}\n\
             roleRef: {{kind: ClusterRole, name: \"{role}\"}}\n---\n"
        )
    }

    fn role(name: &str, metadata: &str, rest: &str) -> String {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n\
             metadata: {{name: \"{name}\", {metadata}}}\n{rest}\n---\n"
        )
    }

    const NODES: &str = "rules: [{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}]";
    const SECRETS: &str = "rules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]";

    #[test]
    fn a_role_gives_what_lies_outside_namespaces_only_to_the_whole_cluster() {
        let role = role("r", "", NODES);
        assert!(given(&(binding("ClusterRoleBinding", "r") + &role)).contains("every pod of a node"));
        assert_eq!(given(&(binding("RoleBinding", "r") + &role)), "");
    }

    #[test]
    fn roles_for_people_are_known_without_their_objects() {
        assert!(given(&binding("RoleBinding", "edit")).contains("read Secrets"));
        assert_eq!(given(&binding("RoleBinding", "view")), "");
        assert!(given(&binding("RoleBinding", "cluster-admin")).contains("may do everything"));
        assert!(given(&binding("ClusterRoleBinding", "system:kubelet-api-admin")).contains("every pod of a node"));
    }

    #[test]
    fn what_goes_into_view_goes_into_edit_and_admin_too() {
        let added = role("extra", "labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}", NODES);
        for name in ["view", "edit", "admin"] {
            let given = given(&(binding("ClusterRoleBinding", name) + &added));
            assert!(given.ends_with("aggregated from `extra`"), "{name}: {given}");
        }
    }

    #[test]
    fn rules_of_an_aggregating_role_count_only_where_they_come_from() {
        let whole = format!("aggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{into: whole}}}}]}}\n{NODES}");
        let whole = role("whole", "", &whole);
        let part = role("part", "labels: {into: whole}", SECRETS);
        assert_eq!(given(&(binding("ClusterRoleBinding", "whole") + &whole)), "");
        assert_eq!(
            given(&(binding("ClusterRoleBinding", "whole") + &whole + &part)),
            ", with the power to read Secrets, aggregated from `part`"
        );
    }

    #[test]
    fn a_binding_to_a_role_that_is_not_there_gives_nothing() {
        assert_eq!(given(&binding("ClusterRoleBinding", "gone")), "");
    }
}
