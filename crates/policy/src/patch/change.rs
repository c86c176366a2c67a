//! Makes the change that an expression of a mutating policy gave.

use serde_json::Value as Tree;

use super::{apply, json};
use crate::expression::mutation::Change;

/// The object after the change. It stays what it is: an apiVersion, kind or name that changes is an error.
///
/// # Errors
/// The change can not be made.
pub fn make(object: Tree, change: &Change) -> Result<Tree, String> {
    let identity = |object: &Tree| {
        let metadata = object.get("metadata");
        let name = |field: &str| metadata.and_then(|metadata| metadata.get(field)).cloned();
        (object.get("apiVersion").cloned(), object.get("kind").cloned(), name("name"), name("namespace"))
    };
    let before = identity(&object);
    let after = match change {
        Change::Configuration(configuration) => apply::apply(object, configuration)?,
        Change::Patch(steps) => json::apply(object, steps, json::API_SERVER)?,
    };
    if identity(&after) == before {
        Ok(after)
    } else {
        Err("a mutation must leave apiVersion, kind, name and namespace as they are".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Tree, json};

    use super::{Change, make};

    fn pod() -> Tree {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "x"}]}})
    }

    #[test]
    fn both_kinds_of_change_are_made() {
        let wanted = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"},
            "spec": {"containers": [{"name": "x", "image": "i"}]}});
        let configuration = Change::Configuration(json!({"spec": {"containers": [{"name": "x", "image": "i"}]}}));
        assert_eq!(make(pod(), &configuration).as_ref(), Ok(&wanted));
        let patch = Change::Patch(json!([{"op": "add", "path": "/spec/containers/-1/image", "value": "i"}]));
        assert_eq!(make(pod(), &patch).as_ref(), Ok(&wanted));
    }

    #[test]
    fn an_object_does_not_become_another() {
        let patch = Change::Patch(json!([{"op": "replace", "path": "/metadata/name", "value": "b"}]));
        assert!(make(pod(), &patch).is_err());
        let patch = Change::Patch(json!([{"op": "add", "path": "/metadata/labels/x", "value": "b"}]));
        assert!(make(pod(), &patch).is_err(), "the API server makes no parents");
    }
}
