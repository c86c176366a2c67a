//! Aggregating ClusterRoles: which roles each of them takes its rules from, in the end.
//!
//! The controller of Kubernetes copies the rules of every role that a selector matches, again and again, until nothing
//! changes; so the rules of a role come from every plain role that it reaches over any number of aggregating ones.

use std::collections::{BTreeMap, HashMap};

use super::Role;
use crate::document::Value;
use crate::name::{Name, Names};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelSelector {
    labels: Box<[(Name, Name)]>,
    expressions: Box<[Expression]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Expression {
    key: Name,
    operator: Operator,
    values: Box<[Name]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
    /// Not an operator of Kubernetes: such a selector matches nothing.
    Invalid,
}

impl LabelSelector {
    pub fn read(selector: Value<'_>, names: &mut Names) -> Self {
        let labels = crate::object::pairs(selector.field("matchLabels"))
            .map(|(key, value)| (names.intern(key), names.intern(value)))
            .collect();
        let expressions = super::items(selector.field("matchExpressions"))
            .map(|expression| Expression {
                key: names.intern(expression.text_at(&["key"]).unwrap_or("")),
                operator: match expression.text_at(&["operator"]) {
                    Some("In") => Operator::In,
                    Some("NotIn") => Operator::NotIn,
                    Some("Exists") => Operator::Exists,
                    Some("DoesNotExist") => Operator::DoesNotExist,
                    _ => Operator::Invalid,
                },
                values: super::items(expression.field("values"))
                    .filter_map(Value::str)
                    .map(|value| names.intern(value))
                    .collect(),
            })
            .collect();
        Self { labels, expressions }
    }

    /// An empty selector matches everything.
    pub fn matches(&self, labels: &[(Name, Name)]) -> bool {
        let value = |key: &Name| labels.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        self.labels.iter().all(|(key, wanted)| value(key) == Some(wanted))
            && self.expressions.iter().all(|expression| {
                let found = value(&expression.key);
                match expression.operator {
                    Operator::In => found.is_some_and(|found| expression.values.contains(found)),
                    Operator::NotIn => found.is_none_or(|found| !expression.values.contains(found)),
                    Operator::Exists => found.is_some(),
                    Operator::DoesNotExist => found.is_none(),
                    Operator::Invalid => false,
                }
            })
    }
}

/// For each aggregating role, by its position in `roles`, the positions of the plain roles that its rules come from, in
/// ascending order.
pub fn resolve(roles: &[Role]) -> BTreeMap<usize, Vec<usize>> {
    let mut by_label: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (position, role) in roles.iter().enumerate() {
        for (key, value) in &role.labels {
            by_label.entry((key, value)).or_default().push(position);
        }
    }
    let direct: BTreeMap<usize, Vec<usize>> = roles
        .iter()
        .enumerate()
        .filter_map(|(position, role)| Some((position, role.aggregates.as_deref()?)))
        .map(|(position, selectors)| {
            let mut matched: Vec<usize> = selectors
                .iter()
                .flat_map(|selector| matched_by(selector, roles, &by_label))
                .filter(|other| *other != position)
                .collect();
            matched.sort_unstable();
            matched.dedup();
            (position, matched)
        })
        .collect();
    direct.keys().map(|position| (*position, reached(*position, &direct, roles.len()))).collect()
}

fn matched_by(selector: &LabelSelector, roles: &[Role], by_label: &HashMap<(&str, &str), Vec<usize>>) -> Vec<usize> {
    let is_matched = |position: &usize| {
        roles
            .get(*position)
            .is_some_and(|role| &*role.origin.subject.kind == "ClusterRole" && selector.matches(&role.labels))
    };
    match selector.labels.first() {
        Some((key, value)) => {
            by_label.get(&(&**key, &**value)).into_iter().flatten().copied().filter(is_matched).collect()
        }
        None => (0..roles.len()).filter(is_matched).collect(),
    }
}

/// The plain roles that can be reached from `start`; aggregating ones on the way are passed through.
fn reached(start: usize, direct: &BTreeMap<usize, Vec<usize>>, count: usize) -> Vec<usize> {
    let mut seen = vec![false; count];
    let mut plain = Vec::new();
    let mut open = vec![start];
    while let Some(position) = open.pop() {
        for next in direct.get(&position).into_iter().flatten() {
            if let Some(seen) = seen.get_mut(*next)
                && !std::mem::replace(seen, true)
            {
                if direct.contains_key(next) { open.push(*next) } else { plain.push(*next) }
            }
        }
    }
    plain.sort_unstable();
    plain
}
