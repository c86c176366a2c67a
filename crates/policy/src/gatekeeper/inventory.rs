//! `data.inventory`: objects that the rules may look up, by scope, version, kind and name.

use serde_json::{Map, Value as Tree};

/// The tree that Gatekeeper keeps of its synchronised objects.
pub fn inventory<'t>(objects: impl IntoIterator<Item = &'t Tree>) -> Tree {
    let mut root = Map::new();
    for object in objects {
        let text = |path: &str| object.pointer(path).and_then(Tree::as_str).unwrap_or_default();
        let place = [text("/apiVersion"), text("/kind"), text("/metadata/name")];
        let namespace = text("/metadata/namespace");
        match namespace {
            "" => put(&mut root, &[&["cluster"], &place[..]].concat(), object),
            _ => put(&mut root, &[&["namespace", namespace], &place[..]].concat(), object),
        }
    }
    Tree::Object(root)
}

fn put(map: &mut Map<String, Tree>, path: &[&str], object: &Tree) {
    match path {
        [] => {}
        [last] => drop(map.insert((*last).to_owned(), object.clone())),
        [first, rest @ ..] => {
            let inner = map.entry((*first).to_owned()).or_insert_with(|| Tree::Object(Map::new()));
            if let Tree::Object(inner) = inner {
                put(inner, rest, object);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_lie_under_their_scope_version_kind_and_name() {
        let object = serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "b"}});
        let node = serde_json::json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}});
        let found = inventory([&object, &node]);
        assert_eq!(found["namespace"]["b"]["apps/v1"]["Deployment"]["a"], object);
        assert_eq!(found["cluster"]["v1"]["Node"]["n"], node);
    }
}
