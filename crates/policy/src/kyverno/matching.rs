//! `match` and `exclude`: which requests a rule is about.

use rampart_model::Object;
use serde_json::Value as Tree;

use crate::wildcard;
use crate::{Operation, Review, World};

/// Whether a rule is about the review: `match` takes it in and `exclude` does not take it out.
pub fn is_about(rule: &Tree, review: &Review<'_>, world: &World<'_>) -> bool {
    let takes = |block: &Tree, is_match| filters(block, |filter| admits(filter, review, world, is_match));
    rule.get("match").is_some_and(|block| takes(block, true))
        && !rule.get("exclude").is_some_and(|block| takes(block, false))
}

/// `any`, `all`, or a filter on the block itself.
fn filters(block: &Tree, mut admits: impl FnMut(&Tree) -> bool) -> bool {
    let list = |key| block.get(key).and_then(Tree::as_array).filter(|list| !list.is_empty());
    match (list("any"), list("all")) {
        (Some(any), _) => any.iter().any(admits),
        (None, Some(all)) => all.iter().all(admits),
        (None, None) => admits(block),
    }
}

/// The texts of a list; nothing where there is none.
pub(super) fn texts<'t>(tree: &'t Tree, key: &str) -> Vec<&'t str> {
    tree.get(key).and_then(Tree::as_array).into_iter().flatten().filter_map(Tree::as_str).collect()
}

fn is_empty(tree: Option<&Tree>) -> bool {
    match tree {
        None | Some(Tree::Null) => true,
        Some(Tree::Object(entries)) => entries.is_empty(),
        Some(Tree::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

/// A filter that asks for nothing admits nothing.
fn admits(filter: &Tree, review: &Review<'_>, world: &World<'_>, is_match: bool) -> bool {
    let Some(object) = review.subject() else { return false };
    let who = ["subjects", "roles", "clusterRoles"];
    let asks_who = who.iter().any(|key| !is_empty(filter.get(*key)));
    let resources = filter.get("resources").filter(|resources| !is_empty(Some(resources)));
    // Where nobody is known to ask, `match` does not look at who asks.
    let is_nobody = review.user == crate::User::default();
    (resources.is_some() || asks_who)
        && resources.is_none_or(|resources| describes(resources, review, object, world))
        && (!asks_who || (is_match && is_nobody) || is_asked_by(filter, review))
}

fn describes(resources: &Tree, review: &Review<'_>, object: Object<'_>, world: &World<'_>) -> bool {
    let any = |key, is_met: &dyn Fn(&str) -> bool| {
        let list = texts(resources, key);
        list.is_empty() || list.into_iter().any(is_met)
    };
    let is_namespace = object.is("", "Namespace");
    let namespace = if is_namespace { object.name() } else { object.namespace() };
    let name = resources.get("name").and_then(Tree::as_str).unwrap_or_default();
    any("kinds", &|kind| is_kind(kind, review, object))
        && (name.is_empty() || wildcard::matches(name, object.name()))
        && any("names", &|name| wildcard::matches(name, object.name()))
        && any("namespaces", &|wanted| wildcard::matches(wanted, namespace))
        && any("operations", &|operation| operation == review.operation.name())
        && has_annotations(resources.get("annotations"), object)
        && selects(resources.get("selector"), &object.labels().collect::<Vec<_>>())
        && in_selected_namespace(resources.get("namespaceSelector"), namespace, object, world)
}

fn has_annotations(wanted: Option<&Tree>, object: Object<'_>) -> bool {
    wanted.and_then(Tree::as_object).into_iter().flatten().all(|(key, value)| {
        let value = value.as_str().unwrap_or_default();
        object.annotations().any(|(name, found)| wildcard::matches(key, name) && wildcard::matches(value, found))
    })
}

fn in_selected_namespace(selector: Option<&Tree>, namespace: &str, object: Object<'_>, world: &World<'_>) -> bool {
    if is_empty(selector) {
        return true;
    }
    if object.is("", "Namespace") {
        return selects(selector, &object.labels().collect::<Vec<_>>());
    }
    let labels = world.namespace(namespace).map(|found| found.labels().collect::<Vec<_>>()).unwrap_or_default();
    !namespace.is_empty() && selects(selector, &labels)
}

/// A label selector whose keys and values may hold wildcards.
fn selects(selector: Option<&Tree>, labels: &[(&str, &str)]) -> bool {
    let Some(selector) = selector.filter(|selector| !selector.is_null()) else { return true };
    let value = |key: &str| labels.iter().find(|(name, _)| wildcard::matches(key, name)).map(|(_, value)| *value);
    let equal = selector.get("matchLabels").and_then(Tree::as_object).into_iter().flatten().all(|(key, wanted)| {
        let wanted = wanted.as_str().unwrap_or_default();
        labels.iter().any(|(name, found)| wildcard::matches(key, name) && wildcard::matches(wanted, found))
    });
    let expressions = selector.get("matchExpressions").and_then(Tree::as_array);
    equal
        && expressions.into_iter().flatten().all(|expression| {
            let part = |key| expression.get(key).and_then(Tree::as_str).unwrap_or_default();
            let values = texts(expression, "values");
            match (part("operator"), value(part("key"))) {
                ("In", Some(found)) => values.contains(&found),
                ("NotIn", Some(found)) => !values.contains(&found),
                ("NotIn" | "DoesNotExist", None) | ("Exists", Some(_)) => true,
                _ => false,
            }
        })
}

fn is_asked_by(filter: &Tree, review: &Review<'_>) -> bool {
    let user = &review.user;
    let among = |key, held: &[String]| {
        let wanted = texts(filter, key);
        wanted.is_empty() || held.iter().any(|held| wanted.iter().any(|wanted| wildcard::matches(wanted, held)))
    };
    let subjects = filter.get("subjects").and_then(Tree::as_array).filter(|subjects| !subjects.is_empty());
    let is_subject = |subject: &Tree| {
        let part = |key| subject.get(key).and_then(Tree::as_str).unwrap_or_default();
        match part("kind") {
            "User" => wildcard::matches(part("name"), &user.name),
            "Group" => user.groups.iter().any(|group| wildcard::matches(part("name"), group)),
            "ServiceAccount" => {
                let wanted = format!("system:serviceaccount:{}:{}", part("namespace"), part("name"));
                wildcard::matches(&wanted, &user.name)
            }
            _ => false,
        }
    };
    among("roles", &user.roles)
        && among("clusterRoles", &user.cluster_roles)
        && subjects.is_none_or(|subjects| subjects.iter().any(is_subject))
}

fn is_version(text: &str) -> bool {
    text == "*" || text.strip_prefix('v').is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
}

/// `Kind`, `version/Kind`, `group/version/Kind`, each with `/subresource` or `.subresource` behind it.
fn is_kind(wanted: &str, review: &Review<'_>, object: Object<'_>) -> bool {
    let parts: Vec<&str> = wanted.split('/').collect();
    let (group, version, kind, subresource) = match parts.as_slice() {
        [kind] => ("*", "*", *kind, ""),
        [version, kind] if is_version(version) => ("*", *version, *kind, ""),
        [kind, subresource] => ("*", "*", *kind, *subresource),
        [group, version, kind] if is_version(version) => (*group, *version, *kind, ""),
        [version, kind, subresource] => ("*", *version, *kind, *subresource),
        [group, version, kind, subresource] => (*group, *version, *kind, *subresource),
        _ => return false,
    };
    let (kind, subresource) = match kind.split_once('.') {
        Some((kind, below)) if subresource.is_empty() => (kind, below),
        _ => (kind, subresource),
    };
    let found = object.api_version().rsplit('/').next().unwrap_or_default();
    wildcard::matches(group, object.group())
        && wildcard::matches(version, found)
        && wildcard::matches(kind, object.kind())
        && wildcard::matches(subresource, &review.subresource)
}

/// Patterns say nothing of an object that goes.
pub(super) fn is_removal(review: &Review<'_>) -> bool {
    review.operation == Operation::Delete
}
