//! One row of the outcome: what a result expects of a resource, and what a rule said of it.

use rampart_model::Object;
use serde::Serialize;
use serde_json::Value as Tree;

use super::field;
use crate::{Action, Answer, Operation, Status};

/// Names of rules are cut at so many bytes.
const LONGEST: usize = 63;

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    pub policy: String,
    pub rule: String,
    pub resource: String,
    pub kind: String,
    pub namespace: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<&'static str>,
    pub expected: String,
    /// `none` where the rule did not apply.
    pub actual: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patched: Option<Tree>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Vec<Tree>>,
    #[serde(skip)]
    pub message: String,
}

impl Row {
    /// Whether the rule said what was expected. That it did not apply is not what anybody expects.
    pub fn is_met(&self) -> bool {
        self.expected == self.actual
    }
}

impl Row {
    pub(super) fn leave_out_namespace(&mut self) {
        let metadata =
            self.patched.as_mut().and_then(|patched| patched.get_mut("metadata")).and_then(Tree::as_object_mut);
        if let Some(metadata) =
            metadata.filter(|metadata| metadata.get("namespace").is_some_and(|name| name == "default"))
        {
            metadata.remove("namespace");
        }
    }
}

/// Adds the rows of one result and one object: one for each rule that answered, or one that says that none did.
pub(super) fn add(
    rows: &mut Vec<Row>,
    result: &Tree,
    object: &Object<'_>,
    operation: Option<Operation>,
    answers: &[Answer],
) {
    let (policy, rule) = (field(result, "policy"), field(result, "rule"));
    let names = [rule.to_owned(), format!("autogen-{rule}"), format!("autogen-cronjob-{rule}")];
    let is_rule = |answer: &Answer| {
        answer.rule.is_empty() || rule.is_empty() || names.iter().any(|name| cut(name) == answer.rule)
    };
    let own = |answer: &&Answer| is_policy(&answer.policy, policy) && is_rule(answer);
    let row = |rule: &str, actual: &'static str| Row {
        policy: policy.to_owned(),
        rule: rule.to_owned(),
        resource: object.name().to_owned(),
        kind: object.kind().to_owned(),
        namespace: if object.namespace().is_empty() { "default" } else { object.namespace() }.to_owned(),
        operation: operation.map(Operation::name),
        expected: field(result, "result").to_owned(),
        actual,
        patched: None,
        generated: None,
        message: String::new(),
    };
    let before = rows.len();
    for answer in answers.iter().filter(own) {
        let is_made = answer.action == Action::Generate && answer.status == Status::Pass;
        rows.push(Row {
            patched: answer.patched.clone(),
            generated: is_made.then(|| answer.generated.clone()),
            message: answer.message.clone(),
            ..row(if answer.rule.is_empty() { rule } else { &answer.rule }, answer.status.name())
        });
    }
    if rows.len() == before {
        rows.push(row(rule, "none"));
    }
}

/// A namespaced policy may be named with its namespace or without.
fn is_policy(own: &str, named: &str) -> bool {
    own == named || own.rsplit_once('/').is_some_and(|(_, name)| name == named)
}

fn cut(name: &str) -> &str {
    name.get(..LONGEST).unwrap_or(name)
}
