//! `PolicyException` of `policies.kyverno.io`: what a policy does not judge, or what it lets pass.

use rampart_cel::Program;
use rampart_model::Object;
use serde_json::Value as Tree;

use super::GROUP;
use crate::Status;
use crate::expression::{Refusal, Scope, items, text};

/// An exception as it is written.
#[derive(Debug, Clone)]
pub struct Exception {
    pub name: String,
    /// Kind and name of the policies that it is from.
    policies: Vec<(String, String)>,
    pub images: Vec<String>,
    pub values: Vec<String>,
    /// What a review that it takes out is reported as.
    pub status: Status,
    spec: Tree,
}

impl Exception {
    /// The exception that an object is, if it is one.
    pub fn read(object: Object<'_>) -> Option<Self> {
        if !object.is(GROUP, "PolicyException") {
            return None;
        }
        let spec = object.value().field("spec")?.to_json();
        let list = |key| items(&spec, key).filter_map(Tree::as_str).map(str::to_owned).collect();
        Some(Self {
            name: match object.namespace() {
                "" => object.name().to_owned(),
                namespace => format!("{namespace}/{}", object.name()),
            },
            policies: items(&spec, "policyRefs")
                .map(|policy| (text(policy, "kind").to_owned(), text(policy, "name").to_owned()))
                .collect(),
            images: list("images"),
            values: list("allowedValues"),
            status: if text(&spec, "reportResult") == "pass" { Status::Pass } else { Status::Skip },
            spec,
        })
    }

    /// Whether it is an exception from a policy.
    pub fn is_from(&self, kind: &str, name: &str) -> bool {
        self.policies.iter().any(|(k, n)| (k == kind || k.is_empty()) && crate::wildcard::matches(n, name))
    }

    /// When it holds, in the scope of the policy.
    ///
    /// # Errors
    /// The first condition that is no expression.
    pub(super) fn conditions(&self, scope: &Scope) -> Result<Vec<Program>, Refusal> {
        let conditions = scope.named(&self.spec, "matchConditions", "name", "expression")?;
        Ok(conditions.into_iter().map(|(_, program)| program).collect())
    }
}
