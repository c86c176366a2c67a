//! What mutating, generating and deleting policies begin with: whom they are about, conditions, variables.

use rampart_cel::{DEFAULT_COST, MATCH_CONDITIONS_COST, Program};
use rampart_model::Object;
use serde_json::Value as Tree;

use super::GROUP;
use crate::constraint::MatchResources;
use crate::expression::{Refusal, Run, Scope, text};
use crate::{Review, World};

/// The common part of a policy, compiled.
pub(super) struct Premise {
    /// `namespace/name` for one that lives in a namespace.
    pub name: String,
    pub namespace: String,
    pub scope: Scope,
    ignores_errors: bool,
    constraints: Option<MatchResources>,
    conditions: Vec<Program>,
}

impl Premise {
    /// The premise and the specification of a policy of this kind or its namespaced variant; none where the object is
    /// something else. `conditions` names their list.
    pub fn read(object: Object<'_>, kind: &str, conditions: &str) -> Option<Result<(Self, Tree), Refusal>> {
        if object.group() != GROUP {
            return None;
        }
        let namespace = match (object.kind(), object.namespace()) {
            (found, _) if found == kind => "",
            (found, _) if found.strip_prefix("Namespaced") != Some(kind) => return None,
            (_, "") => "default",
            (_, namespace) => namespace,
        };
        let spec = object.value().field("spec")?.to_json();
        let name =
            if namespace.is_empty() { object.name().to_owned() } else { format!("{namespace}/{}", object.name()) };
        Some(Self::compile(name, namespace, &spec, conditions).map(|premise| (premise, spec)))
    }

    fn compile(name: String, namespace: &str, spec: &Tree, conditions: &str) -> Result<Self, Refusal> {
        let scope = super::scope(spec)?;
        let conditions = scope.named(spec, conditions, "name", "expression")?;
        Ok(Self {
            name,
            namespace: namespace.to_owned(),
            ignores_errors: text(spec, "failurePolicy") == "Ignore",
            constraints: spec.get("matchConstraints").map(MatchResources::read),
            conditions: conditions.into_iter().map(|(_, program)| program).collect(),
            scope,
        })
    }

    /// Whether the policy is about the review at all.
    pub fn is_about(&self, review: &Review<'_>, world: &World<'_>) -> bool {
        (self.namespace.is_empty() || review.namespace() == self.namespace)
            && self.constraints.as_ref().is_some_and(|constraints| constraints.matches(review, world))
    }

    pub fn run<'r, 'd>(&'r self, review: &'r Review<'d>, world: &'r World<'d>) -> Run<'r, 'd> {
        Run::new(&self.scope, review, world, Run::common(review, world)).confined_to(&self.namespace)
    }

    /// Whether all conditions hold, and the budget for what follows: one that does not weighs more than one that fails.
    pub fn holds(&self, run: &Run<'_, '_>) -> Result<bool, String> {
        run.allow(MATCH_CONDITIONS_COST);
        let mut failure = None;
        for condition in &self.conditions {
            match run.truth(condition) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => failure = failure.or(Some(format!("a match condition cannot be evaluated: {error}"))),
            }
        }
        run.allow(DEFAULT_COST);
        match failure {
            Some(_) if self.ignores_errors => Ok(false),
            Some(message) => Err(message),
            None => Ok(true),
        }
    }
}
