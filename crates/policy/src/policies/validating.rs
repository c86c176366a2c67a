//! `ValidatingPolicy` and `ImageValidatingPolicy`, of the cluster and of namespaces.
//!
//! Signatures of images are not checked: what depends on them is an error that says so, and never a pass.

use rampart_cel::value::Map;
use rampart_cel::{DEFAULT_COST, MATCH_CONDITIONS_COST, Program, Val};
use rampart_model::Object;
use serde_json::Value as Tree;

use super::images::Images;
use super::{ATTESTORS, EXCEPTIONS, Exception, GROUP, IMAGES, autogen};
use crate::constraint::MatchResources;
use crate::expression::{Refusal, Run, Scope, items, text, values};
use crate::{Action, Answer, Review, Status, World};

/// A policy with all that it needs to judge.
pub struct ValidatingPolicy {
    /// `namespace/name` for one that lives in a namespace.
    pub name: String,
    namespace: String,
    /// Whether it is about plain JSON and not about objects.
    pub is_json: bool,
    is_scored: bool,
    action: Action,
    /// Whether an error of a match condition takes the review out instead of being told.
    ignores_errors: bool,
    /// The policy itself, and what it means for pod controllers.
    rules: Vec<Rule>,
}

struct Rule {
    constraints: Option<MatchResources>,
    scope: Scope,
    images: Images,
    /// Names of what signatures are checked with.
    attestors: Vec<String>,
    attestations: Vec<String>,
    conditions: Vec<Program>,
    exceptions: Vec<(Exception, Vec<Program>)>,
    validations: Vec<Validation>,
    annotations: Vec<(String, Program)>,
}

struct Validation {
    expression: Program,
    message: String,
    message_expression: Option<Program>,
}

impl ValidatingPolicy {
    /// The policy that an object is; none where it is something else.
    ///
    /// # Errors
    /// The first part that is no expression.
    pub fn read(object: Object<'_>, exceptions: &[Exception]) -> Option<Result<Self, Refusal>> {
        let (is_namespaced, action) = match object.kind() {
            "ValidatingPolicy" => (false, Action::Validate),
            "NamespacedValidatingPolicy" => (true, Action::Validate),
            "ImageValidatingPolicy" => (false, Action::VerifyImages),
            "NamespacedImageValidatingPolicy" => (true, Action::VerifyImages),
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
        let exceptions: Vec<_> =
            exceptions.iter().filter(|exception| exception.is_from(object.kind(), object.name())).collect();
        let is_json = spec.get("evaluation").is_some_and(|evaluation| text(evaluation, "mode") == "JSON");
        Some(rules(&spec, &exceptions).map(|rules| Self {
            name: if namespace.is_empty() {
                object.name().to_owned()
            } else {
                format!("{namespace}/{}", object.name())
            },
            namespace: namespace.to_owned(),
            is_json,
            is_scored: object.annotation("policies.kyverno.io/scored") != Some("false"),
            action,
            ignores_errors: text(&spec, "failurePolicy") == "Ignore",
            rules,
        }))
    }

    /// What the policy says to a review; nothing where it is not about it.
    pub fn judge<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Vec<Answer> {
        if self.is_json || (!self.namespace.is_empty() && review.namespace() != self.namespace) {
            return Vec::new();
        }
        let about =
            |rule: &&Rule| rule.constraints.as_ref().is_some_and(|constraints| constraints.matches(review, world));
        self.rules.iter().filter(about).map(|rule| self.rule(rule, review, world, Run::common(review, world))).collect()
    }

    /// What a policy about plain JSON says to a value.
    pub fn judge_json<'d>(&self, value: rampart_model::Value<'d>, world: &World<'d>) -> Vec<Answer> {
        let review = Review::default();
        let rules = self.rules.iter().take(if self.is_json { 1 } else { 0 });
        rules.map(|rule| self.rule(rule, &review, world, vec![Val::of(value)])).collect()
    }

    fn rule<'d>(&self, rule: &Rule, review: &Review<'d>, world: &World<'d>, given: Vec<Val<'d>>) -> Answer {
        let run = Run::new(&rule.scope, review, world, given).confined_to(&self.namespace);
        let (status, message) = self.verdict(rule, run).unwrap_or_else(|message| (Status::Error, message));
        let status = if status == Status::Fail && !self.is_scored { Status::Warn } else { status };
        Answer::new(&self.name, "", self.action, status, message)
    }

    fn verdict(&self, rule: &Rule, mut run: Run<'_, '_>) -> Result<(Status, String), String> {
        run.allow(MATCH_CONDITIONS_COST);
        let mut matched = Vec::new();
        for (exception, conditions) in &rule.exceptions {
            if self.holds(&run, conditions)? {
                matched.push(exception);
            }
        }
        let images: Vec<_> = matched.iter().flat_map(|exception| &exception.images).collect();
        let allowed: Vec<_> = matched.iter().flat_map(|exception| &exception.values).collect();
        if let Some(exception) = matched.first()
            && images.is_empty()
            && allowed.is_empty()
        {
            return Ok((exception.status, format!("the policy exception `{}` takes it out", exception.name)));
        }
        let exceptions =
            values::map([("allowedImages", values::texts(images)), ("allowedValues", values::texts(allowed))]);
        run.give(EXCEPTIONS, exceptions);
        for (slot, names) in (ATTESTORS..).zip([&rule.attestors, &rule.attestations]) {
            let entries = names.iter().map(|name| (Val::text(name.as_str()), Val::text(name.as_str())));
            run.give(slot, Map::of(entries.collect()).map_or(Val::Null, Val::Map));
        }
        let images = rule.images.value(&run)?;
        run.give(IMAGES, images);
        if !self.holds(&run, &rule.conditions)? {
            return Ok((Status::Skip, "a match condition does not hold".to_owned()));
        }
        run.allow(DEFAULT_COST);
        let mut verdict = (Status::Pass, String::new());
        for (position, validation) in rule.validations.iter().enumerate() {
            let holds = run.truth(&validation.expression);
            if !holds.map_err(|error| format!("validation {position} cannot be evaluated: {error}"))? {
                verdict = (Status::Fail, validation.message(&run, position));
                break;
            }
        }
        for (key, annotation) in &rule.annotations {
            let value = run
                .evaluate(annotation)
                .map_err(|error| format!("audit annotation `{key}` cannot be evaluated: {error}"))?;
            if !matches!(value, Val::Str(_) | Val::Null) {
                return Err(format!("audit annotation `{key}` gives a {}, not a string", value.type_name()));
            }
        }
        Ok(verdict)
    }

    /// Whether all conditions hold: one that does not weighs more than one that fails.
    fn holds(&self, run: &Run<'_, '_>, conditions: &[Program]) -> Result<bool, String> {
        let mut failure = None;
        for condition in conditions {
            match run.truth(condition) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(error) => failure = failure.or(Some(format!("a match condition cannot be evaluated: {error}"))),
            }
        }
        match failure {
            Some(_) if self.ignores_errors => Ok(false),
            Some(message) => Err(message),
            None => Ok(true),
        }
    }
}

fn rules(spec: &Tree, exceptions: &[&Exception]) -> Result<Vec<Rule>, Refusal> {
    let own = rule(spec, spec.get("matchConstraints").map(MatchResources::read), exceptions)?;
    let made = autogen::rules(spec).into_iter().map(|made| rule(&made.spec, Some(made.constraints), exceptions));
    std::iter::once(Ok(own)).chain(made).collect()
}

fn rule(spec: &Tree, constraints: Option<MatchResources>, exceptions: &[&Exception]) -> Result<Rule, Refusal> {
    let scope = super::scope(spec)?;
    let conditions = scope.named(spec, "matchConditions", "name", "expression")?;
    let mut validations = Vec::new();
    for (position, validation) in items(spec, "validations").enumerate() {
        let field = |name: &str| format!("spec.validations[{position}].{name}");
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
    let annotations = scope.named(spec, "auditAnnotations", "key", "valueExpression")?;
    let exceptions = exceptions.iter().map(|exception| Ok(((*exception).clone(), exception.conditions(&scope)?)));
    let exceptions = exceptions.collect::<Result<_, _>>()?;
    let conditions = conditions.into_iter().map(|(_, program)| program).collect();
    let names = |list: &str| items(spec, list).map(|item| text(item, "name").to_owned()).collect();
    let images = Images::read(spec, &scope)?;
    let (attestors, attestations) = (names("attestors"), names("attestations"));
    Ok(Rule { images, attestors, attestations, constraints, conditions, exceptions, validations, annotations, scope })
}

impl Validation {
    fn message(&self, run: &Run<'_, '_>, position: usize) -> String {
        let worked_out = self.message_expression.as_ref().map(|expression| match run.evaluate(expression) {
            Ok(Val::Str(text)) => text.to_string(),
            Ok(other) => format!("the message expression gives a {}, not a string", other.type_name()),
            Err(error) => format!("the message expression cannot be evaluated: {error}"),
        });
        let message = worked_out.unwrap_or_else(|| self.message.clone());
        if message.is_empty() { format!("validation {position} does not hold") } else { message }
    }
}
