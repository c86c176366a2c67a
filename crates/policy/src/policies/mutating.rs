//! `MutatingPolicy` and `NamespacedMutatingPolicy`: changes that see what those before them made.
//!
//! What a policy means for pod controllers and for existing objects is not made here: such a policy answers for the
//! objects that it names itself.

use rampart_cel::{Program, Val};
use rampart_model::Object;
use serde_json::Value as Tree;

use super::premise::Premise;
use crate::expression::mutation::{self, Change};
use crate::expression::{Refusal, items, text, values};
use crate::patch::change;
use crate::{Action, Answer, Review, Status, World};

/// The slot of `object`.
const OBJECT: usize = 0;

/// A policy with all that it needs to change objects.
pub struct MutatingPolicy {
    premise: Premise,
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
        let read = Premise::read(object, "MutatingPolicy", "matchConditions")?;
        Some(read.and_then(|(premise, spec)| Self::compile(premise, &spec)))
    }

    fn compile(premise: Premise, spec: &Tree) -> Result<Self, Refusal> {
        if spec.get("targetMatchConstraints").is_some_and(|targets| !targets.is_null()) {
            let message = "changes of existing objects are not supported".to_owned();
            return Err(Refusal { field: "spec.targetMatchConstraints".to_owned(), message });
        }
        let mut mutations = Vec::new();
        for (position, mutation) in items(spec, "mutations").enumerate() {
            let (part, read): (_, fn(&Val<'_>) -> _) = match text(mutation, "patchType") {
                "JSONPatch" => ("jsonPatch", mutation::patch),
                _ => ("applyConfiguration", mutation::configuration),
            };
            let expression = mutation.get(part).map_or("", |part| text(part, "expression"));
            let field = format!("spec.mutations[{position}].{part}.expression");
            mutations.push(Mutation { expression: premise.scope.compile(expression, &field)?, read });
        }
        Ok(Self { premise, mutations })
    }

    /// `namespace/name` for one that lives in a namespace.
    pub fn name(&self) -> &str {
        &self.premise.name
    }

    /// What the policy makes of a review's object; nothing where it is not about it.
    pub fn judge<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Vec<Answer> {
        if !self.premise.is_about(review, world) {
            return Vec::new();
        }
        let (status, message, patched) = match self.changed(review, world) {
            Ok(Some(patched)) => (Status::Pass, String::new(), Some(patched)),
            Ok(None) => (Status::Skip, "a match condition does not hold".to_owned(), None),
            Err(message) => (Status::Error, message, None),
        };
        vec![Answer { patched, ..Answer::new(&self.premise.name, "", Action::Mutate, status, message) }]
    }

    /// The object after all changes; none where a condition does not hold or there is no object.
    fn changed<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Result<Option<Tree>, String> {
        let Some(object) = review.object else { return Ok(None) };
        let mut run = self.premise.run(review, world);
        if !self.premise.holds(&run)? {
            return Ok(None);
        }
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
