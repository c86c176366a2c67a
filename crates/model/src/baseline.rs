//! What every namespace with workloads should have, and how much of it one has.

/// One thing that a complete namespace has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BaselinePart {
    ResourceQuota,
    LimitRange,
    PodSecurityLabels,
    DefaultDenyIngress,
    DefaultDenyEgress,
    OwnServiceAccounts,
    NoDefaultToken,
}

impl BaselinePart {
    pub const ALL: [BaselinePart; 7] = [
        Self::ResourceQuota,
        Self::LimitRange,
        Self::PodSecurityLabels,
        Self::DefaultDenyIngress,
        Self::DefaultDenyEgress,
        Self::OwnServiceAccounts,
        Self::NoDefaultToken,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Self::ResourceQuota => "resource_quota",
            Self::LimitRange => "limit_range",
            Self::PodSecurityLabels => "pod_security_labels",
            Self::DefaultDenyIngress => "default_deny_ingress",
            Self::DefaultDenyEgress => "default_deny_egress",
            Self::OwnServiceAccounts => "own_service_accounts",
            Self::NoDefaultToken => "no_default_token",
        }
    }

    /// The name for people, as something to have.
    pub fn title(self) -> &'static str {
        match self {
            Self::ResourceQuota => "resource quota",
            Self::LimitRange => "limit range",
            Self::PodSecurityLabels => "Pod Security label",
            Self::DefaultDenyIngress => "default deny of ingress",
            Self::DefaultDenyEgress => "default deny of egress",
            Self::OwnServiceAccounts => "a service account for each workload",
            Self::NoDefaultToken => "no mounted token of the default service account",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartState {
    Met,
    Missing,
    /// What would tell could not be seen.
    Unknown,
}

impl PartState {
    pub fn id(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
        }
    }
}

/// A namespace with workloads, measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceBaseline {
    pub namespace: String,
    /// In the order of [`BaselinePart::ALL`].
    pub parts: Vec<(BaselinePart, PartState)>,
}

impl NamespaceBaseline {
    pub fn state(&self, part: BaselinePart) -> PartState {
        self.parts.iter().find(|(name, _)| *name == part).map_or(PartState::Unknown, |(_, state)| *state)
    }

    pub fn count(&self, wanted: PartState) -> usize {
        self.parts.iter().filter(|(_, state)| *state == wanted).count()
    }

    /// 0 to 100: the share of the parts that could be seen which are there, rounded down. None where none could be seen.
    pub fn score(&self) -> Option<u8> {
        let (met, missing) = (self.count(PartState::Met), self.count(PartState::Missing));
        let seen = met + missing;
        (seen > 0).then(|| u8::try_from(met * 100 / seen).unwrap_or(100))
    }

    pub fn is_complete(&self) -> bool {
        self.count(PartState::Met) == self.parts.len()
    }
}
