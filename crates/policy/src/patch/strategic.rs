//! Strategic merge: maps merge, null removes, lists of built-in types merge by their keys, with the directives
//! `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder`.
//!
//! As kustomize does it, and so Kyverno: elements of the patch come first, those that only the object has follow, and
//! lists of which no key is known are replaced.

use serde_json::{Map, Value as Tree};

use super::schema::{Rule, Type, field, identity, type_of};

const DIRECTIVE: &str = "$patch";
const RETAIN: &str = "$retainKeys";
const DROP: &str = "$deleteFromPrimitiveList/";
const ORDER: &str = "$setElementOrder/";

/// The object with the patch merged into it; none where the patch deletes it.
pub fn merge(object: Tree, patch: &Tree) -> Option<Tree> {
    let of = type_of(&object);
    merged(Some(object), patch, of)
}

fn merged(target: Option<Tree>, patch: &Tree, of: Type) -> Option<Tree> {
    let Tree::Object(changes) = patch else { return (!patch.is_null()).then(|| patch.clone()) };
    let mut fields = match (changes.get(DIRECTIVE).and_then(Tree::as_str), target) {
        (Some("delete"), _) => return None,
        (Some("replace"), _) => Map::new(),
        (_, Some(Tree::Object(fields))) => fields,
        _ => Map::new(),
    };
    if let Some(Tree::Array(retained)) = changes.get(RETAIN) {
        fields.retain(|name, _| retained.iter().any(|kept| kept.as_str() == Some(name)));
    }
    for (name, change) in changes.iter().filter(|(name, _)| !is_directive(name)) {
        let before = fields.remove(name);
        let (element, rule) = field(of, name);
        let after = match change {
            Tree::Array(elements) => Some(Tree::Array(list(before, elements, element, rule))),
            _ => merged(before, change, element),
        };
        if let Some(after) = after {
            fields.insert(name.clone(), after);
        }
    }
    for (name, wanted) in changes.iter().filter_map(|(name, value)| Some((name, value.as_array()?))) {
        if let Some(name) = name.strip_prefix(DROP) {
            if let Some(Tree::Array(elements)) = fields.get_mut(name) {
                elements.retain(|element| !wanted.contains(element));
            }
        } else if let Some(name) = name.strip_prefix(ORDER)
            && let Some(Tree::Array(elements)) = fields.get_mut(name)
        {
            order(elements, wanted, field(of, name).1);
        }
    }
    Some(Tree::Object(fields))
}

fn is_directive(name: &str) -> bool {
    name == DIRECTIVE || name == RETAIN || name.starts_with(DROP) || name.starts_with(ORDER)
}

fn list(before: Option<Tree>, changes: &[Tree], element: Type, rule: Rule) -> Vec<Tree> {
    let before = match before {
        Some(Tree::Array(elements)) => elements,
        _ => Vec::new(),
    };
    match rule {
        Rule::Keyed(keys) => keyed(before, changes, element, keys),
        Rule::Set => {
            let mut all: Vec<Tree> = Vec::new();
            for value in changes.iter().chain(&before) {
                if !all.contains(value) {
                    all.push(value.clone());
                }
            }
            all
        }
        Rule::Atomic | Rule::Fields => changes.iter().filter_map(|change| merged(None, change, element)).collect(),
    }
}

fn keyed(before: Vec<Tree>, changes: &[Tree], of: Type, keys: &[&str]) -> Vec<Tree> {
    let replaces = |change: &Tree| {
        change.get(DIRECTIVE).and_then(Tree::as_str) == Some("replace") && identity(change, keys).is_none()
    };
    let before = if changes.iter().any(replaces) { Vec::new() } else { before };
    let mut rest: Vec<_> = before.into_iter().map(|element| (identity(&element, keys), element)).collect();
    let mut all: Vec<(Vec<Option<String>>, Tree)> = Vec::new();
    for change in changes {
        // An element without any key can not be told from the others, so it says nothing.
        let Some(wanted) = identity(change, keys) else { continue };
        let is_meant = |found: &[Option<String>]| {
            wanted.iter().zip(found).all(|(wanted, found)| wanted.is_none() || wanted == found)
        };
        let at = rest.iter().position(|(found, _)| found.as_deref().is_some_and(is_meant));
        let target = at.map(|at| rest.remove(at).1);
        let earlier = all.iter().position(|(found, _)| target.is_none() && is_meant(found));
        let target = target.or_else(|| earlier.map(|at| all.remove(at).1));
        if let Some(element) = merged(target, change, of) {
            let identity = identity(&element, keys).unwrap_or(wanted);
            all.insert(earlier.unwrap_or(all.len()), (identity, element));
        }
    }
    all.into_iter().map(|(_, element)| element).chain(rest.into_iter().map(|(_, element)| element)).collect()
}

/// Elements in the order that the patch names; those that it does not name keep theirs and follow.
fn order(elements: &mut [Tree], wanted: &[Tree], rule: Rule) {
    let place = |element: &Tree| {
        let same = |name: &Tree| match rule {
            Rule::Keyed(keys) => identity(element, keys).is_some_and(|found| {
                identity(name, keys).is_some_and(|wanted| wanted.iter().zip(&found).all(|(w, f)| w.is_none() || w == f))
            }),
            _ => name == element,
        };
        wanted.iter().position(same).unwrap_or(usize::MAX)
    };
    elements.sort_by_cached_key(place);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Tree, json};

    use super::merge;

    fn pod(spec: Tree) -> Tree {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec})
    }

    fn spec_after(spec: Tree, patch: Tree) -> Tree {
        merge(pod(spec), &json!({"spec": patch})).unwrap()["spec"].clone()
    }

    #[test]
    fn containers_merge_by_name_and_new_ones_come_first() {
        let before = json!({"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]});
        let patch = json!({"containers": [{"name": "c", "image": "z"}, {"name": "b", "tty": true}]});
        let after = json!({"containers": [
            {"name": "c", "image": "z"}, {"name": "b", "image": "y", "tty": true}, {"name": "a", "image": "x"}]});
        assert_eq!(spec_after(before, patch), after);
    }

    #[test]
    fn ports_are_told_apart_by_number_and_protocol_as_far_as_given() {
        let port = |protocol: &str| json!({"containerPort": 53, "protocol": protocol});
        let before = json!({"containers": [{"name": "a", "ports": [port("TCP"), port("UDP")]}]});
        let patch =
            json!({"containers": [{"name": "a", "ports": [{"containerPort": 53, "protocol": "UDP", "name": "dns"}]}]});
        let ports = spec_after(before, patch)["containers"][0]["ports"].clone();
        assert_eq!(ports, json!([{"containerPort": 53, "protocol": "UDP", "name": "dns"}, port("TCP")]));
    }

    #[test]
    fn lists_without_a_key_are_replaced() {
        let before = json!({"tolerations": [{"key": "a"}], "containers": [{"name": "a", "args": ["x"]}]});
        let patch = json!({"tolerations": [{"key": "b"}], "containers": [{"name": "a", "args": ["y"]}]});
        assert_eq!(spec_after(before, patch.clone()), patch);
    }

    #[test]
    fn directives_delete_replace_and_retain() {
        let before =
            json!({"containers": [{"name": "a"}, {"name": "b"}], "securityContext": {"runAsUser": 1}, "hostPID": true});
        let patch = json!({
            "containers": [{"name": "a", "$patch": "delete"}], "hostPID": null,
            "securityContext": {"$patch": "replace", "fsGroup": 2}});
        let after = json!({"containers": [{"name": "b"}], "securityContext": {"fsGroup": 2}});
        assert_eq!(spec_after(before.clone(), patch), after);
        assert_eq!(spec_after(before, json!({"$retainKeys": ["hostPID"]})), json!({"hostPID": true}));
        assert_eq!(merge(pod(json!({})), &json!({"$patch": "delete"})), None);
    }

    #[test]
    fn sets_lose_and_order_what_the_patch_names() {
        let object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"finalizers": ["a", "b"]}});
        let patch = json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"], "finalizers": ["c"],
            "$setElementOrder/finalizers": ["b", "c"]}});
        assert_eq!(merge(object, &patch).unwrap()["metadata"], json!({"finalizers": ["b", "c"]}));
    }

    proptest! {
        #[test]
        fn merging_twice_is_merging_once(
            before in prop::collection::btree_map("[a-e]", 0..9u8, 0..5),
            patch in prop::collection::btree_map("[a-e]", 0..9u8, 0..5),
        ) {
            let containers = |all: &std::collections::BTreeMap<String, u8>| -> Tree {
                json!({"containers": all.iter().map(|(name, n)| json!({"name": name, "image": n})).collect::<Vec<_>>()})
            };
            let patch = json!({"spec": containers(&patch)});
            let once = merge(pod(containers(&before)), &patch).unwrap();
            prop_assert_eq!(merge(once.clone(), &patch).unwrap(), once);
        }
    }
}
