//! Aggregating ClusterRoles: which roles each of them takes its rules from, in the end.
//!
//! The controller of Kubernetes copies the rules of every role that a selector matches, again and again, until nothing
//! changes; so the rules of a role come from every plain role that it reaches over any number of aggregating ones.

use std::collections::{BTreeMap, HashMap};

use super::Role;
use crate::selector::{LabelSelector, Operator};

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
    // One label that must be there leaves few roles to ask.
    let wanted = selector.requirements().iter().find_map(|requirement| match &requirement.operator {
        Operator::In(values) => Some((&*requirement.key, &**values.first().filter(|_| values.len() == 1)?)),
        _ => None,
    });
    match wanted {
        Some(label) => by_label.get(&label).into_iter().flatten().copied().filter(is_matched).collect(),
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
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::facts::Origin;
    use crate::{Document, Evidence, Limits, Name, Names, SourceText, Subject};

    /// A ClusterRole with the label `id: N` for each of `labels`; it aggregates `id: N` for each of `aggregates`.
    fn role(name: usize, labels: &[usize], aggregates: Option<&[usize]>) -> Role {
        let pair = |label: &usize| (Name::from(format!("id{label}")), Name::from("true"));
        let selector = |label: &usize| {
            let json = format!(r#"{{"matchLabels":{{"id{label}":"true"}}}}"#);
            let source = Arc::new(SourceText::new("selector.json", json.as_str()));
            let document = Document::from_json(source, &Limits::STANDARD).unwrap();
            LabelSelector::of(Some(document.root()), &mut Names::default())
        };
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
            rules: Arc::default(),
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
}
