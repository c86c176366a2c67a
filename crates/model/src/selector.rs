//! Label selectors as the API server reads them: every requirement must hold, and no requirement means everything.

use std::fmt;

use crate::document::Value;
use crate::name::{Name, Names};

/// `matchLabels` and `matchExpressions` together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    pub key: Name,
    pub operator: Operator,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operator {
    /// The key is there with one of these values.
    In(Vec<Name>),
    /// The key is absent, or has none of these values.
    NotIn(Vec<Name>),
    Exists,
    DoesNotExist,
    /// An operator that the API does not know: such a selector is refused, so nothing is selected.
    Unknown(Name),
}

impl Requirement {
    /// Judges the value under this requirement's key; none where the key is absent.
    pub fn holds(&self, value: Option<&str>) -> bool {
        match (&self.operator, value) {
            (Operator::In(values), Some(value)) => values.iter().any(|allowed| **allowed == *value),
            (Operator::NotIn(values), Some(value)) => values.iter().all(|denied| **denied != *value),
            (Operator::NotIn(_) | Operator::DoesNotExist, None) | (Operator::Exists, Some(_)) => true,
            (Operator::In(_) | Operator::Exists, None) | (Operator::DoesNotExist, Some(_)) => false,
            (Operator::Unknown(_), _) => false,
        }
    }
}

impl LabelSelector {
    /// Selects everything.
    pub const fn everything() -> Self {
        Self { requirements: Vec::new() }
    }

    /// Reads a `LabelSelector`; an absent one is empty, and so selects everything.
    pub fn of(selector: Option<Value<'_>>, names: &mut Names) -> Self {
        let Some(selector) = selector else { return Self::everything() };
        let mut requirements = Self::of_map(selector.field("matchLabels"), names).requirements;
        for expression in selector.field("matchExpressions").into_iter().flat_map(Value::items) {
            let values = |names: &mut Names| -> Vec<Name> {
                let values = expression.field("values").into_iter().flat_map(Value::items);
                values.filter_map(Value::str).map(|value| names.intern(value)).collect()
            };
            let operator = match expression.text_at(&["operator"]).unwrap_or("") {
                "In" => Operator::In(values(names)),
                "NotIn" => Operator::NotIn(values(names)),
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                other => Operator::Unknown(names.intern(other)),
            };
            requirements.push(Requirement { key: names.intern(expression.text_at(&["key"]).unwrap_or("")), operator });
        }
        Self { requirements }
    }

    /// Reads a plain map of labels, such as a Service's selector. (An empty one selects everything here; what it means
    /// to a Service is the Service's affair.)
    pub fn of_map(map: Option<Value<'_>>, names: &mut Names) -> Self {
        let labels = crate::object::pairs(map);
        let requirements = labels.map(|(key, value)| Requirement {
            key: names.intern(key),
            operator: Operator::In(vec![names.intern(value)]),
        });
        Self { requirements: requirements.collect() }
    }

    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    pub fn matches(&self, labels: &[(Name, Name)]) -> bool {
        self.requirements.iter().all(|requirement| requirement.holds(find(labels, &requirement.key)))
    }

    /// As [`LabelSelector::matches`], where the values of some keys are set later by somebody else: requirements on
    /// keys that `is_open` are taken to hold.
    pub fn may_match(&self, labels: &[(Name, Name)], is_open: impl Fn(&str) -> bool) -> bool {
        self.requirements.iter().all(|requirement| {
            let value = find(labels, &requirement.key);
            requirement.holds(value) || (value.is_none() && is_open(&requirement.key))
        })
    }
}

fn find<'l>(labels: &'l [(Name, Name)], key: &str) -> Option<&'l str> {
    labels.iter().find(|(name, _)| **name == *key).map(|(_, value)| &**value)
}

impl fmt::Display for LabelSelector {
    /// As `kubectl --selector` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, Requirement { key, operator }) in self.requirements.iter().enumerate() {
            if position > 0 {
                f.write_str(",")?;
            }
            match operator {
                Operator::In(values) => match values.as_slice() {
                    [value] => write!(f, "{key}={value}")?,
                    values => write!(f, "{key} in ({})", values.join(","))?,
                },
                Operator::NotIn(values) => write!(f, "{key} notin ({})", values.join(","))?,
                Operator::Exists => write!(f, "{key}")?,
                Operator::DoesNotExist => write!(f, "!{key}")?,
                Operator::Unknown(operator) => write!(f, "{key} {operator}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::{Document, Limits, SourceText};

    fn selector(json: &str) -> LabelSelector {
        let source = Arc::new(SourceText::new("selector.json", json));
        let document = Document::from_json(source, &Limits::STANDARD).unwrap();
        LabelSelector::of(Some(document.root()), &mut Names::default())
    }

    fn labels(pairs: &[(&str, &str)]) -> Vec<(Name, Name)> {
        pairs.iter().map(|(key, value)| (Name::from(*key), Name::from(*value))).collect()
    }

    #[test]
    fn an_empty_and_an_absent_selector_select_everything() {
        for empty in ["{}", r#"{"matchLabels":{},"matchExpressions":[]}"#, r#"{"matchLabels":null}"#] {
            assert!(selector(empty).is_everything());
            assert!(selector(empty).matches(&[]));
        }
        assert!(LabelSelector::of(None, &mut Names::default()).is_everything());
    }

    #[test]
    fn operators_treat_an_absent_key_as_the_api_server_does() {
        let expression = |operator: &str, values: &str| {
            selector(&format!(r#"{{"matchExpressions":[{{"key":"a","operator":"{operator}","values":{values}}}]}}"#))
        };
        let (absent, one, two) = (labels(&[("b", "1")]), labels(&[("a", "1")]), labels(&[("a", "2")]));
        for (operator, values, expected) in [
            ("In", r#"["1"]"#, [false, true, false]),
            ("NotIn", r#"["1"]"#, [true, false, true]),
            ("Exists", "[]", [false, true, true]),
            ("DoesNotExist", "[]", [true, false, false]),
            ("Gt", r#"["0"]"#, [false, false, false]),
        ] {
            let selector = expression(operator, values);
            assert_eq!([&absent, &one, &two].map(|labels| selector.matches(labels)), expected, "{operator}");
        }
    }

    #[test]
    fn labels_and_expressions_must_all_hold() {
        let selector = selector(
            r#"{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["a","b"]},
                {"key":"off","operator":"DoesNotExist"},{"key":"on","operator":"Exists"}]}"#,
        );
        assert_eq!(selector.to_string(), "app=web,tier in (a,b),!off,on");
        assert!(selector.matches(&labels(&[("app", "web"), ("tier", "b"), ("on", "")])));
        assert!(!selector.matches(&labels(&[("app", "web"), ("tier", "c"), ("on", "")])));
        assert!(!selector.matches(&labels(&[("app", "web"), ("tier", "b"), ("on", ""), ("off", "")])));
    }

    #[test]
    fn labels_that_come_later_may_match() {
        let selector = selector(r#"{"matchLabels":{"app":"db","statefulset.kubernetes.io/pod-name":"db-0"}}"#);
        let is_open = |key: &str| key == "statefulset.kubernetes.io/pod-name";
        assert!(selector.may_match(&labels(&[("app", "db")]), is_open));
        assert!(!selector.may_match(&labels(&[("app", "web")]), is_open));
        assert!(!selector.may_match(&labels(&[("app", "db")]), |_| false));
    }

    fn small_labels() -> impl Strategy<Value = Vec<(Name, Name)>> {
        proptest::collection::btree_map("[ab]", "[xy]", 0..3)
            .prop_map(|map| map.into_iter().map(|(key, value)| (Name::from(key), Name::from(value))).collect())
    }

    fn small_selector() -> impl Strategy<Value = LabelSelector> {
        let values = || proptest::collection::vec("[xy]".prop_map(Name::from), 1..3);
        let operator = prop_oneof![
            values().prop_map(Operator::In),
            values().prop_map(Operator::NotIn),
            Just(Operator::Exists),
            Just(Operator::DoesNotExist),
        ];
        let requirement = ("[ab]", operator).prop_map(|(key, operator)| Requirement { key: key.into(), operator });
        proptest::collection::vec(requirement, 0..4).prop_map(|requirements| LabelSelector { requirements })
    }

    proptest! {
        #[test]
        fn a_requirement_and_its_opposite_part_all_label_sets(labels in small_labels(), selector in small_selector()) {
            for requirement in selector.requirements() {
                let opposite = match requirement.operator.clone() {
                    Operator::In(values) => Operator::NotIn(values),
                    Operator::NotIn(values) => Operator::In(values),
                    Operator::Exists => Operator::DoesNotExist,
                    Operator::DoesNotExist => Operator::Exists,
                    Operator::Unknown(_) => continue,
                };
                let opposite = Requirement { key: Name::clone(&requirement.key), operator: opposite };
                let value = find(&labels, &requirement.key);
                prop_assert_ne!(requirement.holds(value), opposite.holds(value));
            }
        }

        #[test]
        fn one_more_requirement_never_selects_more(labels in small_labels(), selector in small_selector()) {
            let mut wider = selector.clone();
            wider.requirements.pop();
            prop_assert!(!selector.matches(&labels) || wider.matches(&labels));
            prop_assert!(!selector.matches(&labels) || selector.may_match(&labels, |_| true));
            prop_assert_eq!(selector.matches(&labels), selector.may_match(&labels, |_| false));
        }
    }
}
