//! A namespace with all that stands in it, whether or not the Namespace object itself was seen.

use std::collections::BTreeMap;

use super::selection::Selection;
use rampart_model::facts::namespaces::Namespace;
use rampart_model::facts::network::{NetworkPolicy, Service, TierPolicy, Traffic};
use rampart_model::facts::workloads::Workload;
use rampart_model::{Evidence, Facts, LabelSelector, Name, PartState, Settings, Subject};

pub(crate) struct Space<'f> {
    pub(crate) name: &'f str,
    pub(crate) object: Option<&'f Namespace>,
    /// What runs pods in it.
    pub(crate) workloads: Vec<&'f Workload>,
    pub(crate) policies: Vec<&'f NetworkPolicy>,
    pub(crate) services: Vec<&'f Service>,
    tiers: Vec<&'f TierPolicy>,
    /// The first policy of a kind that is not evaluated and may reach into this namespace, as `Kind/name`.
    pub(crate) foreign_policy: Option<&'f Subject>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Ingress,
    Egress,
}

impl Direction {
    pub(crate) const ALL: [Direction; 2] = [Self::Ingress, Self::Egress];

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }

    pub(crate) fn of(self, policy: &NetworkPolicy) -> Traffic {
        match self {
            Self::Ingress => policy.ingress,
            Self::Egress => policy.egress,
        }
    }

    fn is_denied_by(self, policy: &TierPolicy) -> bool {
        match self {
            Self::Ingress => policy.denies_ingress,
            Self::Egress => policy.denies_egress,
        }
    }
}

/// Namespaces of Kubernetes, its network and its distributions, whose contents answer to the cluster and not to its users.
pub(crate) fn is_system(namespace: &str) -> bool {
    const NAMES: [&str; 8] = [
        "calico-system",
        "gke-managed-system",
        "gmp-system",
        "kube-flannel",
        "kube-node-lease",
        "kube-public",
        "kube-system",
        "tigera-operator",
    ];
    NAMES.contains(&namespace) || namespace.starts_with("openshift-")
}

/// Every wanted namespace that is named by an object, in the order of names.
pub(crate) fn all<'f>(facts: &'f Facts, settings: &Settings) -> Vec<Space<'f>> {
    let mut spaces: BTreeMap<&str, Space<'_>> = BTreeMap::new();
    fn at<'s, 'f>(spaces: &'s mut BTreeMap<&'f str, Space<'f>>, name: &'f str) -> &'s mut Space<'f> {
        spaces.entry(name).or_insert_with(|| Space::new(name))
    }
    for namespace in &facts.namespaces.namespaces {
        at(&mut spaces, namespace.origin.name()).object.get_or_insert(namespace);
    }
    for workload in facts.workloads.workloads.iter().filter(|workload| workload.runs()) {
        at(&mut spaces, workload.origin.namespace()).workloads.push(workload);
    }
    for policy in &facts.network.policies {
        at(&mut spaces, policy.origin.namespace()).policies.push(policy);
    }
    for service in &facts.network.services {
        at(&mut spaces, service.origin.namespace()).services.push(service);
    }
    // A custom kind without namespace in its manifest is not placed.
    spaces.remove("");
    spaces.retain(|name, _| settings.wants(name));
    let clusterwide = facts.network.foreign_policies.iter().find(|policy| policy.namespace().is_empty());
    for policy in &facts.network.foreign_policies {
        if let Some(space) = spaces.get_mut(policy.namespace()) {
            space.foreign_policy.get_or_insert(&policy.subject);
        }
    }
    let mut spaces: Vec<_> = spaces.into_values().collect();
    for space in &mut spaces {
        space.foreign_policy = space.foreign_policy.or(clusterwide.map(|policy| &policy.subject));
        let tiers = facts.network.tier_policies.iter().filter(|policy| policy.is_baseline);
        space.tiers = tiers.filter(|policy| space.is_selected(&policy.namespaces)).collect();
    }
    spaces
}

/// The wanted namespaces that have workloads of users.
pub(crate) fn judged<'f>(facts: &'f Facts, settings: &Settings) -> Vec<Space<'f>> {
    let mut spaces = all(facts, settings);
    spaces.retain(|space| !space.workloads.is_empty() && !is_system(space.name));
    spaces
}

impl<'f> Space<'f> {
    fn new(name: &'f str) -> Self {
        Self {
            name,
            object: None,
            workloads: Vec::new(),
            policies: Vec::new(),
            services: Vec::new(),
            tiers: Vec::new(),
            foreign_policy: None,
        }
    }

    pub(crate) fn subject(&self) -> Subject {
        Subject::namespace(self.name)
    }

    /// The Namespace object, or the first thing that stands in the namespace.
    pub(crate) fn evidence(&self) -> Evidence {
        let object = self.object.map(|namespace| &namespace.origin);
        let origin = object.or_else(|| self.workloads.first().map(|workload| &workload.origin));
        origin.map(|origin| origin.evidence.clone()).unwrap_or_default()
    }

    /// True where a selector of namespaces takes this one. The API server labels each with its name.
    pub(crate) fn is_selected(&self, selector: &LabelSelector) -> bool {
        const NAME: &str = "kubernetes.io/metadata.name";
        let mut labels: Vec<(Name, Name)> = self.object.map(|namespace| namespace.labels.clone()).unwrap_or_default();
        if labels.iter().all(|(key, _)| &**key != NAME) {
            labels.push((NAME.into(), self.name.into()));
        }
        selector.matches(&labels)
    }

    /// Whether all pods are closed in this direction, but for what rules open.
    pub(crate) fn default_deny(&self, direction: Direction) -> PartState {
        let mut total =
            self.policies.iter().filter(|policy| policy.pods.is_everything()).map(|policy| direction.of(policy));
        let is_opened = total.clone().any(|traffic| traffic == Traffic::Unlimited);
        let is_closed = total.any(|traffic| traffic == Traffic::Limited)
            || self.tiers.iter().any(|tier| tier.pods.is_everything() && direction.is_denied_by(tier));
        match (is_closed && !is_opened, self.foreign_policy) {
            (true, _) => PartState::Met,
            (false, None) => PartState::Missing,
            (false, Some(_)) => PartState::Unknown,
        }
    }

    /// For each workload, whether some policy speaks of ingress and of egress of its pods.
    pub(crate) fn coverage(&self) -> Vec<[PartState; 2]> {
        let open = if self.foreign_policy.is_some() { PartState::Unknown } else { PartState::Missing };
        let mut coverage = vec![[open; 2]; self.workloads.len()];
        let selection = Selection::of(&self.workloads);
        let mut cover = |selector: &LabelSelector, ways: [bool; 2]| {
            for position in selection.positions(selector) {
                let Some(states) = coverage.get_mut(position) else { continue };
                for (state, is_closed) in states.iter_mut().zip(ways) {
                    if is_closed {
                        *state = PartState::Met;
                    }
                }
            }
        };
        for policy in &self.policies {
            cover(&policy.pods, Direction::ALL.map(|direction| direction.of(policy) != Traffic::Untouched));
        }
        for tier in &self.tiers {
            cover(&tier.pods, Direction::ALL.map(|direction| direction.is_denied_by(tier)));
        }
        coverage
    }
}
