//! When two manifests say the same: what is null or empty does not count, nor do the marks that Kyverno leaves on what
//! it makes, nor how a number is written.

use serde_json::{Map, Number, Value as Tree};

const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
const GENERATE_LABELS: &str = "generate.kyverno.io/";

/// Whether the manifests are the same once tidied.
pub fn same(left: &Tree, right: &Tree) -> bool {
    tidied(left) == tidied(right)
}

/// A manifest without what does not count.
pub fn tidied(manifest: &Tree) -> Tree {
    let mut manifest = marked(manifest.clone());
    manifest = prune(manifest).unwrap_or_else(|| Tree::Object(Map::new()));
    manifest
}

fn marked(mut manifest: Tree) -> Tree {
    let Some(fields) = manifest.as_object_mut() else { return manifest };
    let metadata = fields.entry("metadata").or_insert_with(|| Tree::Object(Map::new()));
    if let Some(metadata) = metadata.as_object_mut() {
        let labels = metadata.entry("labels").or_insert_with(|| Tree::Object(Map::new()));
        if labels.is_null() {
            *labels = Tree::Object(Map::new());
        }
        if let Some(labels) = labels.as_object_mut() {
            labels.retain(|name, _| !name.starts_with(GENERATE_LABELS));
            labels.insert(MANAGED_BY.to_owned(), Tree::from("kyverno"));
        }
    }
    manifest
}

/// None where nothing is left.
fn prune(value: Tree) -> Option<Tree> {
    match value {
        Tree::Null => None,
        Tree::Object(fields) => {
            let kept: Map<_, _> = fields.into_iter().filter_map(|(name, value)| Some((name, prune(value)?))).collect();
            (!kept.is_empty()).then_some(Tree::Object(kept))
        }
        Tree::Array(elements) => {
            let kept: Vec<_> = elements.into_iter().filter_map(prune).collect();
            (!kept.is_empty()).then_some(Tree::Array(kept))
        }
        Tree::Number(number) => Some(Tree::Number(one_writing(number))),
        scalar => Some(scalar),
    }
}

/// Integers that are written as floats become integers; both sides of a comparison go through here.
fn one_writing(number: Number) -> Number {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
            format!("{float:.0}").parse::<i64>().map_or(number, Number::from)
        }
        _ => number,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{same, tidied};

    #[test]
    fn emptiness_and_marks_do_not_count() {
        let left = json!({"metadata": {"name": "a", "labels": {"generate.kyverno.io/rule-name": "r"}}, "spec": {"x": {}, "n": 1.0}});
        let right = json!({"metadata": {"name": "a"}, "status": null, "spec": {"l": [], "n": 1}});
        assert!(same(&left, &right));
    }

    #[test]
    fn what_is_said_counts() {
        assert!(!same(&json!({"spec": {"n": 1}}), &json!({"spec": {"n": 2}})));
        assert!(!same(&json!({"spec": {"l": [1, 2]}}), &json!({"spec": {"l": [2, 1]}})));
    }

    #[test]
    fn tidying_twice_is_tidying_once() {
        let manifest = json!({"a": [null, {}, [[]]], "b": 2.0, "metadata": {"labels": null}});
        assert_eq!(tidied(&tidied(&manifest)), tidied(&manifest));
    }
}
