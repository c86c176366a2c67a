//! ConstraintTemplates: the kind that one defines, and the engine that judges constraints of that kind.

use serde_json::Value as Tree;

use super::native::Native;
use super::rego::Rego;

const TARGET: &str = "admission.k8s.gatekeeper.sh";

/// Which language judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preference {
    /// CEL where a template has it, else Rego.
    #[default]
    Cel,
    /// Rego where a template has it, else CEL.
    Rego,
}

/// A compiled template.
pub struct Template {
    pub name: String,
    /// The kind of its constraints.
    pub kind: String,
    pub(super) rego: Option<Rego>,
    pub(super) native: Option<Native>,
}

impl Template {
    /// Reads a ConstraintTemplate.
    ///
    /// # Errors
    /// It is none that Gatekeeper would take, or its code does not compile.
    pub fn read(tree: &Tree) -> Result<Self, String> {
        let text = |path: &str| tree.pointer(path).and_then(Tree::as_str).unwrap_or_default();
        let (name, kind) = (text("/metadata/name"), text("/spec/crd/spec/names/kind"));
        if kind.is_empty() {
            return Err(format!("template `{name}` has no spec.crd.spec.names.kind; add it"));
        }
        if name != kind.to_lowercase() {
            return Err(format!(
                "template `{name}` must be named `{}`, as its kind in lower case",
                kind.to_lowercase()
            ));
        }
        let targets = tree.pointer("/spec/targets").and_then(Tree::as_array).map_or(&[][..], Vec::as_slice);
        let [target] = targets else {
            return Err(format!("template `{name}` has {} targets; exactly one is wanted", targets.len()));
        };
        if target.get("target").and_then(Tree::as_str) != Some(TARGET) {
            return Err(format!("template `{name}` is not for the target `{TARGET}`"));
        }
        let (mut rego, mut native) = (None, None);
        for code in target.get("code").and_then(Tree::as_array).into_iter().flatten() {
            let source = code.get("source").unwrap_or(&Tree::Null);
            match code.get("engine").and_then(Tree::as_str) {
                Some("Rego") => rego = Some(compiled(source)?),
                Some("K8sNativeValidation") => native = Some(Native::compile(source)?),
                other => {
                    return Err(format!("template `{name}` has an engine `{}` that nobody knows", other.unwrap_or("")));
                }
            }
        }
        if rego.is_none() && target.get("rego").is_some() {
            rego = Some(compiled(target)?);
        }
        if rego.is_none() && native.is_none() {
            return Err(format!("template `{name}` has no code; add an engine"));
        }
        Ok(Self { name: name.to_owned(), kind: kind.to_owned(), rego, native })
    }

    /// Whether it has both languages, so that one can be compared with the other.
    pub fn has_both(&self) -> bool {
        self.rego.is_some() && self.native.is_some()
    }
}

fn compiled(source: &Tree) -> Result<Rego, String> {
    let libraries = source.get("libs").and_then(Tree::as_array).into_iter().flatten();
    let libraries: Vec<String> = libraries.filter_map(Tree::as_str).map(str::to_owned).collect();
    Rego::compile(source.get("rego").and_then(Tree::as_str).unwrap_or_default(), &libraries)
}
