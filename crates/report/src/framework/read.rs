//! A framework from its file. What is wrong is said with its place; a framework with a mistake is not used, because an
//! auditor must not be shown a part of a standard as the whole.

use std::collections::BTreeSet;

use rampart_model::document::{Kind, read_documents};
use rampart_model::{Diagnostic, Limits, Rule, SourceText, Value};

use super::{Framework, Requirement, SCHEMA, covers};

/// Requirements that one framework may have, and characters that one text of it may have.
const REQUIREMENTS: usize = 2_000;
const TEXT: usize = 500;

/// Reads a framework. Where `rules` are given, each rule that the file names must be among them.
///
/// # Errors
/// All mistakes, each with its line.
pub fn read(name: &str, text: &str, rules: &[&Rule]) -> Result<Framework, Vec<Diagnostic>> {
    let source = SourceText::new(name, text);
    let (documents, mut doubts) = read_documents(source, &Limits::STANDARD);
    let document = match documents.as_slice() {
        [document] => document,
        [] if !doubts.is_empty() => return Err(doubts),
        [] => return Err(vec![Diagnostic::lost(name, "the file is empty; write a framework into it")]),
        [_, second, ..] => {
            return Err(vec![doubt(second.root(), "a second document; write one framework in a file")]);
        }
    };
    doubts.extend(document.notices().iter().cloned());
    let mut reader = Reader { doubts, rules };
    let framework = reader.framework(document.root());
    if reader.doubts.is_empty() { Ok(framework) } else { Err(reader.doubts) }
}

fn doubt(value: Value<'_>, message: impl Into<String>) -> Diagnostic {
    let (start, _) = value.key_span().unwrap_or_else(|| value.span());
    Diagnostic::at(value.document().source(), start, message, true)
}

struct Reader<'r> {
    doubts: Vec<Diagnostic>,
    rules: &'r [&'r Rule],
}

impl Reader<'_> {
    fn doubt(&mut self, value: Value<'_>, message: impl Into<String>) {
        self.doubts.push(doubt(value, message));
    }

    fn framework(&mut self, root: Value<'_>) -> Framework {
        const FIELDS: [&str; 7] = ["schema", "id", "title", "version", "source", "standard", "requirements"];
        self.only(root, &FIELDS);
        if root.text_at(&["schema"]) != Some(SCHEMA) {
            self.doubt(root.get("schema").unwrap_or(root), format!("`schema` is not `{SCHEMA}`; write that"));
        }
        let id = self.required(root, "id");
        let plain = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '-' | '.');
        if !id.chars().all(plain) || id.len() > 64 {
            self.doubt(
                root.get("id").unwrap_or(root),
                format!("`{id}` is no id; use up to 64 lower-case letters, digits, `-` and `.`"),
            );
        }
        Framework {
            id,
            title: self.required(root, "title"),
            version: self.required(root, "version"),
            source: self.optional(root, "source").unwrap_or_default(),
            standard: self.optional(root, "standard"),
            requirements: self.requirements(root),
        }
    }

    fn requirements(&mut self, root: Value<'_>) -> Vec<Requirement> {
        let list = root.get("requirements").filter(|list| list.kind() == Kind::Array && !list.is_empty());
        let Some(list) = list else {
            self.doubt(
                root.get("requirements").unwrap_or(root),
                "`requirements` is no list of requirements; list each with `id` and `title`",
            );
            return Vec::new();
        };
        if list.len() > REQUIREMENTS {
            self.doubt(list, format!("more than {REQUIREMENTS} requirements; split the framework"));
            return Vec::new();
        }
        let mut ids = BTreeSet::new();
        list.items()
            .map(|entry| {
                self.only(entry, &["id", "title", "rules", "mapped", "note"]);
                let requirement = Requirement {
                    id: self.required(entry, "id"),
                    title: self.required(entry, "title"),
                    rules: self.texts(entry, "rules"),
                    mapped: self.texts(entry, "mapped"),
                    note: self.optional(entry, "note"),
                };
                if !ids.insert(requirement.id.clone()) {
                    self.doubt(entry, format!("a second requirement `{}`; remove one", requirement.id));
                }
                self.rules(entry, &requirement);
                requirement
            })
            .collect()
    }

    fn rules(&mut self, entry: Value<'_>, requirement: &Requirement) {
        let Some(list) = entry.get("rules") else { return };
        for (value, pattern) in list.items().zip(&requirement.rules) {
            let shaped = pattern.split_once('/').is_some_and(|(control, name)| {
                let word =
                    |text: &str| !text.is_empty() && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'));
                word(control) && (name == "*" || word(name.strip_suffix('*').unwrap_or(name)))
            });
            if !shaped {
                self.doubt(value, format!("`{pattern}` is no rule; write `rbac/read-secrets` or `rbac/*`"));
            } else if !self.rules.is_empty() && !self.rules.iter().any(|rule| covers(pattern, rule.id)) {
                self.doubt(value, format!("no rule is called `{pattern}`; `rampart explain` lists all"));
            }
        }
    }

    /// Says which fields are not known: a typing error must not silently leave rules out.
    fn only(&mut self, value: Value<'_>, known: &[&str]) {
        if value.kind() != Kind::Object {
            self.doubt(value, format!("a {} where a map with {} was expected", value.kind(), known.join(", ")));
        }
        for (key, entry) in value.entries() {
            if !known.contains(&key) {
                self.doubt(entry, format!("unknown field `{key}`; known are {}", known.join(", ")));
            }
        }
    }

    fn required(&mut self, value: Value<'_>, key: &str) -> String {
        let text = self.optional(value, key);
        if text.is_none() && value.get(key).is_none_or(|found| self.text(found).is_ok()) {
            self.doubt(value, format!("`{key}` is missing or empty; write it"));
        }
        text.unwrap_or_default()
    }

    fn optional(&mut self, value: Value<'_>, key: &str) -> Option<String> {
        let found = value.get(key).filter(|found| !found.is_null())?;
        match self.text(found) {
            Ok(text) => Some(text.to_owned()).filter(|text| !text.is_empty()),
            Err(message) => {
                self.doubt(found, message);
                None
            }
        }
    }

    /// Numbers stand for their own letters: an unquoted `5.10` is a requirement's id.
    fn text<'d>(&self, value: Value<'d>) -> Result<&'d str, String> {
        let text = value.str().or_else(|| value.number()).map(str::trim);
        let text = text.ok_or_else(|| format!("`{}` is a {}; write a text", value.key(), value.kind()))?;
        if text.chars().count() > TEXT {
            return Err(format!("a text of more than {TEXT} characters; shorten it"));
        }
        Ok(text)
    }

    fn texts(&mut self, value: Value<'_>, key: &str) -> Vec<String> {
        let Some(list) = value.get(key).filter(|list| !list.is_null()) else { return Vec::new() };
        if list.kind() != Kind::Array {
            self.doubt(list, format!("`{key}` is a {}; write a list", list.kind()));
            return Vec::new();
        }
        let mut texts = Vec::new();
        for item in list.items() {
            match self.text(item) {
                Ok(text) => texts.push(text.to_owned()),
                Err(message) => self.doubt(item, message),
            }
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "schema: rampart.framework/v1\nid: house\ntitle: House rules\nversion: 1\nrequirements:\n\
                        - {id: 5.10, title: No wildcards, rules: [rbac/*]}\n- {id: B, title: Talk to people}\n";

    fn mistakes(text: &str) -> Vec<(u32, String)> {
        let rules: Vec<&Rule> = crate::sample::RULES.to_vec();
        let doubts = read("house.yaml", text, &rules).expect_err("a mistake");
        doubts.into_iter().map(|doubt| (doubt.line, doubt.message)).collect()
    }

    #[test]
    fn an_own_framework_is_read_and_its_numbers_keep_their_letters() {
        let framework = read("house.yaml", GOOD, &crate::sample::RULES).unwrap();
        assert_eq!(framework.requirements[0].id, "5.10");
        assert_eq!((framework.version.as_str(), framework.requirements.len()), ("1", 2));
    }

    #[test]
    fn a_mistake_is_said_with_its_line() {
        for (from, to, line, what) in [
            ("rbac/*", "rbac/no-such", 6, "no rule is called `rbac/no-such`"),
            ("rbac/*", "everything", 6, "`everything` is no rule"),
            ("rules: [", "rule: [", 6, "unknown field `rule`"),
            ("id: B", "id: 5.10", 7, "a second requirement `5.10`"),
            ("id: B, ", "", 7, "`id` is missing"),
            ("title: House rules", "title: [1]", 3, "`title` is a"),
            ("id: house", "id: My House", 2, "`My House` is no id"),
            ("framework/v1", "framework/v9", 1, "`schema` is not"),
            ("requirements:", "requirements: {a: b}\nother:", 5, "no list of requirements"),
            ("version: 1", "version: 1\n---\na: 1", 6, "a second document"),
        ] {
            let doubts = mistakes(&GOOD.replace(from, to));
            assert!(doubts.iter().any(|(at, said)| *at == line && said.contains(what)), "{from}: {doubts:?}");
        }
        assert!(mistakes("")[0].1.contains("empty"));
        assert!(mistakes("a: [")[0].0 >= 1);
        assert!(!mistakes("- 1").is_empty());
    }
}
