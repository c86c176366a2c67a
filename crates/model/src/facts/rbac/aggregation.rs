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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::facts::Origin;
    use crate::subject::Subject;
    use proptest::prelude::*;

    /// A ClusterRole with the label `id: N` for each of `labels`; it aggregates `id: N` for each of `aggregates`.
    fn role(name: usize, labels: &[usize], aggregates: Option<&[usize]>) -> Role {
        let pair = |label: &usize| (Name::from(format!("id{label}")), Name::from("true"));
        let selector = |label: &usize| LabelSelector { labels: Box::new([pair(label)]), expressions: Box::default() };
        Role {
            origin: Origin {
                subject: Subject {
                    api_version: "rbac.authorization.k8s.io/v1".into(),
                    kind: "ClusterRole".into(),
                    namespace: "".into(),
                    name: name.to_string().into(),
                },
                evidence: Evidence::default(),
            },
            rules: std::sync::Arc::default(),
            labels: labels.iter().map(pair).collect(),
            aggregates: aggregates.map(|aggregates| aggregates.iter().map(selector).collect()),
            is_bootstrap: false,
        }
    }

    /// The result with names instead of positions.
    fn by_name(roles: &[Role]) -> BTreeMap<String, Vec<String>> {
        let name = |position: usize| roles[position].origin.name().to_owned();
        let sorted = |sources: Vec<usize>| {
            let mut names: Vec<_> = sources.into_iter().map(name).collect();
            names.sort();
            names
        };
        resolve(roles).into_iter().map(|(position, sources)| (name(position), sorted(sources))).collect()
    }

    /// What the controller does, step by step: copy the rules of matched roles until nothing changes. A plain role has
    /// one rule: its own name.
    fn by_copying(roles: &[Role]) -> BTreeMap<String, Vec<String>> {
        let name = |role: &Role| role.origin.name().to_owned();
        let mut rules: BTreeMap<String, Vec<String>> = roles
            .iter()
            .map(|role| (name(role), if role.aggregates.is_some() { Vec::new() } else { vec![name(role)] }))
            .collect();
        loop {
            let before = rules.clone();
            for role in roles {
                let Some(selectors) = &role.aggregates else { continue };
                let matched = roles.iter().filter(|other| {
                    name(other) != name(role) && selectors.iter().any(|selector| selector.matches(&other.labels))
                });
                let mut copied: Vec<String> = matched.flat_map(|other| rules[&name(other)].clone()).collect();
                copied.sort();
                copied.dedup();
                rules.insert(name(role), copied);
            }
            if before == rules {
                rules
                    .retain(|name, _| roles.iter().any(|role| role.origin.name() == name && role.aggregates.is_some()));
                return rules;
            }
        }
    }

    fn roles() -> impl Strategy<Value = Vec<Role>> {
        let labels = || prop::collection::vec(0_usize..6, 0..3);
        prop::collection::vec((labels(), prop::option::of(labels())), 0..12).prop_map(|roles| {
            let numbered = roles.iter().enumerate();
            numbered.map(|(name, (labels, aggregates))| role(name, labels, aggregates.as_deref())).collect()
        })
    }

    proptest! {
        #[test]
        fn resolving_gives_what_copying_until_nothing_changes_gives(roles in roles()) {
            prop_assert_eq!(by_name(&roles), by_copying(&roles));
        }

        #[test]
        fn the_order_of_roles_does_not_matter((roles, shuffled) in roles().prop_flat_map(|roles| {
            (Just(roles.clone()), Just(roles).prop_shuffle())
        })) {
            prop_assert_eq!(by_name(&roles), by_name(&shuffled));
        }
    }

    #[test]
    fn aggregating_roles_that_match_each_other_end() {
        let roles = [role(0, &[1], Some(&[2])), role(1, &[2], Some(&[1, 3])), role(2, &[3], None)];
        let expected = vec!["2".to_owned()];
        assert_eq!(by_name(&roles), BTreeMap::from([("0".into(), expected.clone()), ("1".into(), expected)]));
    }

    #[test]
    fn selectors_are_read_as_the_api_server_reads_them() {
        let matches = |selector: &str, labels: &[(&str, &str)]| {
            let source = std::sync::Arc::new(crate::source::SourceText::new("selector.yaml", selector));
            let (documents, error) = crate::Document::all_from_yaml(&source, &crate::Limits::STANDARD);
            assert_eq!(error, None);
            let labels: Vec<_> = labels.iter().map(|(key, value)| (Name::from(*key), Name::from(*value))).collect();
            LabelSelector::read(documents[0].root(), &mut Names::default()).matches(&labels)
        };
        assert!(matches("{}", &[]));
        assert!(matches("{matchLabels: {a: b}}", &[("a", "b"), ("c", "d")]));
        assert!(!matches("{matchLabels: {a: b}}", &[("a", "c")]));
        assert!(matches("{matchExpressions: [{key: a, operator: In, values: [b, c]}]}", &[("a", "c")]));
        assert!(!matches("{matchExpressions: [{key: a, operator: In, values: [b]}]}", &[]));
        assert!(matches("{matchExpressions: [{key: a, operator: NotIn, values: [b]}]}", &[]));
        assert!(matches("{matchExpressions: [{key: a, operator: Exists}]}", &[("a", "")]));
        assert!(matches("{matchExpressions: [{key: a, operator: DoesNotExist}]}", &[("b", "")]));
        assert!(!matches("{matchExpressions: [{key: a, operator: Like}]}", &[("a", "b")]));
    }
}
