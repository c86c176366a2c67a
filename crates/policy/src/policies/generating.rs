//! `GeneratingPolicy` and `NamespacedGeneratingPolicy`: objects that are made because another one is there.

use rampart_cel::Program;
use rampart_model::Object;
use serde_json::Value as Tree;

use super::premise::Premise;
use crate::expression::{Refusal, items, text};
use crate::{Action, Answer, Review, Status, World};

/// A policy with all that it needs to make objects.
pub struct GeneratingPolicy {
    premise: Premise,
    expressions: Vec<Program>,
}

impl GeneratingPolicy {
    /// The policy that an object is; none where it is something else.
    ///
    /// # Errors
    /// The first part that is no expression.
    pub fn read(object: Object<'_>) -> Option<Result<Self, Refusal>> {
        let read = Premise::read(object, "GeneratingPolicy", "matchConditions")?;
        Some(read.and_then(|(premise, spec)| {
            let compile = |(position, part): (usize, &Tree)| {
                premise.scope.compile(text(part, "expression"), &format!("spec.generate[{position}].expression"))
            };
            let expressions = items(&spec, "generate").enumerate().map(compile).collect::<Result<_, _>>()?;
            Ok(Self { premise, expressions })
        }))
    }

    /// `namespace/name` for one that lives in a namespace.
    pub fn name(&self) -> &str {
        &self.premise.name
    }

    /// What the policy makes for a review; nothing where it is not about it.
    pub fn judge<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Vec<Answer> {
        if !self.premise.is_about(review, world) {
            return Vec::new();
        }
        let (status, message, generated) = match self.made(review, world) {
            Ok(Some(generated)) => (Status::Pass, String::new(), generated),
            Ok(None) => (Status::Skip, "a match condition does not hold".to_owned(), Vec::new()),
            Err(message) => (Status::Error, message, Vec::new()),
        };
        vec![Answer { generated, ..Answer::new(&self.premise.name, "", Action::Generate, status, message) }]
    }

    fn made<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Result<Option<Vec<Tree>>, String> {
        let run = self.premise.run(review, world);
        if !self.premise.holds(&run)? {
            return Ok(None);
        }
        for (position, expression) in self.expressions.iter().enumerate() {
            let made = run.truth(expression);
            made.map_err(|error| format!("generation {position} cannot be evaluated: {error}"))?;
        }
        Ok(Some(run.generated.take()))
    }
}
