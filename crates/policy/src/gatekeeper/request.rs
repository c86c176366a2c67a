//! The request that templates read as `input.review` and `request`.

use std::sync::Arc;

use rampart_model::{Document, Limits, Name, SourceText};
use serde_json::{Value as Tree, json};

use super::matching::Target;
use crate::review::{Operation, Review};

/// One request, in the forms that both engines want.
pub struct Request {
    pub(super) target: Target,
    pub(super) review: regorus::Value,
    pub(super) document: Document,
    pub(super) namespace: Option<Document>,
}

impl Request {
    /// A request from a review.
    ///
    /// # Errors
    /// The review is about nothing, or about too much.
    pub fn of_review(review: &Review<'_>, namespace: Option<Tree>) -> Result<Self, String> {
        let object = review.object.map(|object| object.value().to_json());
        let old = review.old.map(|object| object.value().to_json());
        let user = json!({"username": review.user.name, "uid": review.user.uid, "groups": review.user.groups,
            "extra": review.user.extra});
        let request = json!({
            "operation": review.operation.name(), "object": object, "oldObject": old, "userInfo": user,
            "dryRun": review.dry_run, "subResource": review.subresource, "namespace": review.namespace(),
            "name": review.name(), "options": review.options.map(rampart_model::Value::to_json),
        });
        let mut request = Self::of_admission(&request, namespace)?;
        // Without a namespace of its own the object is in `default`, where its kind is known to be in one.
        request.target.namespace = review.namespace().to_owned();
        Ok(request)
    }

    /// A request about an object of a file, as `gator` makes it: nobody asks for anything.
    ///
    /// # Errors
    /// The object is too much.
    pub fn of_object(object: &Tree, namespace: Option<Tree>) -> Result<Self, String> {
        Self::of_admission(&json!({"object": object, "operation": ""}), namespace)
    }

    /// A request from the `request` of an AdmissionReview.
    ///
    /// # Errors
    /// It has no object, or too much.
    pub fn of_admission(request: &Tree, namespace: Option<Tree>) -> Result<Self, String> {
        let mut request = request.clone();
        let is_delete = request.get("operation").and_then(Tree::as_str) == Some(Operation::Delete.name());
        let present = |request: &Tree, key: &str| request.get(key).filter(|object| object.is_object()).cloned();
        let old = present(&request, "oldObject");
        // On DELETE the object is the one that goes, as Gatekeeper has it.
        let object = if is_delete { old.clone() } else { present(&request, "object") };
        let Some(subject) = object.clone().or_else(|| old.clone()) else {
            return Err("the request has no object".to_owned());
        };
        let Tree::Object(fields) = &mut request else { return Err("the request is no object".to_owned()) };
        let text = |path: &str| subject.pointer(path).and_then(Tree::as_str).unwrap_or_default().to_owned();
        let api_version = text("/apiVersion");
        let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
        let given = |fields: &serde_json::Map<String, Tree>, key: &str| {
            fields.get(key).and_then(Tree::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let target = Target {
            group: group.to_owned(),
            kind: text("/kind"),
            name: given(fields, "name").unwrap_or_else(|| text("/metadata/name")),
            generate_name: text("/metadata/generateName"),
            namespace: given(fields, "namespace").unwrap_or_else(|| text("/metadata/namespace")),
            labels: labels(&subject),
            old_labels: old.as_ref().map(labels),
            namespace_labels: namespace.as_ref().map(labels),
            is_generated: false,
        };
        fields.entry("kind").or_insert_with(|| json!({"group": group, "version": version, "kind": target.kind}));
        fields.insert("name".to_owned(), json!(target.name));
        if !target.namespace.is_empty() {
            fields.insert("namespace".to_owned(), json!(target.namespace));
        }
        for (key, value) in [("object", object), ("oldObject", old)] {
            fields.remove(key);
            if let Some(value) = value {
                fields.insert(key.to_owned(), value);
            }
        }
        fields.retain(|_, value| !value.is_null());
        // Fields that are null are none once the API server has read the object, and CEL speaks of that.
        let document = parsed(&without_nulls(&request))?;
        if let (Some(namespace), Tree::Object(fields)) = (&namespace, &mut request) {
            fields.insert("_unstable".to_owned(), json!({"namespace": namespace}));
        }
        let namespace = namespace.as_ref().map(parsed).transpose()?;
        Ok(Self { target, review: regorus::Value::from(request), document, namespace })
    }
}

fn without_nulls(tree: &Tree) -> Tree {
    match tree {
        Tree::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.is_null());
            Tree::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        Tree::Array(items) => Tree::Array(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}

fn parsed(tree: &Tree) -> Result<Document, String> {
    let source = Arc::new(SourceText::new("request", tree.to_string()));
    Document::from_json(source, &Limits::STANDARD).map_err(|error| error.message)
}

fn labels(object: &Tree) -> Vec<(Name, Name)> {
    let labels = object.pointer("/metadata/labels").and_then(Tree::as_object).into_iter().flatten();
    labels.filter_map(|(key, value)| Some((Name::from(key.as_str()), Name::from(value.as_str()?)))).collect()
}
