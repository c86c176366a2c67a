//! Server-side apply, as far as a policy's `ApplyConfiguration` needs it: maps merge, lists merge by the keys of the
//! type, sets unite, atomic lists and maps are replaced. Nothing is removed, for no field has another owner here.

use serde_json::Value as Tree;

use super::schema::{Rule, Type, field, identity, type_of};

/// The object with the configuration applied; an error names the list whose elements can not be told apart.
pub fn apply(object: Tree, configuration: &Tree) -> Result<Tree, String> {
    let of = type_of(&object);
    merged(object, configuration, of)
}

fn merged(before: Tree, change: &Tree, of: Type) -> Result<Tree, String> {
    let (Tree::Object(mut fields), Tree::Object(changes)) = (before, change) else { return Ok(change.clone()) };
    for (name, change) in changes {
        let (inner, rule) = field(of, name);
        let after = match (fields.remove(name), change, rule) {
            (Some(Tree::Array(before)), Tree::Array(changes), Rule::Keyed(keys)) => keyed(before, changes, inner, keys)
                .map(Tree::Array)
                .map_err(|problem| format!("in `{name}`: {problem}"))?,
            (Some(Tree::Array(before)), Tree::Array(changes), Rule::Set) => Tree::Array(united(before, changes)),
            (Some(before @ Tree::Object(_)), Tree::Object(_), Rule::Fields) => merged(before, change, inner)?,
            _ => change.clone(),
        };
        fields.insert(name.clone(), after);
    }
    Ok(Tree::Object(fields))
}

fn united(mut all: Vec<Tree>, changes: &[Tree]) -> Vec<Tree> {
    for value in changes {
        if !all.contains(value) {
            all.push(value.clone());
        }
    }
    all
}

fn keyed(before: Vec<Tree>, changes: &[Tree], of: Type, keys: &[&str]) -> Result<Vec<Tree>, String> {
    let mut all: Vec<_> = before.into_iter().map(|element| (identity_of(&element, keys), element)).collect();
    for change in changes {
        let wanted = identity_of(change, keys)
            .ok_or_else(|| format!("an element must have `{}` to be told from the others", keys.join("` and `")))?;
        match all.iter_mut().find(|(found, _)| found.as_ref() == Some(&wanted)) {
            Some((_, element)) => *element = merged(std::mem::take(element), change, of)?,
            None => all.push((Some(wanted), change.clone())),
        }
    }
    Ok(all.into_iter().map(|(_, element)| element).collect())
}

/// The keys with the default that the API gives the protocol, the one key that may be missing.
fn identity_of(element: &Tree, keys: &[&str]) -> Option<Vec<String>> {
    let values = identity(element, keys)?;
    let with_default = |(key, value): (&&str, Option<String>)| match value {
        None if *key == "protocol" => Some("TCP".to_owned()),
        value => value,
    };
    keys.iter().zip(values).map(with_default).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Tree, json};

    use super::apply;

    fn pod(spec: Tree) -> Tree {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec})
    }

    #[test]
    fn elements_merge_by_their_keys_and_new_ones_follow() {
        let before = pod(
            json!({"containers": [{"name": "a", "env": [{"name": "X", "value": "1"}]}], "nodeSelector": {"a": "b"}}),
        );
        let change = json!({"spec": {
            "containers": [{"name": "b"}, {"name": "a", "env": [{"name": "Y", "value": "2"}]}],
            "nodeSelector": {"c": "d"}}});
        let after = pod(json!({
            "containers": [{"name": "a", "env": [{"name": "X", "value": "1"}, {"name": "Y", "value": "2"}]}, {"name": "b"}],
            "nodeSelector": {"c": "d"}}));
        assert_eq!(apply(before, &change).unwrap(), after);
    }

    #[test]
    fn ports_without_a_protocol_are_tcp() {
        let before = pod(json!({"containers": [{"name": "a", "ports": [{"containerPort": 80, "protocol": "TCP"}]}]}));
        let change = json!({"spec": {"containers": [{"name": "a", "ports": [{"containerPort": 80, "name": "web"}]}]}});
        let after = apply(before, &change).unwrap();
        assert_eq!(
            after["spec"]["containers"][0]["ports"],
            json!([{"containerPort": 80, "protocol": "TCP", "name": "web"}])
        );
    }

    #[test]
    fn an_element_without_its_key_is_an_error() {
        let problem =
            apply(pod(json!({"containers": []})), &json!({"spec": {"containers": [{"image": "x"}]}})).unwrap_err();
        assert_eq!(problem, "in `containers`: an element must have `name` to be told from the others");
    }

    proptest! {
        #[test]
        fn applying_twice_is_applying_once(
            before in prop::collection::btree_map("[a-e]", 0..9u8, 0..5),
            change in prop::collection::btree_map("[a-e]", 0..9u8, 0..5),
        ) {
            let containers = |all: &std::collections::BTreeMap<String, u8>| -> Tree {
                json!({"containers": all.iter().map(|(name, n)| json!({"name": name, "image": n})).collect::<Vec<_>>()})
            };
            let change = json!({"spec": containers(&change)});
            let once = apply(pod(containers(&before)), &change).unwrap();
            prop_assert_eq!(apply(once.clone(), &change).unwrap(), once);
        }
    }
}
