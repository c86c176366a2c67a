//! Constraints: a template's rules with parameters, for some objects, with what shall follow.

use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};
use serde_json::Value as Tree;

use super::matching::Matching;

const API: &str = "constraints.gatekeeper.sh/v1beta1";

/// A compiled constraint.
pub struct Constraint {
    pub name: String,
    pub kind: String,
    /// What follows at admission: `deny`, `warn`, `dryrun`.
    pub action: String,
    pub(super) matching: Matching,
    pub(super) parameters: regorus::Value,
    pub(super) document: Document,
}

impl Constraint {
    /// Reads an object of the group of constraints.
    ///
    /// # Errors
    /// It is none, or its match cannot be read.
    pub fn read(tree: &Tree) -> Result<Self, String> {
        let text = |path: &str| tree.pointer(path).and_then(Tree::as_str).unwrap_or_default();
        let (kind, name) = (text("/kind"), text("/metadata/name"));
        if text("/apiVersion") != API || kind.is_empty() || name.is_empty() {
            return Err(format!("`{kind}` `{name}` is no constraint; it must be of `{API}` with a kind and a name"));
        }
        let action = match text("/spec/enforcementAction") {
            "" => "deny",
            "scoped" => scoped(tree),
            other => other,
        };
        let parameters = tree.pointer("/spec/parameters").filter(|parameters| parameters.is_object()).cloned();
        let source = Arc::new(SourceText::new(name, tree.to_string()));
        Ok(Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            action: action.to_owned(),
            matching: Matching::read(tree.pointer("/spec/match"))
                .map_err(|error| format!("constraint `{name}`: {error}"))?,
            parameters: regorus::Value::from(parameters.unwrap_or_else(|| serde_json::json!({}))),
            document: Document::from_json(source, &Limits::STANDARD).map_err(|error| error.message)?,
        })
    }
}

/// The strictest action that a scoped constraint has for the admission webhook.
fn scoped(tree: &Tree) -> &'static str {
    let actions = tree.pointer("/spec/scopedEnforcementActions").and_then(Tree::as_array).into_iter().flatten();
    let here = actions.filter(|action| {
        let mut points = action.get("enforcementPoints").and_then(Tree::as_array).into_iter().flatten();
        points.any(|point| matches!(point.get("name").and_then(Tree::as_str), Some("*" | "validation.gatekeeper.sh")))
    });
    let named: Vec<&str> = here.filter_map(|action| action.get("action").and_then(Tree::as_str)).collect();
    ["deny", "warn"].into_iter().find(|action| named.contains(action)).unwrap_or("dryrun")
}
