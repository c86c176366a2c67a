//! Which namespaces a scan has seen: a folder holds some of a cluster, and says nothing of the rest.

use std::collections::HashSet;

use rampart_model::Facts;

pub(crate) struct Places<'f> {
    /// True where a namespace that was not seen is not there: a cluster, or a folder that describes its namespaces.
    is_complete: bool,
    seen: HashSet<&'f str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Seen,
    /// Not there.
    Gone,
    /// Not scanned: it may be there.
    Elsewhere,
}

impl<'f> Places<'f> {
    pub(crate) fn new(facts: &'f Facts) -> Self {
        let described = facts.namespaces.namespaces.iter().map(|namespace| namespace.origin.name());
        let accounts = facts.namespaces.service_accounts.iter().map(|account| account.origin.namespace());
        let workloads = facts.workloads.workloads.iter().map(|workload| workload.origin.namespace());
        Self {
            is_complete: facts.is_cluster || !facts.namespaces.namespaces.is_empty(),
            seen: described.chain(accounts).chain(workloads).collect(),
        }
    }

    pub(crate) fn find(&self, namespace: &str) -> Place {
        match namespace {
            _ if self.seen.contains(namespace) => Place::Seen,
            "default" | "kube-system" | "kube-public" | "kube-node-lease" => Place::Elsewhere,
            _ if self.is_complete => Place::Gone,
            _ => Place::Elsewhere,
        }
    }
}
