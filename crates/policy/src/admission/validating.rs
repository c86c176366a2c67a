//! `ValidatingAdmissionPolicy`: match conditions, validations with their messages, audit annotations.

use rampart_cel::{DEFAULT_COST, MATCH_CONDITIONS_COST, Program, Val};
use rampart_model::{KubernetesVersion, Object};
use serde_json::Value as Tree;

use super::{AUTHORIZER, Binding, Enforcement, GROUP, PARAMS, REQUESTED};
use crate::constraint::MatchResources;
use crate::expression::{Refusal, Run, Scope, items, text};
use crate::{Action, Answer, Review, Status, World};

/// How long a message may be that an expression makes.
const MESSAGE: usize = 5 * 1024;

/// A policy with all that it needs to judge.
pub struct AdmissionPolicy {
    pub name: String,
    constraints: MatchResources,
    /// Whether errors let the request pass.
    ignores_errors: bool,
    /// apiVersion and kind of the parameters.
    params: Option<(String, String)>,
    scope: Scope,
    conditions: Vec<(String, Program)>,
    validations: Vec<Validation>,
    annotations: Vec<(String, Program)>,
}

struct Validation {
    text: String,
    expression: Program,
    message: String,
    message_expression: Option<Program>,
    reason: String,
}

/// What a policy says to a review through one binding, with one parameter.
#[derive(Debug, Clone)]
pub struct Decision {
    pub answer: Answer,
    /// The binding that the policy applied by; empty where it was judged without any.
    pub binding: String,
    pub actions: Vec<Enforcement>,
    /// `Invalid`, `Forbidden`, ...: why the request is refused.
    pub reason: String,
    /// Audit annotations that were not null.
    pub annotations: Vec<(String, String)>,
}

impl AdmissionPolicy {
    /// The policy that an object is, compiled for a release of the API server; none where it is something else.
    ///
    /// # Errors
    /// The first part that is no expression.
    pub fn read(object: Object<'_>, kubernetes: KubernetesVersion) -> Option<Result<Self, Refusal>> {
        if object.group() != GROUP || object.kind() != "ValidatingAdmissionPolicy" {
            return None;
        }
        let spec = object.value().field("spec")?.to_json();
        Some(Self::compile(object.name(), &spec, kubernetes))
    }

    fn compile(name: &str, spec: &Tree, kubernetes: KubernetesVersion) -> Result<Self, Refusal> {
        let scope = super::scope(kubernetes).with_variables(spec)?;
        let mut validations = Vec::new();
        for (position, validation) in items(spec, "validations").enumerate() {
            let field = |name: &str| format!("spec.validations[{position}].{name}");
            let expression = text(validation, "expression");
            let message_expression = match text(validation, "messageExpression") {
                "" => None,
                expression => Some(scope.compile(expression, &field("messageExpression"))?),
            };
            validations.push(Validation {
                expression: scope.compile(expression, &field("expression"))?,
                text: expression.trim().to_owned(),
                message: text(validation, "message").to_owned(),
                message_expression,
                reason: Some(text(validation, "reason"))
                    .filter(|reason| !reason.is_empty())
                    .unwrap_or("Invalid")
                    .to_owned(),
            });
        }
        Ok(Self {
            name: name.to_owned(),
            constraints: spec.get("matchConstraints").map(MatchResources::read).unwrap_or_default(),
            ignores_errors: text(spec, "failurePolicy") == "Ignore",
            params: super::param_kind(spec),
            conditions: scope.named(spec, "matchConditions", "name", "expression")?,
            annotations: scope.named(spec, "auditAnnotations", "key", "valueExpression")?,
            validations,
            scope,
        })
    }

    /// What the policy says to a request, through the bindings that name it; without any it does not apply.
    pub fn judge<'d>(&self, bindings: &[Binding], review: &Review<'d>, world: &World<'d>) -> Vec<Decision> {
        if !self.is_about(review, world) {
            return Vec::new();
        }
        let mine = bindings
            .iter()
            .filter(|binding| binding.policy == self.name && !binding.is_mutating && binding.narrows_to(review, world));
        mine.flat_map(|binding| self.through(binding, review, world)).collect()
    }

    /// What the policy says by itself, as a tool judges it that was given no binding.
    pub fn judge_unbound<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Vec<Decision> {
        if !self.is_about(review, world) {
            return Vec::new();
        }
        vec![self.decide(review, world, Val::Null)]
    }

    fn is_about(&self, review: &Review<'_>, world: &World<'_>) -> bool {
        // Nobody can lock themselves out: the policies are not about policies.
        let is_policy =
            review.subject().is_some_and(|object| object.group() == GROUP && object.kind().contains("AdmissionPolicy"));
        !is_policy && self.constraints.matches(review, world)
    }

    fn through<'d>(&self, binding: &Binding, review: &Review<'d>, world: &World<'d>) -> Vec<Decision> {
        let decisions = match &self.params {
            None => vec![self.decide(review, world, Val::Null)],
            Some((api_version, kind)) => match binding.params((api_version, kind), review, world) {
                Ok(params) => {
                    params.into_iter().map(|param| self.decide(review, world, Val::of(param.value()))).collect()
                }
                Err(message) => vec![self.failed(message)],
            },
        };
        let bound = decisions.into_iter().map(|decision| Decision {
            binding: binding.name.clone(),
            actions: binding.actions.clone(),
            ..decision
        });
        bound.collect()
    }

    fn decision(&self, status: Status, message: impl Into<String>) -> Decision {
        Decision {
            answer: Answer::new(&self.name, "", Action::Validate, status, message),
            binding: String::new(),
            actions: Vec::new(),
            reason: String::new(),
            annotations: Vec::new(),
        }
    }

    /// What an error means: the failure policy decides.
    fn failed(&self, message: String) -> Decision {
        if self.ignores_errors {
            self.decision(Status::Pass, format!("the failure policy ignores that {message}"))
        } else {
            self.decision(Status::Error, message)
        }
    }

    fn decide<'d>(&self, review: &Review<'d>, world: &World<'d>, params: Val<'d>) -> Decision {
        let mut run = Run::new(&self.scope, review, world, Run::common(review, world));
        let requested = run.requested();
        run.give(PARAMS, params);
        run.give(AUTHORIZER, Run::authorizer());
        run.give(REQUESTED, requested);
        run.allow(MATCH_CONDITIONS_COST);
        let mut failure = None;
        for (name, condition) in &self.conditions {
            match run.truth(condition) {
                Ok(true) => {}
                Ok(false) => return self.decision(Status::Skip, format!("match condition `{name}` does not hold")),
                Err(error) => {
                    failure = failure.or(Some(format!("match condition `{name}` cannot be evaluated: {error}")));
                }
            }
        }
        match failure {
            Some(message) if self.ignores_errors => return self.decision(Status::Skip, message),
            Some(message) => return self.decision(Status::Error, message),
            None => run.allow(DEFAULT_COST),
        }
        self.validate(&run)
    }

    fn validate(&self, run: &Run<'_, '_>) -> Decision {
        let mut decision = self.decision(Status::Pass, "");
        for validation in &self.validations {
            match run.truth(&validation.expression) {
                Ok(true) => {}
                // The first that fails gives the reason and the message; an error of another still weighs less.
                Ok(false) if decision.answer.status == Status::Fail => {}
                Ok(false) => {
                    decision.answer.status = Status::Fail;
                    decision.answer.message = validation.message(run);
                    decision.reason.clone_from(&validation.reason);
                }
                Err(error) if decision.answer.status == Status::Pass => {
                    decision = self.failed(format!("expression `{}` cannot be evaluated: {error}", validation.text));
                }
                Err(_) => {}
            }
        }
        for (key, annotation) in &self.annotations {
            match run.evaluate(annotation) {
                Ok(Val::Str(text)) => decision.annotations.push((key.clone(), text.trim().to_owned())),
                Ok(Val::Null) => {}
                Ok(other) => {
                    return self
                        .failed(format!("audit annotation `{key}` gives a {}, not a string", other.type_name()));
                }
                Err(error) => return self.failed(format!("audit annotation `{key}` cannot be evaluated: {error}")),
            }
        }
        decision
    }
}

impl Validation {
    /// The message that the expression makes, if it is one line of bearable length; else the fixed one.
    fn message(&self, run: &Run<'_, '_>) -> String {
        if let Some(expression) = &self.message_expression
            && let Ok(Val::Str(text)) = run.evaluate(expression)
        {
            let text = text.trim();
            if !text.is_empty() && text.len() <= MESSAGE && !text.contains('\n') {
                return text.to_owned();
            }
        }
        match self.message.trim() {
            "" => format!("failed expression: {}", self.text),
            message => message.to_owned(),
        }
    }
}
