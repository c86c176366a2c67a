//! JSON merge patch (RFC 7386): maps merge, null removes, everything else replaces.

use serde_json::{Map, Value as Tree};

/// `target` with `patch` merged into it.
pub fn merge(target: Tree, patch: &Tree) -> Tree {
    let Tree::Object(changes) = patch else { return patch.clone() };
    let mut fields = match target {
        Tree::Object(fields) => fields,
        _ => Map::new(),
    };
    for (name, change) in changes {
        let before = fields.remove(name).unwrap_or(Tree::Null);
        if !change.is_null() {
            fields.insert(name.clone(), merge(before, change));
        }
    }
    Tree::Object(fields)
}

/// The patch that makes `after` of `before`; `{}` where they say the same.
pub fn difference(before: &Tree, after: &Tree) -> Tree {
    let (Tree::Object(old), Tree::Object(new)) = (before, after) else { return after.clone() };
    let removed = old.keys().filter(|name| !new.contains_key(*name)).map(|name| (name.clone(), Tree::Null));
    let changed = new.iter().filter_map(|(name, value)| match old.get(name) {
        Some(was) if was == value => None,
        Some(was @ Tree::Object(_)) if value.is_object() => Some((name.clone(), difference(was, value))),
        _ => Some((name.clone(), value.clone())),
    });
    Tree::Object(removed.chain(changed).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Tree, json};

    use super::{difference, merge};

    #[test]
    fn the_examples_of_the_standard_hold() {
        let table = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ];
        table.iter().for_each(|(target, patch, wanted)| assert_eq!(merge(target.clone(), patch), *wanted));
    }

    fn objects() -> impl Strategy<Value = Tree> {
        let leaf = prop_oneof![any::<i32>().prop_map(|n| json!(n)), "[a-c]{1,2}".prop_map(|s| json!(s))];
        let value = leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Tree::from),
                prop::collection::btree_map("[a-d]", inner, 0..4)
                    .prop_map(|map| Tree::Object(map.into_iter().collect())),
            ]
        });
        prop::collection::btree_map("[a-d]", value, 0..4).prop_map(|map| Tree::Object(map.into_iter().collect()))
    }

    proptest! {
        #[test]
        fn a_difference_leads_from_one_to_the_other(before in objects(), after in objects()) {
            prop_assert_eq!(merge(before.clone(), &difference(&before, &after)), after);
        }

        #[test]
        fn merging_twice_is_merging_once(target in objects(), patch in objects()) {
            let once = merge(target, &patch);
            prop_assert_eq!(merge(once.clone(), &patch), once);
        }
    }
}
