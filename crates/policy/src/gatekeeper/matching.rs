//! Which objects a constraint is about: its `spec.match`.

use std::sync::Arc;

use rampart_model::name::Names;
use rampart_model::{Document, LabelSelector, Limits, Name, SourceText};
use serde_json::Value as Tree;

/// What a match asks of a request.
#[derive(Debug, Clone, Default)]
pub struct Target {
    pub group: String,
    pub kind: String,
    pub name: String,
    pub generate_name: String,
    /// Empty for what is in no namespace; an object of a file without one counts as cluster-scoped.
    pub namespace: String,
    pub labels: Vec<(Name, Name)>,
    pub old_labels: Option<Vec<(Name, Name)>>,
    /// Labels of its namespace; none where the namespace is not known.
    pub namespace_labels: Option<Vec<(Name, Name)>>,
    /// `Original` or `Generated` (by an expansion).
    pub is_generated: bool,
}

/// A compiled `match`.
#[derive(Debug, Clone, Default)]
pub struct Matching {
    kinds: Option<Vec<(Vec<String>, Vec<String>)>>,
    namespaces: Vec<String>,
    excluded: Vec<String>,
    scope: String,
    name: Option<String>,
    source: String,
    labels: Option<LabelSelector>,
    namespace_labels: Option<LabelSelector>,
}

impl Matching {
    /// Reads a `match`; an absent one matches everything.
    ///
    /// # Errors
    /// A selector cannot be read.
    pub fn read(tree: Option<&Tree>) -> Result<Self, String> {
        let Some(tree) = tree else { return Ok(Self::default()) };
        let text = |key: &str| tree.get(key).and_then(Tree::as_str);
        let kinds = tree.get("kinds").and_then(Tree::as_array).filter(|kinds| !kinds.is_empty());
        Ok(Self {
            kinds: kinds
                .map(|kinds| kinds.iter().map(|kind| (texts(kind, "apiGroups"), texts(kind, "kinds"))).collect()),
            namespaces: texts(tree, "namespaces"),
            excluded: texts(tree, "excludedNamespaces"),
            scope: text("scope").unwrap_or_default().to_owned(),
            name: text("name").filter(|name| !name.is_empty()).map(str::to_owned),
            source: text("source").unwrap_or_default().to_owned(),
            labels: tree.get("labelSelector").map(selector).transpose()?,
            namespace_labels: tree.get("namespaceSelector").map(selector).transpose()?,
        })
    }

    /// Whether the constraint is about the target.
    ///
    /// # Errors
    /// It depends on labels of a namespace that is not known.
    pub fn holds(&self, target: &Target) -> Result<bool, String> {
        let is_namespace = target.kind == "Namespace" && target.group.is_empty();
        // A Namespace is matched by its own name.
        let namespace = if is_namespace { target.name.as_str() } else { target.namespace.as_str() };
        let simple = self.is_source(target)
            && self.is_kind(target)
            && self.is_scope(target, is_namespace)
            && (self.namespaces.is_empty() || namespace.is_empty() || any_glob(&self.namespaces, namespace))
            && (namespace.is_empty() || !any_glob(&self.excluded, namespace))
            && self.is_name(target);
        if !simple || !self.has_labels(target) {
            return Ok(false);
        }
        let Some(selector) = &self.namespace_labels else { return Ok(true) };
        match &target.namespace_labels {
            _ if is_namespace => Ok(selector.matches(&target.labels)),
            _ if namespace.is_empty() => Ok(true),
            Some(labels) => Ok(selector.matches(labels)),
            None if selector.is_everything() => Ok(true),
            None => Err(format!("the labels of namespace `{namespace}` are not known; give the Namespace too")),
        }
    }

    fn is_source(&self, target: &Target) -> bool {
        match self.source.as_str() {
            "Original" => !target.is_generated,
            "Generated" => target.is_generated,
            _ => true,
        }
    }

    fn is_kind(&self, target: &Target) -> bool {
        let is =
            |list: &[String], wanted: &str| list.is_empty() || list.iter().any(|item| item == "*" || item == wanted);
        let fits = |(groups, kinds): &(Vec<String>, Vec<String>)| is(groups, &target.group) && is(kinds, &target.kind);
        self.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(fits))
    }

    fn is_scope(&self, target: &Target, is_namespace: bool) -> bool {
        let is_cluster = is_namespace || target.namespace.is_empty();
        match self.scope.as_str() {
            "Cluster" => is_cluster,
            "Namespaced" => !is_cluster,
            _ => true,
        }
    }

    fn is_name(&self, target: &Target) -> bool {
        self.name.as_ref().is_none_or(|pattern| {
            is_glob(pattern, &target.name)
                || (target.name.is_empty() && is_generated_glob(pattern, &target.generate_name))
        })
    }

    fn has_labels(&self, target: &Target) -> bool {
        self.labels.as_ref().is_none_or(|selector| {
            selector.matches(&target.labels) || target.old_labels.as_ref().is_some_and(|old| selector.matches(old))
        })
    }
}

fn texts(tree: &Tree, key: &str) -> Vec<String> {
    let items = tree.get(key).and_then(Tree::as_array).into_iter().flatten();
    items.filter_map(Tree::as_str).map(str::to_owned).collect()
}

fn selector(tree: &Tree) -> Result<LabelSelector, String> {
    let source = Arc::new(SourceText::new("selector", tree.to_string()));
    let document = Document::from_json(source, &Limits::STANDARD).map_err(|error| error.message)?;
    Ok(LabelSelector::of(Some(document.root()), &mut Names::default()))
}

fn any_glob(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| is_glob(pattern, text))
}

/// Gatekeeper's glob: a star may stand at the beginning, at the end, or at both.
pub fn is_glob(pattern: &str, text: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => {
            let inner = pattern.trim_matches('*');
            text.contains(inner)
        }
        (Some(ending), None) => text.ends_with(ending),
        (None, Some(beginning)) => text.starts_with(beginning),
        (None, None) => pattern == text,
    }
}

/// A name that the API server makes up yet is known by its beginning only.
fn is_generated_glob(pattern: &str, beginning: &str) -> bool {
    pattern.strip_suffix('*').is_some_and(|_| is_glob(pattern, beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(kind: &str, namespace: &str, name: &str) -> Target {
        Target { kind: kind.to_owned(), namespace: namespace.to_owned(), name: name.to_owned(), ..Target::default() }
    }

    fn matching(tree: Tree) -> Matching {
        Matching::read(Some(&tree)).unwrap()
    }

    #[test]
    fn globs_have_stars_at_their_ends_only() {
        for (pattern, text, wanted) in [
            ("kube-*", "kube-system", true),
            ("*-system", "kube-system", true),
            ("*be*", "kube", true),
            ("a*c", "abc", false),
        ] {
            assert_eq!(is_glob(pattern, text), wanted, "{pattern} {text}");
        }
    }

    #[test]
    fn namespaces_do_not_restrict_what_is_in_none_and_a_namespace_counts_by_its_name() {
        let found = matching(serde_json::json!({"namespaces": ["prod-*"], "excludedNamespaces": ["*-x"]}));
        for (target, wanted) in [
            (target("Pod", "prod-a", "p"), true),
            (target("Pod", "prod-x", "p"), false),
            (target("Pod", "dev", "p"), false),
            (target("Pod", "", "p"), true),
            (target("Namespace", "", "dev"), false),
            (target("Namespace", "", "prod-a"), true),
        ] {
            assert_eq!(found.holds(&target), Ok(wanted), "{target:?}");
        }
    }

    #[test]
    fn labels_of_an_unknown_namespace_are_an_error_and_no_guess() {
        let found = matching(serde_json::json!({"namespaceSelector": {"matchLabels": {"a": "b"}}}));
        assert!(found.holds(&target("Pod", "dev", "p")).unwrap_err().contains("not known"));
        assert_eq!(found.holds(&target("ClusterRole", "", "p")), Ok(true));
    }

    #[test]
    fn kinds_scope_and_name_must_all_fit() {
        let found = matching(
            serde_json::json!({"kinds": [{"apiGroups": ["*"], "kinds": ["Pod"]}], "scope": "Namespaced", "name": "web*"}),
        );
        assert_eq!(found.holds(&target("Pod", "a", "web-1")), Ok(true));
        assert_eq!(found.holds(&target("Pod", "", "web-1")), Ok(false));
        assert_eq!(found.holds(&target("Service", "a", "web-1")), Ok(false));
        assert_eq!(found.holds(&target("Pod", "a", "db")), Ok(false));
    }
}
