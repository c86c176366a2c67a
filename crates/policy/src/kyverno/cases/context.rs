//! What a case says beside its policies and resources: values of variables, labels of namespaces, the user, objects and
//! images that policies look up.

use std::collections::BTreeMap;
use std::sync::Arc;

use rampart_model::{Document, Limits, Object, SourceText};
use serde_json::{Value as Tree, json};

use super::{Files, field, load};
use crate::expression::items;
use crate::{Operation, User};

#[derive(Default)]
pub(super) struct Given {
    values: Tree,
    pub(super) user: User,
    pub(super) objects: Vec<Document>,
    pub(super) images: BTreeMap<String, Tree>,
    /// Whether a context names the objects that there are.
    pub(super) is_complete: bool,
}

impl Given {
    pub(super) fn read(case: &Tree, folder: &str, files: &Files, problems: &mut Vec<String>) -> Self {
        let mut tree = |key: &str| -> Tree {
            match field(case, key) {
                "" => Tree::Null,
                path => load(folder, path, files, problems).first().map_or(Tree::Null, |found| found.root().to_json()),
            }
        };
        let (from_file, user, context) = (tree("variables"), tree("userinfo"), tree("context"));
        let values = case.get("values").filter(|values| !values.is_null()).cloned().unwrap_or(from_file);
        let mut given = Self { user: user_of(&user), ..Self::default() };
        for namespace in items(&values, "namespaceSelector") {
            let name = namespace.get("name").cloned().unwrap_or_default();
            let labels = namespace.get("labels").cloned().unwrap_or_default();
            let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}});
            given.objects.extend(parsed(&object));
        }
        given.objects.extend(items(&values, "namespaces").filter_map(parsed));
        if let Some(spec) = context.get("spec") {
            given.is_complete = true;
            given.objects.extend(items(spec, "resources").filter_map(parsed));
            for image in items(spec, "images") {
                let name = image.get("image").and_then(Tree::as_str).unwrap_or_default();
                given.images.insert(name.to_owned(), image.clone());
            }
        }
        given.values = values;
        given
    }

    /// The operation that the values name for a policy and resource, or for all.
    pub(super) fn operation(&self, policy: &str, resource: &str) -> Option<Operation> {
        let named = |(name, value): (String, Tree)| {
            (name == "request.operation").then(|| Operation::named(value.as_str()?)).flatten()
        };
        self.values(policy, "", resource).into_iter().rev().find_map(named)
    }

    /// Dotted names with their values, for a rule of a policy and a resource.
    pub(super) fn values(&self, policy: &str, rule: &str, resource: &str) -> Vec<(String, Tree)> {
        let mut found = Vec::new();
        let mut take = |tree: Option<&Tree>| {
            let entries = tree.and_then(Tree::as_object).into_iter().flatten();
            found.extend(entries.map(|(name, value)| (name.clone(), value.clone())));
        };
        take(self.values.get("globalValues"));
        let rule = rule.trim_start_matches("autogen-cronjob-").trim_start_matches("autogen-");
        let is = |tree: &Tree, name: &str| tree.get("name").and_then(Tree::as_str) == Some(name);
        for known in items(&self.values, "policies").filter(|known| is(known, policy)) {
            items(known, "rules").filter(|known| is(known, rule)).for_each(|known| take(known.get("values")));
            items(known, "resources").filter(|known| is(known, resource)).for_each(|known| take(known.get("values")));
        }
        found
    }
}

fn user_of(tree: &Tree) -> User {
    let info = tree.get("userInfo").or_else(|| tree.get("requestInfo")).unwrap_or(tree);
    let texts = |tree: &Tree, key: &str| items(tree, key).filter_map(Tree::as_str).map(str::to_owned).collect();
    User {
        name: info.get("username").and_then(Tree::as_str).unwrap_or_default().to_owned(),
        uid: info.get("uid").and_then(Tree::as_str).unwrap_or_default().to_owned(),
        groups: texts(info, "groups"),
        extra: BTreeMap::new(),
        roles: texts(tree, "roles"),
        cluster_roles: texts(tree, "clusterRoles"),
    }
}

pub(super) fn parsed(tree: &Tree) -> Option<Document> {
    let source = SourceText::new("case", tree.to_string());
    Document::from_json(Arc::new(source), &Limits::STANDARD).ok()
}

/// An object as the reference takes it: namespaced ones are in a namespace, and what is null in its metadata is empty.
pub(super) fn settled(object: &Object<'_>) -> Document {
    let mut tree = object.value().to_json();
    let namespace = object.namespace().to_owned();
    if let Some(metadata) = tree.get_mut("metadata").and_then(Tree::as_object_mut) {
        if !namespace.is_empty() {
            metadata.insert("namespace".to_owned(), Tree::String(namespace));
        }
        for key in ["annotations", "labels"] {
            if metadata.get(key).is_some_and(Tree::is_null) {
                metadata.insert(key.to_owned(), json!({}));
            }
        }
    }
    parsed(&tree).unwrap_or_else(|| object.value().document().clone())
}

/// Of objects with the same kind and name the first.
pub(super) fn distinct(objects: Vec<Object<'_>>) -> Vec<Object<'_>> {
    let mut found: Vec<Object<'_>> = Vec::new();
    for object in objects {
        let is_same = |known: &Object<'_>| {
            (known.group(), known.kind(), known.namespace(), known.name())
                == (object.group(), object.kind(), object.namespace(), object.name())
        };
        if !found.iter().any(is_same) {
            found.push(object);
        }
    }
    found
}
