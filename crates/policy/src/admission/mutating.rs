//! `MutatingAdmissionPolicy`: expressions that give changes, each seeing what those before it made.

use std::sync::Arc;

use rampart_cel::{DEFAULT_COST, MATCH_CONDITIONS_COST, Program, Val};
use rampart_model::{Document, KubernetesVersion, Limits, Object, SourceText};
use serde_json::Value as Tree;

use super::{AUTHORIZER, Binding, GROUP, PARAMS, REQUESTED};
use crate::constraint::MatchResources;
use crate::expression::mutation::{self, Change};
use crate::expression::{Refusal, Run, Scope, items, text};
use crate::{Action, Answer, Review, Status, World};

/// A policy with all that it needs to change objects.
pub struct MutationPolicy {
    pub name: String,
    constraints: MatchResources,
    ignores_errors: bool,
    /// Whether it may run again when a later policy has changed the object.
    pub is_reinvoked: bool,
    params: Option<(String, String)>,
    scope: Scope,
    conditions: Vec<(String, Program)>,
    mutations: Vec<Mutation>,
}

struct Mutation {
    expression: Program,
    read: fn(&Val<'_>) -> Result<Change, String>,
}

impl MutationPolicy {
    /// The policy that an object is, compiled for a release of the API server; none where it is something else.
    ///
    /// # Errors
    /// The first part that is no expression.
    pub fn read(object: Object<'_>, kubernetes: KubernetesVersion) -> Option<Result<Self, Refusal>> {
        if object.group() != GROUP || object.kind() != "MutatingAdmissionPolicy" {
            return None;
        }
        let spec = object.value().field("spec")?.to_json();
        Some(Self::compile(object.name(), &spec, kubernetes))
    }

    fn compile(name: &str, spec: &Tree, kubernetes: KubernetesVersion) -> Result<Self, Refusal> {
        let scope = super::scope(kubernetes).with_variables(spec)?;
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
        Ok(Self {
            name: name.to_owned(),
            constraints: spec.get("matchConstraints").map(MatchResources::read).unwrap_or_default(),
            ignores_errors: text(spec, "failurePolicy") == "Ignore",
            is_reinvoked: text(spec, "reinvocationPolicy") == "IfNeeded",
            params: super::param_kind(spec),
            conditions: scope.named(spec, "matchConditions", "name", "expression")?,
            mutations,
            scope,
        })
    }

    /// What the policy makes of a request's object, through the bindings that name it; without any it does not apply.
    pub fn judge(&self, bindings: &[Binding], review: &Review<'_>, world: &World<'_>) -> Vec<Answer> {
        if !self.constraints.matches(review, world) {
            return Vec::new();
        }
        let mine = bindings
            .iter()
            .filter(|binding| binding.policy == self.name && binding.is_mutating && binding.narrows_to(review, world));
        let mut answers: Vec<Answer> = Vec::new();
        for binding in mine {
            let params = match &self.params {
                None => Ok(vec![None]),
                Some((api_version, kind)) => binding
                    .params((api_version, kind), review, world)
                    .map(|found| found.into_iter().map(Some).collect()),
            };
            match params {
                Ok(params) => {
                    for param in params {
                        // What one binding or parameter made, the next one sees.
                        let made = answers.iter().rev().find_map(|answer| answer.patched.clone());
                        answers.push(self.change(review, world, param, made));
                    }
                }
                Err(message) => answers.push(self.failed(message)),
            }
        }
        answers
    }

    /// What the policy makes by itself, as a tool judges it that was given no binding.
    pub fn judge_unbound(&self, review: &Review<'_>, world: &World<'_>) -> Vec<Answer> {
        if !self.constraints.matches(review, world) {
            return Vec::new();
        }
        vec![self.change(review, world, None, None)]
    }

    fn answer(&self, status: Status, message: impl Into<String>) -> Answer {
        Answer::new(&self.name, "", Action::Mutate, status, message)
    }

    fn failed(&self, message: String) -> Answer {
        let status = if self.ignores_errors { Status::Skip } else { Status::Error };
        self.answer(status, message)
    }

    fn change(&self, review: &Review<'_>, world: &World<'_>, param: Option<Object<'_>>, made: Option<Tree>) -> Answer {
        let Some(object) = review.object else { return self.answer(Status::Skip, "there is no object to change") };
        let before = made.unwrap_or_else(|| object.value().to_json());
        match self.holds(review, world, param, &before) {
            Ok(true) => {}
            Ok(false) => return self.answer(Status::Skip, "a match condition does not hold"),
            Err(message) => return self.failed(message),
        }
        let mut tree = before;
        for (position, mutation) in self.mutations.iter().enumerate() {
            let change = self.within(review, world, param, &tree, |run| {
                run.allow(DEFAULT_COST);
                let value = run.evaluate(&mutation.expression).map_err(|error| error.to_string())?;
                (mutation.read)(&value)
            });
            match change.and_then(|change| change.make(tree.clone())) {
                Ok(changed) => tree = changed,
                Err(message) => return self.failed(format!("mutation {position} cannot be made: {message}")),
            }
        }
        Answer { patched: Some(tree), ..self.answer(Status::Pass, "") }
    }

    fn holds(
        &self,
        review: &Review<'_>,
        world: &World<'_>,
        param: Option<Object<'_>>,
        tree: &Tree,
    ) -> Result<bool, String> {
        if self.conditions.is_empty() {
            return Ok(true);
        }
        self.within(review, world, param, tree, |run| {
            run.allow(MATCH_CONDITIONS_COST);
            let mut failure = None;
            for (name, condition) in &self.conditions {
                match run.truth(condition) {
                    Ok(true) => {}
                    Ok(false) => return Ok(false),
                    Err(error) => {
                        failure = failure.or(Some(format!("match condition `{name}` cannot be evaluated: {error}")));
                    }
                }
            }
            failure.map_or(Ok(true), Err)
        })
    }

    /// Runs something over the object as it is now.
    fn within<T>(
        &self,
        review: &Review<'_>,
        world: &World<'_>,
        param: Option<Object<'_>>,
        tree: &Tree,
        with: impl FnOnce(&Run<'_, '_>) -> Result<T, String>,
    ) -> Result<T, String> {
        let source = Arc::new(SourceText::new("object", tree.to_string()));
        let document = Document::from_json(source, &Limits::STANDARD).map_err(|error| error.to_string())?;
        let object = Object::of(document.root()).ok_or("the object has no apiVersion or kind any more")?;
        let review = Review { object: Some(object), ..review.clone() };
        let mut run = Run::new(&self.scope, &review, world, Run::common(&review, world));
        let requested = run.requested();
        run.give(PARAMS, param.map_or(Val::Null, |param| Val::of(param.value())));
        run.give(AUTHORIZER, Run::authorizer());
        run.give(REQUESTED, requested);
        with(&run)
    }
}
