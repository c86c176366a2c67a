//! `MutatingPolicy` and `NamespacedMutatingPolicy`: changes that see what those before them made.
//!
//! What a policy means for pod controllers and for existing objects is not made here: such a policy answers for the
//! objects that it names itself.

use rampart_cel::{DEFAULT_COST, MATCH_CONDITIONS_COST, Program, Val};
use rampart_model::Object;
use serde_json::Value as Tree;

use super::GROUP;
use crate::constraint::MatchResources;
use crate::expression::mutation::{self, Change};
use crate::expression::{Refusal, Run, Scope, items, text, values};
use crate::patch::change;
use crate::{Action, Answer, Review, Status, World};

/// The slot of `object`.
const OBJECT: usize = 0;

/// A policy with all that it needs to change objects.
pub struct MutatingPolicy {
    /// `namespace/name` for one that lives in a namespace.
    pub name: String,
    namespace: String,
    ignores_errors: bool,
    constraints: Option<MatchResources>,
    scope: Scope,
    conditions: Vec<Program>,
    mutations: Vec<Mutation>,
}

struct Mutation {
    expression: Program,
    read: fn(&Val<'_>) -> Result<Change, String>,
}

impl MutatingPolicy {
    /// The policy that an object is; none where it is something else.
    ///
    /// # Errors
    /// The first part that is no expression, or a part that is not supported.
    pub fn read(object: Object<'_>) -> Option<Result<Self, Refusal>> {
        let is_namespaced = match object.kind() {
            "MutatingPolicy" => false,
            "NamespacedMutatingPolicy" => true,
            _ => return None,
        };
        if object.group() != GROUP {
            return None;
        }
        let spec = object.value().field("spec")?.to_json();
        let namespace = match object.namespace() {
            _ if !is_namespaced => "",
            "" => "default",
            namespace => namespace,
        };
        let name =
            if namespace.is_empty() { object.name().to_owned() } else { format!("{namespace}/{}", object.name()) };
        Some(Self::compile(name, namespace, &spec))
    }

    fn compile(name: String, namespace: &str, spec: &Tree) -> Result<Self, Refusal> {
        let existing = spec.get("targetMatchConstraints").filter(|targets| !targets.is_null());
        if existing.is_some() {
            let message = "changes of existing objects are not supported".to_owned();
            return Err(Refusal { field: "spec.targetMatchConstraints".to_owned(), message });
        }
        let scope = super::scope(spec)?;
        let mut mutations = Vec::new();
        for (position, mutation) in items(spec, "mutations").enumerate() {
            let (part, read): (_, fn(&Val<'_>) -> _) = match text(mutation, "patchType") {
                "JSONPatch" => ("jsonPatch", mutation::patch),
                _ => ("applyConfiguration", mutation::configuration),
            };
            let expression = mutation.get(part).map_or("", |part| text(part, "expression"));
            let field = format!("spec.mutations[{position}].{part}.expression");
            mutations.push(Mutation { expression: scope.compile(expression, &field)?, read });
        }
        let conditions = scope.named(spec, "matchConditions", "name", "expression")?;
        Ok(Self {
            name,
            namespace: namespace.to_owned(),
            ignores_errors: text(spec, "failurePolicy") == "Ignore",
            constraints: spec.get("matchConstraints").map(MatchResources::read),
            conditions: conditions.into_iter().map(|(_, program)| program).collect(),
            mutations,
            scope,
        })
    }

    /// What the policy makes of a review's object; nothing where it is not about it.
    pub fn judge<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Vec<Answer> {
        let is_about = self.constraints.as_ref().is_some_and(|constraints| constraints.matches(review, world));
        if !is_about || (!self.namespace.is_empty() && review.namespace() != self.namespace) {
            return Vec::new();
        }
        let (status, message, patched) = match self.changed(review, world) {
            Ok(Some(patched)) => (Status::Pass, String::new(), Some(patched)),
            Ok(None) => (Status::Skip, "a match condition does not hold".to_owned(), None),
            Err(message) => (Status::Error, message, None),
        };
        vec![Answer { patched, ..Answer::new(&self.name, "", Action::Mutate, status, message) }]
    }

    /// The object after all changes; none where a condition does not hold or there is no object.
    fn changed<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Result<Option<Tree>, String> {
        let Some(object) = review.object else { return Ok(None) };
        let given = Run::common(review, world);
        let mut run = Run::new(&self.scope, review, world, given).confined_to(&self.namespace);
        run.allow(MATCH_CONDITIONS_COST);
        let mut failure = None;
        for condition in &self.conditions {
            match run.truth(condition) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => failure = failure.or(Some(format!("a match condition cannot be evaluated: {error}"))),
            }
        }
        match failure {
            Some(_) if self.ignores_errors => return Ok(None),
            Some(message) => return Err(message),
            None => {}
        }
        run.allow(DEFAULT_COST);
        let mut tree = object.value().to_json();
        for (position, mutation) in self.mutations.iter().enumerate() {
            let change = run.evaluate(&mutation.expression).map_err(|error| error.to_string());
            let change = change.and_then(|value| (mutation.read)(&value));
            tree = change
                .and_then(|change| change::make(tree, &change))
                .map_err(|message| format!("mutation {position} cannot be made: {message}"))?;
            run.give(OBJECT, values::of_tree(&tree));
        }
        Ok(Some(tree))
    }
}
