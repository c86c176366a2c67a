//! Gatekeeper: templates of rules in Rego or CEL, constraints that use them, and its suites of tests.

pub mod cases;
mod constraint;
mod inventory;
mod matching;
mod native;
mod recursion;
mod rego;
mod request;
mod source;
mod template;

use std::collections::BTreeMap;

use rampart_model::{Diagnostic, Object};
use serde_json::Value as Tree;

pub use constraint::Constraint;
pub use request::Request;
pub use source::prepared;
pub use template::{Preference, Template};

use crate::answer::{Action, Answer, Status};
use crate::review::Review;
use crate::world::World;
use inventory::inventory;
use native::Given;

/// Templates and the constraints that use them.
#[derive(Default)]
pub struct Library {
    templates: BTreeMap<String, Template>,
    constraints: Vec<Constraint>,
    preference: Preference,
}

impl Library {
    /// Reads the templates and constraints among the objects; what cannot be read is told of, the rest is kept.
    pub fn read(objects: &[Object<'_>]) -> (Self, Vec<Diagnostic>) {
        let (mut library, mut diagnostics) = (Self::default(), Vec::new());
        for group in ["templates.gatekeeper.sh", "constraints.gatekeeper.sh"] {
            for object in objects.iter().filter(|object| object.group() == group) {
                let tree = object.value().to_json();
                let read = if object.kind() == "ConstraintTemplate" {
                    Template::read(&tree).map(|template| library.add_template(template))
                } else {
                    Constraint::read(&tree).and_then(|constraint| library.add_constraint(constraint))
                };
                if let Err(message) = read {
                    let value = object.value();
                    let source = value.document().source();
                    diagnostics.push(Diagnostic::at(source, value.span().0, message, true));
                }
            }
        }
        (library, diagnostics)
    }

    #[must_use]
    pub fn preferring(mut self, preference: Preference) -> Self {
        self.preference = preference;
        self
    }

    pub fn is_empty(&self) -> bool {
        self.constraints.is_empty()
    }

    pub fn add_template(&mut self, template: Template) {
        self.templates.insert(template.kind.clone(), template);
    }

    /// Adds a constraint of a template that is there.
    ///
    /// # Errors
    /// There is no template of its kind.
    pub fn add_constraint(&mut self, constraint: Constraint) -> Result<(), String> {
        if !self.templates.contains_key(&constraint.kind) {
            let Constraint { name, kind, .. } = &constraint;
            return Err(format!(
                "constraint `{name}` is of kind `{kind}`, which no template defines; add the template"
            ));
        }
        self.constraints.push(constraint);
        Ok(())
    }

    /// What the constraints say; one that is not about the object says nothing.
    pub fn judge(&self, review: &Review<'_>, world: &World<'_>) -> Vec<Answer> {
        let namespace = world.namespace(review.namespace()).map(|namespace| namespace.value().to_json());
        let request = match Request::of_review(review, namespace) {
            Ok(request) => request,
            Err(error) => return vec![Answer::new("", "", Action::Validate, Status::Error, error)],
        };
        let needs =
            self.templates.values().filter_map(|template| template.rego.as_ref()).any(rego::Rego::needs_inventory);
        let looked_up = needs.then(|| {
            let objects: Vec<Tree> = world.objects().iter().map(|object| object.value().to_json()).collect();
            inventory(&objects)
        });
        let now = world.now.map(jiff::Timestamp::as_nanosecond);
        self.judge_request(&request, looked_up.as_ref(), now)
    }

    /// What the constraints say to a request, with the tree of objects to look up.
    pub fn judge_request(&self, request: &Request, looked_up: Option<&Tree>, now: Option<i128>) -> Vec<Answer> {
        let mut answers = Vec::new();
        for constraint in &self.constraints {
            let answer = |status, message: &str| Answer::new(&constraint.name, "", Action::Validate, status, message);
            match constraint.matching.holds(&request.target) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(error) => {
                    answers.push(answer(Status::Error, &error));
                    continue;
                }
            }
            let failed = if constraint.action == "deny" { Status::Fail } else { Status::Warn };
            match self.run(constraint, request, looked_up, now) {
                Err(error) => answers.push(answer(Status::Error, &error)),
                Ok(messages) if messages.is_empty() => answers.push(answer(Status::Pass, "")),
                Ok(messages) => answers.extend(messages.iter().map(|message| answer(failed, message))),
            }
        }
        answers
    }

    fn run(
        &self,
        constraint: &Constraint,
        request: &Request,
        looked_up: Option<&Tree>,
        now: Option<i128>,
    ) -> Result<Vec<String>, String> {
        let Some(template) = self.templates.get(&constraint.kind) else {
            return Err(format!("no template defines the kind `{}`", constraint.kind));
        };
        let given = Given {
            object: request.document.root().get("object"),
            old: request.document.root().get("oldObject"),
            request: request.document.root(),
            constraint: constraint.document.root(),
            namespace: request.namespace.as_ref().map(rampart_model::Document::root),
        };
        match (self.preference, &template.native, &template.rego) {
            (Preference::Rego, _, Some(rego)) | (_, None, Some(rego)) => {
                let input = BTreeMap::from([
                    (regorus::Value::from("review"), request.review.clone()),
                    (regorus::Value::from("parameters"), constraint.parameters.clone()),
                ]);
                rego.run(regorus::Value::from(input), looked_up, now)
            }
            (_, Some(native), _) => native.run(given),
            (_, None, None) => Err(format!("template `{}` has no code", template.name)),
        }
    }
}
