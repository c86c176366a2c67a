//! All powers, and sets of them.

use std::fmt;

use rampart_model::facts::rbac::{Clause, PolicyRule};

use super::power::Power;

pub(crate) const ALL: [&Power; 20] = [
    &super::escalate_roles::POWER,
    &super::bind_roles::POWER,
    &super::impersonate::POWER,
    &super::read_secrets::POWER,
    &super::exec_in_pods::POWER,
    &super::reach_kubelets::POWER,
    &super::issue_tokens::POWER,
    &super::approve_certificates::POWER,
    &super::change_webhooks::POWER,
    &super::register_apis::POWER,
    &super::debug_pods::POWER,
    &super::create_workloads::POWER,
    &super::write_secrets::POWER,
    &super::manage_roles::POWER,
    &super::label_namespaces::POWER,
    &super::change_nodes::POWER,
    &super::create_persistent_volumes::POWER,
    &super::change_admission_policies::POWER,
    &super::forward_ports::POWER,
    &super::erase_events::POWER,
];

/// A set of powers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Powers(u32);

impl Powers {
    pub(crate) const NONE: Powers = Powers(0);
    pub(crate) const EVERYTHING: Powers = Powers((1 << ALL.len()) - 1);

    pub(crate) fn of(rule: &impl Clause, is_cluster_role: bool) -> Self {
        let bits = ALL.iter().zip(0u32..).filter(|(power, _)| power.is_granted_by(rule, is_cluster_role));
        Self(bits.fold(0, |bits, (_, position)| bits | 1 << position))
    }

    /// Limits by name are kept out: what a rule gives on one named object is seldom what it gives on all.
    pub(crate) fn of_rules(rules: &[PolicyRule], is_cluster_role: bool) -> Self {
        let unlimited = rules.iter().filter(|rule| !rule.is_limited_to_names());
        unlimited.fold(Self::NONE, |powers, rule| powers.with(Self::of(rule, is_cluster_role)))
    }

    pub(crate) fn these(powers: &[&'static Power]) -> Self {
        let bits = ALL.iter().zip(0u32..).filter(|(one, _)| powers.iter().any(|power| std::ptr::eq(**one, *power)));
        Self(bits.fold(0, |bits, (_, position)| bits | 1 << position))
    }

    /// The powers that lie outside of every namespace.
    pub(crate) fn cluster_scoped() -> Self {
        let bits = ALL.iter().zip(0u32..).filter(|(power, _)| power.asks.iter().all(|ask| !ask.is_namespaced));
        Self(bits.fold(0, |bits, (_, position)| bits | 1 << position))
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Those that end in the whole cluster.
    pub(crate) fn grave() -> Self {
        Self::EVERYTHING.without(Self::these(&[
            &super::change_admission_policies::POWER,
            &super::change_nodes::POWER,
            &super::create_persistent_volumes::POWER,
            &super::erase_events::POWER,
            &super::forward_ports::POWER,
            &super::label_namespaces::POWER,
            &super::manage_roles::POWER,
            &super::write_secrets::POWER,
        ]))
    }

    pub(crate) fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn iter(self) -> impl Iterator<Item = &'static Power> {
        ALL.into_iter().zip(0u32..).filter(move |(_, position)| self.0 >> position & 1 == 1).map(|(power, _)| power)
    }
}

impl fmt::Display for Powers {
    /// The three gravest, and how many there are beside them: `read Secrets, run commands in containers and 4 more`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::EVERYTHING {
            return f.write_str("do everything");
        }
        let all: Vec<_> = self.iter().map(|power| power.can).collect();
        let shown: Vec<_> = all.iter().take(3).copied().collect();
        f.write_str(&shown.join(", "))?;
        match all.len().saturating_sub(shown.len()) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
