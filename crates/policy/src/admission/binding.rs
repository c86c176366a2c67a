//! Bindings: where a policy applies, with which parameters, and what its failures do.

use rampart_model::{LabelSelector, Name, Object};
use serde_json::Value as Tree;

use super::GROUP;
use crate::constraint::{MatchResources, selector};
use crate::expression::{items, text};
use crate::{Review, World};

/// What a failure does to the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enforcement {
    Deny,
    Warn,
    Audit,
}

/// A `ValidatingAdmissionPolicyBinding` or a `MutatingAdmissionPolicyBinding`.
#[derive(Debug, Clone)]
pub struct Binding {
    /// Whether it binds a policy that changes objects.
    pub is_mutating: bool,
    pub name: String,
    pub policy: String,
    pub actions: Vec<Enforcement>,
    resources: MatchResources,
    params: Option<Reference>,
}

/// Which objects are the parameters.
#[derive(Debug, Clone)]
struct Reference {
    name: String,
    namespace: String,
    selector: Option<LabelSelector>,
    /// Whether a policy without its parameters lets the request pass.
    allows_none: bool,
}

impl Binding {
    /// The binding that an object is, if it is one.
    pub fn read(object: Object<'_>) -> Option<Self> {
        if object.group() != GROUP
            || !matches!(object.kind(), "ValidatingAdmissionPolicyBinding" | "MutatingAdmissionPolicyBinding")
        {
            return None;
        }
        let spec = object.value().field("spec")?.to_json();
        let actions = items(&spec, "validationActions").filter_map(|action| match action.as_str()? {
            "Deny" => Some(Enforcement::Deny),
            "Warn" => Some(Enforcement::Warn),
            "Audit" => Some(Enforcement::Audit),
            _ => None,
        });
        Some(Self {
            is_mutating: object.kind().starts_with("Mutating"),
            name: object.name().to_owned(),
            policy: text(&spec, "policyName").to_owned(),
            actions: actions.collect(),
            resources: spec.get("matchResources").map(MatchResources::read).unwrap_or_default(),
            params: spec.get("paramRef").map(Reference::read),
        })
    }

    /// Whether the binding is about a review.
    pub fn narrows_to(&self, review: &Review<'_>, world: &World<'_>) -> bool {
        self.resources.narrows_to(review, world)
    }

    /// The parameters of a policy that takes them of a kind. Empty where none were found and that is fine.
    ///
    /// # Errors
    /// There are none, and there must be.
    pub(super) fn params<'d>(
        &self,
        (api_version, kind): (&str, &str),
        review: &Review<'_>,
        world: &World<'d>,
    ) -> Result<Vec<Object<'d>>, String> {
        let Some(wanted) = &self.params else {
            return Err(format!("binding `{}` has no paramRef, which the policy's paramKind needs", self.name));
        };
        let namespace = if wanted.namespace.is_empty() { review.namespace() } else { &wanted.namespace };
        let is_wanted = |object: &Object<'_>| {
            (object.namespace().is_empty() || object.namespace() == namespace)
                && match &wanted.selector {
                    Some(selector) => {
                        let labels: Vec<(Name, Name)> =
                            object.labels().map(|(key, value)| (Name::from(key), Name::from(value))).collect();
                        selector.matches(&labels)
                    }
                    None => object.name() == wanted.name,
                }
        };
        let found: Vec<_> = world.list(api_version, kind, "").filter(is_wanted).collect();
        if found.is_empty() && !wanted.allows_none {
            return Err(format!("binding `{}` finds no `{kind}` for its parameters", self.name));
        }
        Ok(found)
    }
}

impl Reference {
    fn read(tree: &Tree) -> Self {
        Self {
            name: text(tree, "name").to_owned(),
            namespace: text(tree, "namespace").to_owned(),
            selector: tree.get("selector").map(|tree| selector(Some(tree))),
            allows_none: text(tree, "parameterNotFoundAction") == "Allow",
        }
    }
}
