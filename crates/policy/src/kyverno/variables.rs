//! `{{ }}` in the texts of a policy: JMESPath over what the rule knows, innermost first, with the value's type kept where
//! the text is nothing else.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Tree;

use crate::Operation;
use crate::jmespath::{Context, Error, Expression, Mode, Val};

/// Replacements in one text; variables whose values hold variables end here.
const REPLACEMENTS: usize = 256;
/// Bytes of one text after replacement.
const LONGEST: usize = 1 << 20;
const DEEPEST: usize = 64;

/// Braces that are not escaped, with at most one level of braces within (which multiselects need).
static VARIABLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[^\\])(\{\{((?:\{[^{}]*\}|[^{}])*)\}\})").ok());

/// Why a text has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The expression, and the key that is not there.
    Unknown(String, String),
    Other(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(text, cause) => write!(f, "variable `{text}` is not there: {cause}"),
            Self::Other(message) => f.write_str(message),
        }
    }
}

/// What variables are asked of.
#[derive(Debug)]
pub struct Scope<'a> {
    /// The map that expressions start from: `request`, `images`, entries of the context.
    pub root: Val<'a>,
    pub operation: Operation,
    pub context: Context,
}

impl<'a> Scope<'a> {
    /// Runs one expression. On DELETE there is only the old object, so it is read instead.
    ///
    /// # Errors
    /// The expression is none, or has no value here.
    pub fn ask(&self, text: &str) -> Result<Val<'a>, Fault> {
        let text = match self.operation {
            Operation::Delete => text.replace("request.object", "request.oldObject"),
            _ => text.to_owned(),
        };
        let expression = Expression::parse(&text, Mode::Kyverno)
            .map_err(|error| Fault::Other(format!("`{text}` is no expression: {error}")))?;
        expression.run(&self.root, &self.context).map_err(|error| match error {
            Error::UnknownKey(_) => Fault::Unknown(text.clone(), error.to_string()),
            error => Fault::Other(format!("`{text}` has no value: {error}")),
        })
    }

    /// Replaces the variables of a tree: keys and values.
    ///
    /// # Errors
    /// The first variable that has no value.
    pub fn fill(&self, tree: &Tree) -> Result<Tree, Fault> {
        self.fill_at(tree, "", DEEPEST)
    }

    fn fill_at(&self, tree: &Tree, path: &str, depth: usize) -> Result<Tree, Fault> {
        let Some(depth) = depth.checked_sub(1) else { return Err(Fault::Other("it nests too deeply".to_owned())) };
        Ok(match tree {
            Tree::String(text) => self.fill_text(text, path)?,
            Tree::Array(items) => {
                let items = items.iter().enumerate();
                items
                    .map(|(position, item)| self.fill_at(item, &format!("{path}[{position}]"), depth))
                    .collect::<Result<_, _>>()?
            }
            Tree::Object(entries) => {
                let mut filled = serde_json::Map::new();
                for (key, value) in entries {
                    let name = super::pattern::Anchor::of(key).map_or(key.as_str(), |(_, name)| name);
                    let below = format!("{path}.\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
                    let key = if key.contains("{{") { written(&self.fill_text(key, path)?) } else { key.clone() };
                    filled.insert(key, self.fill_at(value, &below, depth)?);
                }
                Tree::Object(filled)
            }
            other => other.clone(),
        })
    }

    /// `path` is where the text stands in its pattern, which `@` means.
    fn fill_text(&self, text: &str, path: &str) -> Result<Tree, Fault> {
        let Some(pattern) = VARIABLE.as_ref() else { return Err(Fault::Other("variables cannot be read".to_owned())) };
        let mut text = text.to_owned();
        for _ in 0..REPLACEMENTS {
            let Some(captures) = pattern.captures(&text) else { return Ok(Tree::String(unescaped(&text))) };
            let (Some(whole), Some(inner)) = (captures.get(1), captures.get(2)) else { break };
            // `{{-` looks once: variables in what it gives are not replaced in turn.
            let (inner, is_shallow) = match inner.as_str().strip_prefix('-') {
                Some(inner) => (inner.trim(), true),
                None => (inner.as_str().trim(), false),
            };
            let value = match inner {
                "@" => self.ask(&format!("request.object{path}"))?,
                inner => self.ask(inner)?,
            }
            .to_json();
            let is_all = whole.range() == (0..text.len());
            match value {
                Tree::String(value) if is_all && is_shallow => return Ok(Tree::String(value)),
                value if is_all && !value.is_string() => return Ok(value),
                value => text.replace_range(whole.range(), &written(&value)),
            }
            if text.len() > LONGEST {
                return Err(Fault::Other("a text grows beyond its bound when its variables are replaced".to_owned()));
            }
        }
        Err(Fault::Other("variables whose values hold variables do not end".to_owned()))
    }
}

/// A text as it is, everything else as JSON.
fn written(value: &Tree) -> String {
    match value {
        Tree::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn unescaped(text: &str) -> String {
    text.replace("\\{{", "{{")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scope(root: &Tree) -> Scope<'static> {
        Scope { root: Val::from_json(root), operation: Operation::Create, context: Context::default() }
    }

    #[test]
    fn variables_keep_their_type_alone_and_become_text_within_text() {
        let scope =
            scope(&json!({"request": {"object": {"n": 3, "m": {"a": "b"}, "k": "n"}}, "x": "{{request.object.n}}"}));
        for (text, wanted) in [
            ("{{ request.object.n }}", json!(3)),
            ("n={{request.object.n}} {{ request.object.m }}", json!("n=3 {\"a\":\"b\"}")),
            ("{{ request.object.{{request.object.k}} }}", json!(3)),
            ("{{ x }}", json!(3)),
            ("{{- x }}", json!("{{request.object.n}}")),
            ("\\{{ x }}", json!("{{ x }}")),
            ("{{ {a: request.object.n} }}", json!({"a": 3})),
        ] {
            assert_eq!(scope.fill(&json!(text)), Ok(wanted), "{text}");
        }
        assert!(matches!(scope.fill(&json!("{{ request.object.z }}")), Err(Fault::Unknown(..))));
    }

    #[test]
    fn at_means_the_same_place_in_the_object() {
        let scope = scope(&json!({"request": {"object": {"spec": {"list": [{"a-b": 7}]}}}}));
        let pattern = json!({"spec": {"=(list)": [{"(a-b)": "{{ @ }}"}]}});
        assert_eq!(scope.fill(&pattern), Ok(json!({"spec": {"=(list)": [{"(a-b)": 7}]}})));
    }

    #[test]
    fn a_variable_that_names_itself_ends() {
        assert!(matches!(scope(&json!({"x": "a{{x}}"})).fill(&json!("{{x}}")), Err(Fault::Other(_))));
    }

    #[test]
    fn on_delete_the_old_object_is_read() {
        let mut scope = scope(&json!({"request": {"oldObject": {"n": 1}}}));
        scope.operation = Operation::Delete;
        assert_eq!(scope.fill(&json!("{{request.object.n}}")), Ok(json!(1)));
    }
}
