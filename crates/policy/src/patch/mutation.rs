//! One mutation as a Kyverno rule writes it: a strategic patch with anchors, or a JSON patch as a list or as text.
//!
//! Variables are put in by whoever knows them, at every use, since the text of a patch may only become JSON by that.

use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};
use serde_json::Value as Tree;

use super::anchors::{self, Meets};
use super::{json, strategic};

/// Puts variables in: the patch as written to the patch as meant.
pub type Substitute<'a> = dyn Fn(&Tree) -> Result<Tree, String> + 'a;

#[derive(Debug, Clone, PartialEq)]
pub enum Mutation {
    Strategic(Tree),
    /// A list of operations, or the text of one in JSON or YAML.
    Json(Tree),
}

impl Mutation {
    /// Reads `patchStrategicMerge` or `patchesJson6902` of a `mutate` or of an entry of its `foreach`; none where it
    /// has neither.
    pub fn read(mutate: &Tree) -> Option<Self> {
        let given = |field: &str| mutate.get(field).filter(|value| !value.is_null()).cloned();
        given("patchStrategicMerge")
            .map(Self::Strategic)
            .or_else(|| given("patchesJson6902").filter(|patch| patch.as_str() != Some("")).map(Self::Json))
    }

    /// Whether the elements of a `foreach` are taken from the last to the first. Strategic patches put new elements
    /// first, so they are, unless the rule names an order.
    pub fn descends(&self, order: Option<&str>) -> bool {
        match order {
            Some(order) => order == "Descending",
            None => matches!(self, Self::Strategic(_)),
        }
    }

    /// The object after the mutation; none where that changes nothing, because a condition does not hold or because
    /// all is as it should be.
    pub fn apply(&self, object: &Tree, substitute: &Substitute<'_>, meets: &Meets<'_>) -> Result<Option<Tree>, String> {
        let after = match self {
            Self::Strategic(patch) => {
                let patch = substitute(patch)?;
                let Some(patch) = anchors::resolve(&patch, object, meets) else { return Ok(None) };
                strategic::merge(object.clone(), &patch).ok_or("the patch deletes the object itself")?
            }
            Self::Json(patch) => {
                let patch = match substitute(patch)? {
                    Tree::String(text) => operations(&text)?,
                    list => list,
                };
                json::apply(object.clone(), &patch, json::KYVERNO)?
            }
        };
        Ok((after != *object).then_some(after))
    }
}

/// Reads the text of a JSON patch.
fn operations(text: &str) -> Result<Tree, String> {
    let limits = Limits { nodes: 100_000, copies: 10_000, ..Limits::STANDARD };
    let source = Arc::new(SourceText::new("patchesJson6902", text));
    match Document::all_from_yaml(&source, &limits) {
        (documents, None) => Ok(documents.first().map_or(Tree::Null, |document| document.root().to_json())),
        (_, Some(mistake)) => Err(format!("`patchesJson6902` can not be read: {}", mistake.message)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Tree, json};

    use super::Mutation;

    fn as_written(patch: &Tree) -> Result<Tree, String> {
        Ok(patch.clone())
    }

    fn applied(mutate: &Tree, object: &Tree) -> Result<Option<Tree>, String> {
        Mutation::read(mutate).unwrap().apply(object, &as_written, &|pattern, value| pattern == value)
    }

    #[test]
    fn a_json_patch_may_be_text_or_a_list() {
        let object = json!({"metadata": {"name": "a"}});
        let wanted = Some(json!({"metadata": {"name": "a", "labels": {"x": "z"}}}));
        let text = json!({"patchesJson6902": "- op: add\n  path: /metadata/labels/x\n  value: z\n"});
        assert_eq!(applied(&text, &object).unwrap(), wanted);
        let text = json!({"patchesJson6902": r#"[{"op": "add", "path": "/metadata/labels/x", "value": "z"}]"#});
        assert_eq!(applied(&text, &object).unwrap(), wanted);
        let list = json!({"patchesJson6902": [{"op": "add", "path": "/metadata/labels/x", "value": "z"}]});
        assert_eq!(applied(&list, &object).unwrap(), wanted);
    }

    #[test]
    fn what_changes_nothing_is_no_mutation() {
        let object = json!({"metadata": {"name": "a"}, "spec": {"x": 1}});
        assert_eq!(applied(&json!({"patchStrategicMerge": {"spec": {"x": 1}}}), &object), Ok(None));
        assert_eq!(applied(&json!({"patchStrategicMerge": {"spec": {"(x)": 2, "y": 3}}}), &object), Ok(None));
    }

    #[test]
    fn broken_text_is_an_error_that_says_so() {
        let problem = applied(&json!({"patchesJson6902": "- op: ["}), &json!({})).unwrap_err();
        assert!(problem.starts_with("`patchesJson6902` can not be read"), "{problem}");
    }

    #[test]
    fn strategic_patches_take_elements_from_the_last() {
        let strategic = Mutation::read(&json!({"patchStrategicMerge": {}})).unwrap();
        let json = Mutation::read(&json!({"patchesJson6902": "x"})).unwrap();
        assert!(strategic.descends(None) && !strategic.descends(Some("Ascending")));
        assert!(!json.descends(None) && json.descends(Some("Descending")));
        assert_eq!(Mutation::read(&json!({"targets": []})), None);
    }
}
