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
