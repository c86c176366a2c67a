//! `matchConstraints`: which requests a policy is about, as the API server and Kyverno's CEL policies read it.

use std::sync::Arc;

use rampart_model::{Document, LabelSelector, Limits, Name, Names, Object, SourceText};
use serde_json::Value as Tree;

use crate::expression::{items, text};
use crate::{Review, World};

/// A `MatchResources`.
#[derive(Debug, Clone, Default)]
pub struct MatchResources {
    pub rules: Vec<ResourceRule>,
    pub excluded: Vec<ResourceRule>,
    namespaces: LabelSelector,
    objects: LabelSelector,
}

/// One of `resourceRules`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceRule {
    pub groups: Vec<String>,
    pub versions: Vec<String>,
    pub resources: Vec<String>,
    operations: Vec<String>,
    names: Vec<String>,
    scope: String,
}

impl MatchResources {
    /// Rules without selectors.
    pub fn about(rules: Vec<ResourceRule>) -> Self {
        Self { rules, ..Self::default() }
    }

    pub fn read(tree: &Tree) -> Self {
        Self {
            rules: items(tree, "resourceRules").map(ResourceRule::read).collect(),
            excluded: items(tree, "excludeResourceRules").map(ResourceRule::read).collect(),
            namespaces: selector(tree.get("namespaceSelector")),
            objects: selector(tree.get("objectSelector")),
        }
    }

    /// Whether labels of objects or of namespaces decide.
    pub fn has_selectors(&self) -> bool {
        !self.namespaces.is_everything() || !self.objects.is_everything()
    }

    /// Whether the review is one that the policy is about.
    pub fn matches(&self, review: &Review<'_>, world: &World<'_>) -> bool {
        self.rules.iter().any(|rule| rule.matches(review)) && self.admits(review, world)
    }

    /// As [`MatchResources::matches`], where no rule at all means every resource, as in a binding.
    pub fn narrows_to(&self, review: &Review<'_>, world: &World<'_>) -> bool {
        (self.rules.is_empty() || self.rules.iter().any(|rule| rule.matches(review))) && self.admits(review, world)
    }

    fn admits(&self, review: &Review<'_>, world: &World<'_>) -> bool {
        !self.excluded.iter().any(|rule| rule.matches(review))
            && self.selects_namespace(review, world)
            && self.selects_object(review)
    }

    /// Cluster-scoped objects other than namespaces are in none, and so are never left out.
    fn selects_namespace(&self, review: &Review<'_>, world: &World<'_>) -> bool {
        if self.namespaces.is_everything() {
            return true;
        }
        let Some(subject) = review.subject() else { return false };
        if subject.is("", "Namespace") {
            return self.namespaces.matches(&labels(subject));
        }
        let name = review.namespace();
        if name.is_empty() {
            return true;
        }
        let known = world.namespace(name).map(labels);
        let labels = known.unwrap_or_else(|| vec![("kubernetes.io/metadata.name".into(), Name::from(name))]);
        self.namespaces.matches(&labels)
    }

    /// One of the two objects of an update is enough.
    fn selects_object(&self, review: &Review<'_>) -> bool {
        let mut both = review.object.into_iter().chain(review.old);
        self.objects.is_everything() || both.any(|object| self.objects.matches(&labels(object)))
    }
}

fn labels(object: Object<'_>) -> Vec<(Name, Name)> {
    object.labels().map(|(key, value)| (Name::from(key), Name::from(value))).collect()
}

/// A label selector that stands in a tree.
pub(crate) fn selector(tree: Option<&Tree>) -> LabelSelector {
    let Some(tree) = tree else { return LabelSelector::everything() };
    let source = Arc::new(SourceText::new("selector", tree.to_string()));
    let document = Document::from_json(source, &Limits::STANDARD);
    document.map_or_else(
        |_| LabelSelector::everything(),
        |document| LabelSelector::of(Some(document.root()), &mut Names::default()),
    )
}

impl ResourceRule {
    fn read(tree: &Tree) -> Self {
        let list = |key| items(tree, key).filter_map(Tree::as_str).map(str::to_owned).collect();
        Self {
            groups: list("apiGroups"),
            versions: list("apiVersions"),
            resources: list("resources"),
            operations: list("operations"),
            names: list("resourceNames"),
            scope: text(tree, "scope").to_owned(),
        }
    }

    /// A rule for one resource of a group and version, with the operations of another.
    #[must_use]
    pub fn about(&self, group: &str, version: &str, resource: &str) -> Self {
        Self {
            groups: vec![group.to_owned()],
            versions: vec![version.to_owned()],
            resources: vec![resource.to_owned()],
            operations: self.operations.clone(),
            ..Self::default()
        }
    }

    /// Whether the rule is about some objects by their names.
    pub fn names_objects(&self) -> bool {
        !self.names.is_empty()
    }

    fn matches(&self, review: &Review<'_>) -> bool {
        let Some(subject) = review.subject() else { return false };
        let has = |list: &[String], wanted: &str| list.iter().any(|entry| entry == "*" || entry == wanted);
        let version = subject.api_version().rsplit('/').next().unwrap_or_default();
        let scoped = match self.scope.as_str() {
            "Cluster" => subject.is_cluster_scoped() || review.namespace().is_empty(),
            "Namespaced" => !review.namespace().is_empty(),
            _ => true,
        };
        scoped
            && has(&self.groups, subject.group())
            && has(&self.versions, version)
            // A rule of a test's policy may leave the operations out, and means all of them.
            && (self.operations.is_empty() || has(&self.operations, review.operation.name()))
            && (self.names.is_empty() || has(&self.names, review.name()))
            && self.has_resource(&review.plural(), &review.subresource)
    }

    fn has_resource(&self, resource: &str, subresource: &str) -> bool {
        self.resources.iter().any(|entry| {
            let (wanted, part) = entry.split_once('/').unwrap_or((entry, ""));
            let is_resource = wanted == "*" || wanted == resource;
            let is_part = match part {
                "" => subresource.is_empty(),
                "*" => true,
                part => part == subresource,
            };
            is_resource && is_part
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Operation;

    fn document(json: &str) -> Document {
        Document::from_json(Arc::new(SourceText::new("object.json", json)), &Limits::STANDARD).unwrap()
    }

    fn constraint(json: &str) -> MatchResources {
        MatchResources::read(&serde_json::from_str(json).unwrap())
    }

    const PODS: &str =
        r#"{"resourceRules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"]}]}"#;

    #[test]
    fn rules_look_at_group_version_operation_resource_and_subresource() {
        let pod = document(r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#);
        let mut review = Review::of_object(Object::of(pod.root()).unwrap());
        let world = World::default();
        assert!(constraint(PODS).matches(&review, &world));
        assert!(!constraint(&PODS.replace("[\"v1\"]", "[\"v2\"]")).matches(&review, &world));
        assert!(!constraint(&PODS.replace("[\"\"]", "[\"apps\"]")).matches(&review, &world));
        assert!(!constraint("{}").matches(&review, &world));
        assert!(constraint("{}").narrows_to(&review, &world));
        review.subresource = "exec".to_owned();
        assert!(!constraint(PODS).matches(&review, &world));
        for resource in ["pods/exec", "pods/*", "*/exec", "*/*"] {
            assert!(constraint(&PODS.replace("pods", resource)).matches(&review, &world), "{resource}");
        }
        review.operation = Operation::Delete;
        assert!(!constraint(&PODS.replace("pods", "*/*")).matches(&review, &world));
    }

    #[test]
    fn what_is_excluded_by_rule_or_selector_does_not_match() {
        let pod = document(r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"app":"web"}}}"#);
        let review = Review::of_object(Object::of(pod.root()).unwrap());
        let space =
            document(r#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default","labels":{"env":"prod"}}}"#);
        let world = World::of(vec![Object::of(space.root()).unwrap()], false);
        let with = |more: &str| constraint(&format!("{},{more}}}", PODS.strip_suffix('}').unwrap()));
        assert!(with(r#""objectSelector":{"matchLabels":{"app":"web"}}"#).matches(&review, &world));
        assert!(!with(r#""objectSelector":{"matchLabels":{"app":"db"}}"#).matches(&review, &world));
        assert!(with(r#""namespaceSelector":{"matchLabels":{"env":"prod"}}"#).matches(&review, &world));
        assert!(!with(r#""namespaceSelector":{"matchLabels":{"env":"test"}}"#).matches(&review, &world));
        let excluded = r#""excludeResourceRules":[{"apiGroups":["*"],"apiVersions":["*"],"operations":["*"],"resources":["*"],"resourceNames":["a"]}]"#;
        assert!(!with(excluded).matches(&review, &world));
    }
}
