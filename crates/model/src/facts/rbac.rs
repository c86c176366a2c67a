//! Roles and bindings, as the authorizer sees them, with the places that findings point at.

use std::collections::HashSet;
use std::sync::Arc;

use super::Origin;
use crate::document::Value;
use crate::evidence::Evidence;
use crate::name::{Name, Names};
use crate::object::Object;
use crate::selector::LabelSelector;

pub mod aggregation;
pub mod policy_rule;

pub use policy_rule::{Clause, PolicyRule};

pub const GROUP: &str = "rbac.authorization.k8s.io";

#[derive(Debug, Default, Clone)]
pub struct RbacFacts {
    pub roles: Vec<Role>,
    pub bindings: Vec<Binding>,
    /// Namespace and name of service accounts that custom resources name for pods of theirs, once for each.
    pub named_accounts: Vec<(Name, Name)>,
    /// Rule lists by content: operators and charts install the same roles again and again.
    shared: HashSet<Arc<[PolicyRule]>>,
}

/// A Role or, where the namespace is empty, a ClusterRole.
#[derive(Debug, Clone)]
pub struct Role {
    pub origin: Origin,
    /// The rules as written; those of an aggregating role are overwritten by the cluster, so they count for nothing.
    pub rules: Arc<[PolicyRule]>,
    /// Labels of ClusterRoles, by which others aggregate them.
    pub labels: Box<[(Name, Name)]>,
    /// The selectors of an aggregating ClusterRole.
    pub aggregates: Option<Box<[LabelSelector]>>,
    /// Part of Kubernetes itself.
    pub is_bootstrap: bool,
}

#[derive(Debug, Clone)]
pub struct Binding {
    pub origin: Origin,
    /// True where the roleRef names a ClusterRole.
    pub is_cluster_role: bool,
    pub role: Name,
    /// The place of `roleRef.name`.
    pub role_evidence: Evidence,
    pub subjects: Box<[BoundSubject]>,
    /// Part of Kubernetes itself.
    pub is_bootstrap: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    User,
    Group,
    ServiceAccount,
}

impl SubjectKind {
    pub fn id(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::ServiceAccount => "ServiceAccount",
        }
    }
}

#[derive(Debug, Clone)]
pub struct BoundSubject {
    pub kind: SubjectKind,
    /// Of service accounts only.
    pub namespace: Name,
    pub name: Name,
    /// The place of the subject's name.
    pub evidence: Evidence,
}

impl BoundSubject {
    pub fn is(&self, kind: SubjectKind, name: &str) -> bool {
        self.kind == kind && &*self.name == name
    }

    /// Namespace and name of the service account that is meant, also where it is bound by its user name.
    pub fn service_account(&self) -> Option<(&str, &str)> {
        match self.kind {
            SubjectKind::ServiceAccount => Some((&self.namespace, &self.name)),
            SubjectKind::User => self.name.strip_prefix("system:serviceaccount:")?.split_once(':'),
            SubjectKind::Group => None,
        }
    }

    /// The names without the place, for comparison and keys.
    pub fn identity(&self) -> (SubjectKind, &str, &str) {
        (self.kind, &self.namespace, &self.name)
    }
}

impl std::fmt::Display for BoundSubject {
    /// `Kind/name` or `ServiceAccount/namespace/name`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind {
            SubjectKind::ServiceAccount => write!(f, "ServiceAccount/{}/{}", self.namespace, self.name),
            kind => write!(f, "{}/{}", kind.id(), self.name),
        }
    }
}

/// The ClusterRoles that every cluster has for people to bind.
pub const USER_FACING_ROLES: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];

/// Roles and bindings that the API server itself keeps in place. The label alone is not enough: anybody may write it.
pub fn is_bootstrap(object: &Object<'_>) -> bool {
    let name = object.name();
    let is_reserved = name.starts_with("system:")
        || USER_FACING_ROLES.contains(&name)
        || (object.namespace() == "kube-system" && name == "extension-apiserver-authentication-reader");
    is_reserved && object.label("kubernetes.io/bootstrapping") == Some("rbac-defaults")
}

/// The API server binds its own roles to its own identities only.
fn is_own_subject(subject: &BoundSubject) -> bool {
    match subject.kind {
        SubjectKind::ServiceAccount => &*subject.namespace == "kube-system",
        SubjectKind::User | SubjectKind::Group => subject.name.starts_with("system:"),
    }
}

impl RbacFacts {
    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        if object.group() != GROUP {
            return self.fold_named_account(object, names);
        }
        match object.kind() {
            "Role" | "ClusterRole" => {
                let role = self.role(object, names);
                self.roles.push(role);
            }
            "RoleBinding" | "ClusterRoleBinding" => self.bindings.extend(binding(object, names)),
            _ => {}
        }
    }

    /// The pods stand elsewhere, or nowhere yet: what runs them is the operator's affair.
    fn fold_named_account(&mut self, object: &Object<'_>, names: &mut Names) {
        // Groups of Kubernetes, whose workloads are known as such, have no dot or end so.
        if !object.group().contains('.') || object.group().ends_with(".k8s.io") {
            return;
        }
        if let Some(name) = object.value().text_at(&["spec", "serviceAccountName"]) {
            self.named_accounts.push((names.intern(object.namespace()), names.intern(name)));
        }
    }

    fn role(&mut self, object: &Object<'_>, names: &mut Names) -> Role {
        let is_cluster_role = object.kind() == "ClusterRole";
        let rules: Arc<[PolicyRule]> =
            items(object.value().field("rules")).map(|rule| PolicyRule::read(rule, names)).collect();
        let rules = self.share(rules);
        let labels: Box<[_]> = if is_cluster_role {
            object.labels().map(|(key, value)| (names.intern(key), names.intern(value))).collect()
        } else {
            Box::default()
        };
        let aggregates = object.value().field("aggregationRule").filter(|_| is_cluster_role).map(|rule| {
            items(rule.field("clusterRoleSelectors")).map(|selector| LabelSelector::of(Some(selector), names)).collect()
        });
        Role { origin: Origin::of(object, names), rules, labels, aggregates, is_bootstrap: is_bootstrap(object) }
    }

    fn share(&mut self, rules: Arc<[PolicyRule]>) -> Arc<[PolicyRule]> {
        match self.shared.get(&rules) {
            Some(shared) => Arc::clone(shared),
            None => {
                self.shared.insert(Arc::clone(&rules));
                rules
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for role in other.roles {
            let rules = self.share(Arc::clone(&role.rules));
            self.roles.push(Role { rules, ..role });
        }
        self.bindings.extend(other.bindings);
        self.named_accounts.extend(other.named_accounts);
    }

    pub(super) fn sort(&mut self) {
        self.shared = HashSet::new();
        self.roles.sort_by(|a, b| a.origin.cmp(&b.origin));
        self.named_accounts.sort();
        self.named_accounts.dedup();
        self.bindings.sort_by(|a, b| a.origin.cmp(&b.origin));
    }
}

pub(crate) fn items(list: Option<Value<'_>>) -> impl Iterator<Item = Value<'_>> {
    list.into_iter().flat_map(Value::items)
}

/// None for what the API server would not take: a binding without a role.
fn binding(object: &Object<'_>, names: &mut Names) -> Option<Binding> {
    let role = object.value().dig(&["roleRef", "name"])?;
    let subjects: Box<[BoundSubject]> = items(object.value().field("subjects"))
        .filter_map(|subject| {
            let kind = match subject.text_at(&["kind"])? {
                "User" => SubjectKind::User,
                "Group" => SubjectKind::Group,
                "ServiceAccount" => SubjectKind::ServiceAccount,
                _ => return None,
            };
            let name = subject.field("name")?;
            // Kustomize and Helm fill the namespace in late; the binding's own is what they mean.
            let namespace = match kind {
                SubjectKind::ServiceAccount => subject.text_at(&["namespace"]).unwrap_or(object.namespace()),
                SubjectKind::User | SubjectKind::Group => "",
            };
            Some(BoundSubject {
                kind,
                namespace: names.intern(namespace),
                name: names.intern(name.str()?),
                evidence: Evidence::at(name),
            })
        })
        .collect();
    let is_bootstrap = is_bootstrap(object) && subjects.iter().all(is_own_subject);
    Some(Binding {
        origin: Origin::of(object, names),
        is_cluster_role: object.value().text_at(&["roleRef", "kind"]) != Some("Role"),
        role: names.intern(role.str()?),
        role_evidence: Evidence::at(role),
        subjects,
        is_bootstrap,
    })
}
