//! The files of a benchmark: groups of checks, each with its audits and tests. Texts keep the letters of their source:
//! `5.10` is no number.

use std::sync::Arc;

use rampart_model::document::{Document, Kind, Limits};
use rampart_model::source::SourceText;
use rampart_model::{Diagnostic, Value};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Controls {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) text: String,
    pub(super) node_type: String,
    pub(super) groups: Vec<Group>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) checks: Vec<Check>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Check {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) kind: String,
    pub(super) audit: String,
    pub(super) audit_env: String,
    pub(super) audit_config: String,
    pub(super) tests: Option<Tests>,
    pub(super) remediation: String,
    pub(super) scored: bool,
    pub(super) is_multiple: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tests {
    pub(super) operator: String,
    pub(super) items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) flag: String,
    pub(super) env: String,
    pub(super) path: String,
    pub(super) set: bool,
    pub(super) comparison: Option<Comparison>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comparison {
    pub(super) operator: String,
    pub(super) value: String,
}

impl Controls {
    /// # Errors
    /// The text is no YAML.
    pub(super) fn read(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let source = Arc::new(SourceText::new(name, super::indent::deepen(text)));
        let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
        if let Some(error) = error {
            return Err(error);
        }
        let Some(document) = documents.first() else { return Ok(Self::default()) };
        let root = document.root();
        let groups = root.field("groups").into_iter().flat_map(Value::items).map(group).collect();
        Ok(Self {
            id: text_of(root, "id"),
            version: text_of(root, "version"),
            text: text_of(root, "text"),
            node_type: text_of(root, "type"),
            groups,
        })
    }
}

fn group(value: Value<'_>) -> Group {
    Group {
        id: text_of(value, "id"),
        kind: text_of(value, "type"),
        text: text_of(value, "text"),
        checks: value.field("checks").into_iter().flat_map(Value::items).map(check).collect(),
    }
}

fn check(value: Value<'_>) -> Check {
    Check {
        id: text_of(value, "id"),
        text: text_of(value, "text"),
        kind: text_of(value, "type"),
        audit: text_of(value, "audit"),
        audit_env: text_of(value, "audit_env"),
        audit_config: text_of(value, "audit_config"),
        tests: value.field("tests").map(tests),
        remediation: text_of(value, "remediation"),
        scored: value.bool_at(&["scored"]) == Some(true),
        is_multiple: value.bool_at(&["use_multiple_values"]) == Some(true),
    }
}

fn tests(value: Value<'_>) -> Tests {
    Tests {
        operator: text_of(value, "bin_op"),
        items: value.field("test_items").into_iter().flat_map(Value::items).map(item).collect(),
    }
}

fn item(value: Value<'_>) -> Item {
    let comparison = value
        .field("compare")
        .map(|compare| Comparison { operator: text_of(compare, "op"), value: text_of(compare, "value") });
    Item {
        flag: text_of(value, "flag"),
        env: text_of(value, "env"),
        path: text_of(value, "path"),
        set: value.bool_at(&["set"]) != Some(false),
        comparison: comparison.filter(|comparison| !comparison.operator.is_empty()),
    }
}

fn text_of(value: Value<'_>, key: &str) -> String {
    value.field(key).map(scalar).unwrap_or_default()
}

/// A scalar with the letters of its source: `0644` and `5.10` stay what they are.
pub(super) fn scalar(value: Value<'_>) -> String {
    match value.kind() {
        Kind::String => value.str().unwrap_or_default().to_owned(),
        Kind::Number | Kind::Bool => {
            let (start, end) = value.span();
            let source = &value.document().source().text;
            source.get(start as usize..end as usize).unwrap_or_default().trim().to_owned()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_letters() {
        let text = "groups:\n- id: 5.10\n  checks:\n  - id: 1.20\n    scored: true\n    tests:\n      test_items:\n      \
                    - flag: x\n        compare: {op: bitmask, value: 0644}\n      - flag: y\n        set: false\n";
        let controls = Controls::read("a.yaml", text).unwrap();
        let group = &controls.groups[0];
        assert_eq!((group.id.as_str(), group.checks[0].id.as_str()), ("5.10", "1.20"));
        let items = &group.checks[0].tests.as_ref().unwrap().items;
        assert_eq!(items[0].comparison.as_ref().unwrap().value, "0644");
        assert!(items[0].set && !items[1].set);
    }
}
