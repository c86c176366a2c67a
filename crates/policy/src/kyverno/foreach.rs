//! `foreach`: something for each element of a list, also of lists within. Elements that are taken out count as nothing.

use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};
use serde_json::Value as Tree;

use super::conditions;
use super::policy::{Verdict, with_context};
use super::variables::{Fault, Scope};
use crate::Status;
use crate::jmespath::{Text, Val};

/// Elements of all lists of one rule.
const MOST: usize = 10_000;
/// Lists within lists.
const DEEPEST: usize = 8;

/// One element that is asked about: the entry that asks, and what it may name.
pub(super) struct Element<'e, 's> {
    pub(super) entry: &'e Tree,
    pub(super) scope: &'e Scope<'s>,
    /// The element as an object of its own, where patterns are about it and not about the whole object.
    pub(super) object: Option<Document>,
}

/// Called with each element; a verdict ends the walk.
type Visit<'v> = &'v mut dyn FnMut(Element<'_, '_>) -> Result<Option<Verdict>, Fault>;

/// Judges one element: the entry, what it may name, the element as an object of its own.
type Judge<'j> = &'j dyn Fn(&Tree, &Scope<'_>, Option<&Document>) -> Result<Option<Verdict>, Fault>;

/// The verdict over all elements of a validation; none where there was none to judge.
pub(super) fn validate(entries: &[Tree], scope: &Scope<'_>, judge: Judge<'_>) -> Result<Option<Verdict>, Fault> {
    let mut judged = false;
    let descends = |entry: &Tree| entry.get("order").and_then(Tree::as_str) == Some("Descending");
    let ended = walk(entries, scope, &descends, &mut |element| {
        let verdict = judge(element.entry, element.scope, element.object.as_ref())?;
        match verdict {
            Some((Status::Fail | Status::Error, ..)) => return Ok(verdict),
            Some((Status::Skip, ..)) | None => {}
            Some(_) => judged = true,
        }
        Ok(None)
    })?;
    Ok(ended.or_else(|| judged.then(|| (Status::Pass, String::new(), None))))
}

/// Visits the elements of all lists until a visit gives a verdict. `descends` says which lists are taken from their end.
pub(super) fn walk(
    entries: &[Tree],
    scope: &Scope<'_>,
    descends: &dyn Fn(&Tree) -> bool,
    visit: Visit<'_>,
) -> Result<Option<Verdict>, Fault> {
    let mut left = MOST;
    each(entries, scope, descends, visit, 0, &mut left)
}

fn each(
    entries: &[Tree],
    scope: &Scope<'_>,
    descends: &dyn Fn(&Tree) -> bool,
    visit: Visit<'_>,
    depth: usize,
    left: &mut usize,
) -> Result<Option<Verdict>, Fault> {
    if depth >= DEEPEST {
        return Err(Fault::Other(format!("`foreach` within `foreach` goes deeper than {DEEPEST}")));
    }
    for entry in entries {
        let path = entry.get("list").and_then(Tree::as_str).unwrap_or_default();
        let list = match scope.ask(path) {
            Ok(list) => list,
            // A list that is not there has no elements.
            Err(Fault::Unknown(..)) => continue,
            Err(fault) => return Err(fault),
        };
        let mut elements: Vec<(usize, Val<'_>)> = match &list {
            Val::List(list) => list.iter().enumerate().collect(),
            Val::Null => Vec::new(),
            one => vec![(0, one.clone())],
        };
        if descends(entry) {
            elements.reverse();
        }
        for (index, element) in elements {
            *left =
                left.checked_sub(1).ok_or_else(|| Fault::Other(format!("more than {MOST} elements in `foreach`")))?;
            if matches!(element, Val::Null) {
                continue;
            }
            let within = with_context(entry, with_element(scope, &element, index, depth));
            if !conditions::hold(entry.get("preconditions").unwrap_or(&Tree::Null), &within)? {
                continue;
            }
            let verdict = match entry.get("foreach").and_then(Tree::as_array) {
                Some(nested) => each(nested, &within, descends, visit, depth + 1, left)?,
                None => visit(Element { entry, scope: &within, object: scoped(entry, &element) })?,
            };
            if verdict.is_some() {
                return Ok(verdict);
            }
        }
    }
    Ok(None)
}

/// The names of the element beside what could be named before; those of outer lists keep their number.
fn with_element<'a>(scope: &Scope<'a>, element: &Val<'a>, index: usize, depth: usize) -> Scope<'a> {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53: there are few elements")]
    let index = Val::Number(index as f64);
    let own = [
        ("element".to_owned(), element.clone()),
        ("elementIndex".to_owned(), index.clone()),
        (format!("element{depth}"), element.clone()),
        (format!("elementIndex{depth}"), index),
    ];
    let own = own.into_iter().map(|(name, value)| (Text::Shared(name.into()), value));
    let known: Vec<_> = match &scope.root {
        Val::Map(map) => map.iter().collect(),
        _ => Vec::new(),
    };
    Scope { root: Val::map(known.into_iter().chain(own)), operation: scope.operation, context: scope.context }
}

fn scoped(entry: &Tree, element: &Val<'_>) -> Option<Document> {
    let is_scoped = entry.get("elementScope").and_then(Tree::as_bool).unwrap_or(matches!(element, Val::Map(_)));
    if !is_scoped || (entry.get("pattern").is_none() && entry.get("anyPattern").is_none()) {
        return None;
    }
    let source = SourceText::new("element", element.to_json().to_string());
    Document::from_json(Arc::new(source), &Limits::STANDARD).ok()
}
