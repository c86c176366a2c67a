//! A rule: what is asked, why it matters, how it is put right, and the function that answers.

use crate::control::Control;
use crate::facts::Facts;
use crate::finding::Finding;
use crate::gap::Gap;
use crate::object::Object;
use crate::reporter::Reporter;
use crate::severity::Severity;
use crate::workload::Pod;

/// Rules are constants; ids like `rbac/wildcard-verb` are forever.
#[derive(Debug)]
pub struct Rule {
    pub id: &'static str,
    pub control: Control,
    pub severity: Severity,
    /// The problem in a few words, as a heading.
    pub title: &'static str,
    /// What an attacker or an accident does with it.
    pub why: &'static str,
    /// What to change.
    pub fix: &'static str,
    pub maps_to: &'static [Mapping],
    pub check: Check,
}

/// A place in a public standard, by number or name only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mapping(pub Standard, pub &'static str);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standard {
    /// CIS Kubernetes Benchmark 1.12.
    CisKubernetes,
    CisDocker,
    PodSecurityStandards,
    /// NSA and CISA, Kubernetes Hardening Guide 1.2, by section name.
    NsaCisa,
    MitreAttack,
}

impl Standard {
    pub fn title(self) -> &'static str {
        match self {
            Self::CisKubernetes => "CIS Kubernetes",
            Self::CisDocker => "CIS Docker",
            Self::PodSecurityStandards => "Pod Security Standards",
            Self::NsaCisa => "NSA/CISA",
            Self::MitreAttack => "MITRE ATT&CK",
        }
    }
}

/// What a rule may look at is its type.
#[derive(Debug)]
pub enum Check {
    /// One object at a time, without sight of others; may also run at admission. Each object counts as examined.
    Object { kinds: Kinds, run: fn(&Object<'_>, &mut Reporter<'_>) },
    /// The pod of a Pod or of anything that makes pods. Each counts as examined.
    Pod { run: fn(&Pod<'_>, &mut Reporter<'_>) },
    /// What all objects together say. The rule counts what it examined.
    Cluster { run: fn(&Facts, &mut Reporter<'_>) },
    /// About the waivers themselves, asked when all findings are known.
    Waivers,
    /// Cannot be seen from objects: the command that would check it.
    Elsewhere { command: &'static str },
}

/// The kinds that an object rule is asked about, as `Kind` (core and well-known groups) or `group/Kind`.
#[derive(Debug, Clone, Copy)]
pub enum Kinds {
    All,
    Of(&'static [&'static str]),
}

impl Kinds {
    pub fn include(self, object: &Object<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Of(kinds) => kinds.iter().any(|wanted| match wanted.rsplit_once('/') {
                Some((group, kind)) => object.kind() == kind && object.group() == group,
                None => object.kind() == *wanted,
            }),
        }
    }
}

/// The answer of one rule.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    /// Subjects looked at.
    pub examined: u64,
    pub findings: Vec<Finding>,
    pub gaps: Vec<Gap>,
}

impl Outcome {
    pub fn merge(&mut self, other: Outcome) {
        self.examined += other.examined;
        match self.findings.is_empty() {
            true => self.findings = other.findings,
            false => self.findings.extend(other.findings),
        }
        other.gaps.into_iter().for_each(|gap| self.gap(gap));
    }

    /// Records a gap once: readers beside each other meet the same one, and how many readers there were leaves no trace.
    pub fn gap(&mut self, gap: Gap) {
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }
}
