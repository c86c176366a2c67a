//! What a policy is asked about: a request to the API server, or an object of a file taken for one.

use std::collections::BTreeMap;

use rampart_model::{Object, Value};

/// What the request does with the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Operation {
    #[default]
    Create,
    Update,
    Delete,
    Connect,
}

impl Operation {
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
        }
    }

    /// Reads the upper-case name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Create, Self::Update, Self::Delete, Self::Connect].into_iter().find(|operation| operation.name() == name)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    pub name: String,
    pub uid: String,
    pub groups: Vec<String>,
    pub extra: BTreeMap<String, Vec<String>>,
    /// `namespace:name` of the Roles, and names of the ClusterRoles, that the user is bound to; Kyverno asks for them.
    pub roles: Vec<String>,
    pub cluster_roles: Vec<String>,
}

/// One request. At least one of `object` and `old` is there.
#[derive(Clone, Default)]
pub struct Review<'d> {
    pub operation: Operation,
    /// The object as it would be stored; none on DELETE.
    pub object: Option<Object<'d>>,
    /// The object as it is stored; none on CREATE.
    pub old: Option<Object<'d>>,
    /// `status`, `scale`, `exec`; empty for the object itself.
    pub subresource: String,
    /// The resource's plural name where the request told it; else it is guessed from the kind.
    pub resource: Option<String>,
    pub user: User,
    pub dry_run: bool,
    /// CreateOptions, UpdateOptions, DeleteOptions or what a subresource takes.
    pub options: Option<Value<'d>>,
}

impl<'d> Review<'d> {
    /// An object of a file, as if it were created now by nobody in particular.
    pub fn of_object(object: Object<'d>) -> Self {
        Self { object: Some(object), ..Self::default() }
    }

    /// The object that the request is about: as it would be, or on DELETE as it was.
    pub fn subject(&self) -> Option<Object<'d>> {
        self.object.or(self.old)
    }

    pub fn namespace(&self) -> &'d str {
        self.subject().map_or("", |object| object.namespace())
    }

    pub fn name(&self) -> &'d str {
        self.subject().map_or("", |object| object.name())
    }

    /// The plural name of the resource.
    pub fn plural(&self) -> String {
        match (&self.resource, self.subject()) {
            (Some(resource), _) => resource.clone(),
            (None, Some(object)) => plural(object.kind()),
            (None, None) => String::new(),
        }
    }
}

/// The plural that Kubernetes gives a kind: lower case with an English ending.
pub fn plural(kind: &str) -> String {
    let lower = kind.to_ascii_lowercase();
    match lower.as_str() {
        "endpoints" | "podmetrics" | "nodemetrics" => lower,
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|ending| lower.ends_with(ending)) => lower + "es",
        _ => match lower.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
            _ => lower + "s",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn plurals_are_those_of_the_api() {
        let pairs = [
            ("Pod", "pods"),
            ("Ingress", "ingresses"),
            ("NetworkPolicy", "networkpolicies"),
            ("Gateway", "gateways"),
            ("Endpoints", "endpoints"),
            ("IngressClass", "ingressclasses"),
        ];
        pairs.iter().for_each(|(kind, wanted)| assert_eq!(plural(kind), *wanted));
    }
}
