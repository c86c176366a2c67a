//! Which workloads of a namespace a selector takes, without trying each: thousands of policies and Services may stand
//! beside thousands of workloads.

use std::collections::HashMap;

use rampart_model::LabelSelector;
use rampart_model::facts::workloads::{Workload, is_runtime_label};
use rampart_model::selector::Operator;

pub(crate) struct Selection<'s, 'f> {
    workloads: &'s [&'f Workload],
    by_label: HashMap<(&'f str, &'f str), Vec<usize>>,
    /// Custom kinds, whose pods may get any label.
    open: Vec<usize>,
}

impl<'s, 'f> Selection<'s, 'f> {
    pub(crate) fn of(workloads: &'s [&'f Workload]) -> Self {
        let mut by_label: HashMap<_, Vec<_>> = HashMap::new();
        let mut open = Vec::new();
        for (position, workload) in workloads.iter().copied().enumerate() {
            for (key, value) in &workload.labels {
                by_label.entry((&**key, &**value)).or_default().push(position);
            }
            if !workload.is_builtin() {
                open.push(position);
            }
        }
        Self { workloads, by_label, open }
    }

    /// Positions of the workloads that the selector takes or may take; an open workload may come twice.
    pub(crate) fn positions(&self, selector: &LabelSelector) -> Vec<usize> {
        let takes =
            |position: &usize| self.workloads.get(*position).is_some_and(|workload| workload.may_be_selected(selector));
        // Any requirement that names values narrows the search.
        let named = selector.requirements().iter().find_map(|requirement| match &requirement.operator {
            Operator::In(values) if !is_runtime_label(&requirement.key) => Some((&*requirement.key, values)),
            _ => None,
        });
        let Some((key, values)) = named else { return (0..self.workloads.len()).filter(takes).collect() };
        let labelled = values.iter().filter_map(|value| self.by_label.get(&(key, &**value))).flatten();
        labelled.chain(&self.open).copied().filter(takes).collect()
    }

    pub(crate) fn is_empty(&self, selector: &LabelSelector) -> bool {
        self.positions(selector).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use rampart_model::{Document, Facts, Limits, Names, Object, SourceText};

    use super::*;

    fn documents(yaml: String) -> Vec<Document> {
        let (documents, error) = Document::all_from_yaml(&Arc::new(SourceText::new("x.yaml", yaml)), &Limits::STANDARD);
        assert_eq!(error, None);
        documents
    }

    fn map(labels: &[(String, String)]) -> String {
        let labels: Vec<_> = labels.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{{{}}}", labels.join(", "))
    }

    fn selector(labels: &[(String, String)], expression: &str) -> LabelSelector {
        let documents = documents(format!("{{matchLabels: {}, matchExpressions: [{expression}]}}", map(labels)));
        LabelSelector::of(Some(documents[0].root()), &mut Names::default())
    }

    fn facts(workloads: &[(String, Vec<(String, String)>)]) -> Facts {
        let mut facts = Facts::default();
        for (api_version, labels) in workloads {
            let labels = map(labels);
            let documents = documents(format!(
                "apiVersion: {api_version}\nkind: Deployment\nmetadata: {{name: a}}\nspec:\n  template:\n    metadata: \
                 {{labels: {labels}}}\n    spec: {{containers: [{{name: a}}]}}\n"
            ));
            documents.iter().flat_map(Object::all).for_each(|object| facts.fold(&object));
        }
        facts
    }

    fn labels() -> impl Strategy<Value = Vec<(String, String)>> {
        let map = proptest::collection::btree_map("a|b|job-name", "[pq]", 0..3);
        map.prop_map(|map| map.into_iter().collect())
    }

    proptest! {
        #[test]
        fn the_same_workloads_are_found_as_by_trying_each(
            workloads in proptest::collection::vec(("apps/v1|a[.]example/v1", labels()), 0..6),
            wanted in labels(),
            expression in prop_oneof![
                Just(""),
                Just("{key: a, operator: In, values: [p, q]}"),
                Just("{key: b, operator: NotIn, values: [p]}"),
                Just("{key: a, operator: Exists}"),
            ],
        ) {
            let facts = facts(&workloads);
            let workloads: Vec<_> = facts.workloads.workloads.iter().collect();
            let selector = selector(&wanted, expression);
            let selection = Selection::of(&workloads);
            let mut found = selection.positions(&selector);
            found.sort_unstable();
            found.dedup();
            let expected: Vec<_> =
                (0..workloads.len()).filter(|position| workloads[*position].may_be_selected(&selector)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
