//! `mutate`: the object as a rule changes it, also element by element. Rules about objects that exist already are refused.

use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};
use serde_json::Value as Tree;

use super::foreach::{self, Element};
use super::pattern;
use super::variables::{Fault, Scope};
use crate::patch::mutation::Mutation;

/// The object after the rule; none where the rule changes nothing.
pub(super) fn mutate(body: &Tree, scope: &Scope<'_>, object: &Tree) -> Result<Option<Tree>, Fault> {
    if body.get("targets").is_some() {
        return Err(Fault::Other("changes of objects that exist already are not judged yet".to_owned()));
    }
    if let Some(mutation) = Mutation::read(body) {
        return apply(&mutation, scope, object);
    }
    let Some(entries) = body.get("foreach").and_then(Tree::as_array) else {
        return Err(Fault::Other("`mutate` has no patch: write `patchStrategicMerge` or `patchesJson6902`".to_owned()));
    };
    let mut current = None;
    let descends = |entry: &Tree| {
        let order = entry.get("order").and_then(Tree::as_str);
        Mutation::read(entry).map_or(order == Some("Descending"), |mutation| mutation.descends(order))
    };
    foreach::walk(entries, scope, &descends, &mut |element: Element<'_, '_>| {
        let Some(mutation) = Mutation::read(element.entry) else { return Ok(None) };
        if let Some(after) = apply(&mutation, element.scope, current.as_ref().unwrap_or(object))? {
            current = Some(after);
        }
        Ok(None)
    })?;
    Ok(current)
}

fn apply(mutation: &Mutation, scope: &Scope<'_>, object: &Tree) -> Result<Option<Tree>, Fault> {
    let substitute = |tree: &Tree| scope.fill(tree).map_err(|fault| fault.to_string());
    mutation.apply(object, &substitute, &meets).map_err(Fault::Other)
}

/// Whether a value is as the condition of an anchor wants it.
fn meets(wanted: &Tree, value: &Tree) -> bool {
    let source = SourceText::new("value", value.to_string());
    Document::from_json(Arc::new(source), &Limits::STANDARD)
        .is_ok_and(|document| pattern::matches(wanted, document.root()).is_ok())
}
