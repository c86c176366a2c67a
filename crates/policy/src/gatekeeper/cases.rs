//! Suites of `gator`: objects, and what a template with a constraint is expected to say to each.

mod assertion;

use std::collections::BTreeMap;
use std::sync::Arc;

use rampart_model::{Document, Limits, SourceText};
use serde_json::Value as Tree;

use super::inventory::inventory;
use super::{Constraint, Library, Preference, Request, Template};
use crate::answer::{Answer, Status};
use assertion::Assertion;

const GROUP: &str = "test.gatekeeper.sh";

/// What came of one assertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub suite: String,
    pub test: String,
    pub case: String,
    /// Its position among the case's, from 0.
    pub assertion: usize,
    pub expected: String,
    /// `met`, `missed`, `skip` or `error`.
    pub outcome: &'static str,
    /// Violations that count for the assertion.
    pub actual: String,
    pub message: String,
}

impl Row {
    pub fn holds(&self) -> bool {
        matches!(self.outcome, "met" | "skip")
    }

    pub fn to_json(&self) -> Tree {
        serde_json::json!({"suite": self.suite, "test": self.test, "case": self.case, "assertion": self.assertion,
            "expected": self.expected, "actual": self.actual, "outcome": self.outcome, "message": self.message})
    }
}

/// Text of files by path, as they lie below one folder; paths have slashes.
pub type Files = BTreeMap<String, String>;

/// Whether the text is that of a suite.
pub fn is_suite(text: &str) -> bool {
    text.contains(GROUP) && trees("suite.yaml", text).is_ok_and(|trees| trees.iter().any(is_suite_tree))
}

/// Runs the suite that lies at `path` among the files.
pub fn run(path: &str, files: &Files, preference: Preference) -> Vec<Row> {
    let runner = Runner { path, files, preference };
    match runner.trees_of(path) {
        Ok(suites) => {
            suites.iter().filter(|suite| is_suite_tree(suite)).flat_map(|suite| runner.suite(suite)).collect()
        }
        Err(error) => vec![runner.row("", "", "error", error)],
    }
}

fn is_suite_tree(tree: &Tree) -> bool {
    let api = tree.get("apiVersion").and_then(Tree::as_str).unwrap_or_default();
    api.split('/').next() == Some(GROUP) && tree.get("kind").and_then(Tree::as_str) == Some("Suite")
}

fn trees(name: &str, text: &str) -> Result<Vec<Tree>, String> {
    let source = Arc::new(SourceText::new(name, text));
    let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
    match error {
        Some(error) => Err(format!("`{name}` line {}: {}", error.line, error.message)),
        None => Ok(documents.iter().map(|document| document.root().to_json()).filter(|tree| !tree.is_null()).collect()),
    }
}

/// The path that `relative` names from the file `from`; steps up are followed, none leads out.
fn beside(from: &str, relative: &str) -> String {
    let mut steps: Vec<&str> = from.split('/').collect();
    steps.pop();
    for step in relative.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

struct Runner<'f> {
    path: &'f str,
    files: &'f Files,
    preference: Preference,
}

impl Runner<'_> {
    fn row(&self, test: &str, case: &str, outcome: &'static str, message: impl Into<String>) -> Row {
        Row {
            suite: self.path.to_owned(),
            test: test.to_owned(),
            case: case.to_owned(),
            assertion: 0,
            expected: String::new(),
            outcome,
            actual: String::new(),
            message: message.into(),
        }
    }

    fn trees_of(&self, path: &str) -> Result<Vec<Tree>, String> {
        let text = self.files.get(path).ok_or_else(|| format!("there is no file `{path}`"))?;
        trees(path, text)
    }

    fn only(&self, holder: &Tree, key: &str) -> Result<Tree, String> {
        let path = text(holder, key);
        if path.is_empty() {
            return Err(format!("`{key}` is missing; name a file"));
        }
        let path = beside(self.path, path);
        let mut trees = self.trees_of(&path)?;
        match (trees.pop(), trees.is_empty()) {
            (Some(tree), true) => Ok(tree),
            _ => Err(format!("`{path}` must hold exactly one object")),
        }
    }

    fn suite(&self, suite: &Tree) -> Vec<Row> {
        let skips = suite.get("skip") == Some(&Tree::Bool(true));
        items(suite, "tests").flat_map(|test| self.test(test, skips)).collect()
    }

    fn test(&self, test: &Tree, skips: bool) -> Vec<Row> {
        let name = text(test, "name");
        if skips || test.get("skip") == Some(&Tree::Bool(true)) {
            return vec![self.row(name, "", "skip", "")];
        }
        let is_invalid = test.get("invalid") == Some(&Tree::Bool(true));
        let library = match (self.library(test), is_invalid) {
            (Err(_), true) => return vec![self.row(name, "", "met", "")],
            (Ok(_), true) => return vec![self.row(name, "", "missed", "template and constraint are valid")],
            (Err(error), false) => return vec![self.row(name, "", "error", error)],
            (Ok(library), false) => library,
        };
        if !text(test, "expansion").is_empty() {
            return vec![self.row(name, "", "error", "expansion of workloads is not done here")];
        }
        items(test, "cases").flat_map(|case| self.case(name, case, &library)).collect()
    }

    fn library(&self, test: &Tree) -> Result<Library, String> {
        let mut library = Library::default().preferring(self.preference);
        library.add_template(Template::read(&self.only(test, "template")?)?);
        library.add_constraint(Constraint::read(&self.only(test, "constraint")?)?)?;
        Ok(library)
    }

    fn case(&self, test: &str, case: &Tree, library: &Library) -> Vec<Row> {
        let name = text(case, "name");
        if case.get("skip") == Some(&Tree::Bool(true)) {
            return vec![self.row(test, name, "skip", "")];
        }
        let answers = match self.answers(case, library) {
            Ok(answers) => answers,
            Err(error) => return vec![self.row(test, name, "error", error)],
        };
        let error = answers.iter().find(|answer| answer.status == Status::Error);
        let said: Vec<&str> = answers
            .iter()
            .filter(|answer| matches!(answer.status, Status::Fail | Status::Warn))
            .map(|answer| answer.message.as_str())
            .collect();
        let given: Vec<&Tree> = items(case, "assertions").collect();
        let assertions = if given.is_empty() {
            vec![Ok(Assertion::none())]
        } else {
            given.into_iter().map(Assertion::read).collect()
        };
        assertions
            .into_iter()
            .enumerate()
            .map(|(position, assertion)| {
                let row = match (assertion, error) {
                    (Err(wrong), _) => self.row(test, name, "error", wrong),
                    (Ok(assertion), Some(error)) => {
                        Row { expected: assertion.to_string(), ..self.row(test, name, "error", error.message.clone()) }
                    }
                    (Ok(assertion), None) => {
                        let count = assertion.count(&said);
                        let outcome = if assertion.holds(count) { "met" } else { "missed" };
                        Row {
                            expected: assertion.to_string(),
                            actual: count.to_string(),
                            ..self.row(test, name, outcome, said.join("; "))
                        }
                    }
                };
                Row { assertion: position, ..row }
            })
            .collect()
    }

    fn answers(&self, case: &Tree, library: &Library) -> Result<Vec<Answer>, String> {
        let object = self.only(case, "object")?;
        let mut beside_it = Vec::new();
        for path in items(case, "inventory").filter_map(Tree::as_str) {
            beside_it.extend(self.trees_of(&beside(self.path, path))?);
        }
        let namespace_of = |object: &Tree| {
            let name = object.pointer("/metadata/namespace").and_then(Tree::as_str)?;
            let is = |tree: &&Tree| {
                text(tree, "kind") == "Namespace" && tree.pointer("/metadata/name").and_then(Tree::as_str) == Some(name)
            };
            beside_it.iter().find(is).cloned()
        };
        let request = if text(&object, "kind") == "AdmissionReview" {
            let request = object.get("request").ok_or_else(|| "the AdmissionReview has no request".to_owned())?;
            let namespace = ["object", "oldObject"].iter().find_map(|key| namespace_of(request.get(key)?));
            Request::of_admission(request, namespace)?
        } else {
            Request::of_object(&object, namespace_of(&object))?
        };
        Ok(library.judge_request(&request, Some(&inventory(&beside_it)), None))
    }
}

fn items<'t>(tree: &'t Tree, key: &str) -> impl Iterator<Item = &'t Tree> + use<'t> {
    tree.get(key).and_then(Tree::as_array).into_iter().flatten()
}

fn text<'t>(tree: &'t Tree, key: &str) -> &'t str {
    tree.get(key).and_then(Tree::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn paths_are_beside_the_suite() {
        assert_eq!(beside("a/b/suite.yaml", "samples/./x.yaml"), "a/b/samples/x.yaml");
        assert_eq!(beside("a/b/suite.yaml", "../x.yaml"), "a/x.yaml");
        assert_eq!(beside("suite.yaml", "../../x.yaml"), "x.yaml");
    }
}
