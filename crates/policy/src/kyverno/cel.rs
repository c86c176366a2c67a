//! `validate.cel` with `celPreconditions`: expressions as in a ValidatingAdmissionPolicy, in a rule of Kyverno.

use rampart_cel::{DEFAULT_COST, MATCH_CONDITIONS_COST, Program, Val};
use rampart_model::KubernetesVersion;
use serde_json::Value as Tree;

use super::policy::Verdict;
use crate::admission::{self, PARAMS};
use crate::expression::{Refusal, Run, Scope, items, text};
use crate::{Review, Status, World};

/// The expressions of a rule, compiled.
pub(super) struct Cel {
    scope: Scope,
    conditions: Vec<Program>,
    validations: Vec<Validation>,
    /// apiVersion, kind, namespace and name of the parameters.
    params: Option<[String; 4]>,
}

struct Validation {
    expression: Program,
    message: String,
    message_expression: Option<Program>,
}

impl Cel {
    /// None where the rule has no expressions.
    pub(super) fn read(rule: &Tree) -> Option<Result<Self, Refusal>> {
        let cel = rule.get("validate")?.get("cel")?;
        Some(Self::compiled(rule, cel))
    }

    fn compiled(rule: &Tree, cel: &Tree) -> Result<Self, Refusal> {
        let scope = admission::scope(KubernetesVersion::LATEST).with_variables(cel)?;
        let conditions = scope.named(rule, "celPreconditions", "name", "expression")?;
        let mut validations = Vec::new();
        for (position, validation) in items(cel, "expressions").enumerate() {
            let field = |name: &str| format!("validate.cel.expressions[{position}].{name}");
            let message_expression = match text(validation, "messageExpression") {
                "" => None,
                expression => Some(scope.compile(expression, &field("messageExpression"))?),
            };
            validations.push(Validation {
                expression: scope.compile(text(validation, "expression"), &field("expression"))?,
                message: text(validation, "message").to_owned(),
                message_expression,
            });
        }
        let params = admission::param_kind(cel).zip(cel.get("paramRef")).map(|((api_version, kind), reference)| {
            [api_version, kind, text(reference, "namespace").to_owned(), text(reference, "name").to_owned()]
        });
        let conditions = conditions.into_iter().map(|(_, program)| program).collect();
        Ok(Self { scope, conditions, validations, params })
    }

    /// # Errors
    /// An expression has no value.
    pub(super) fn judge(&self, review: &Review<'_>, world: &World<'_>) -> Result<Verdict, String> {
        let mut run = Run::new(&self.scope, review, world, Run::common(review, world));
        if let Some([api_version, kind, namespace, name]) = &self.params {
            let namespace = if namespace.is_empty() { review.namespace() } else { namespace };
            let found =
                world.find(api_version, kind, namespace, name).or_else(|| world.find(api_version, kind, "", name));
            let found = found.ok_or_else(|| format!("there is no `{kind}` `{name}` for the parameters"))?;
            run.give(PARAMS, Val::of(found.value()));
        }
        run.allow(MATCH_CONDITIONS_COST);
        for condition in &self.conditions {
            let holds = run.truth(condition).map_err(|error| format!("a precondition cannot be evaluated: {error}"))?;
            if !holds {
                return Ok((Status::Skip, "the preconditions are not met".to_owned(), None));
            }
        }
        run.allow(DEFAULT_COST);
        for (position, validation) in self.validations.iter().enumerate() {
            let holds = run.truth(&validation.expression);
            if !holds.map_err(|error| format!("expression {position} cannot be evaluated: {error}"))? {
                let said = validation.message_expression.as_ref().and_then(|message| run.evaluate(message).ok());
                let message = match said {
                    Some(Val::Str(text)) => text.to_string(),
                    _ => validation.message.clone(),
                };
                return Ok((Status::Fail, message, None));
            }
        }
        Ok((Status::Pass, String::new(), None))
    }
}
