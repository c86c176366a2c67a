//! What a rule's function speaks to: it knows the rule, and fills its [`Outcome`].

use std::borrow::Cow;

use jiff::civil::Date;

use crate::evidence::Evidence;
use crate::facts::Facts;
use crate::finding::Finding;
use crate::gap::Gap;
use crate::path::FieldPath;
use crate::redact;
use crate::remedy::Remedy;
use crate::rule::{Outcome, Rule};
use crate::settings::Settings;
use crate::severity::Severity;
use crate::subject::Subject;

pub struct Reporter<'a> {
    rule: &'static Rule,
    settings: &'a Settings,
    outcome: &'a mut Outcome,
    /// The object at hand, by names that are shared with other objects: findings about it keep no names of their own.
    about: Option<&'a Subject>,
}

impl<'a> Reporter<'a> {
    pub fn new(rule: &'static Rule, settings: &'a Settings, outcome: &'a mut Outcome) -> Self {
        Self { rule, settings, outcome, about: None }
    }

    /// The same for an object whose names are known already.
    #[must_use]
    pub fn about(self, subject: &'a Subject) -> Self {
        Self { about: Some(subject), ..self }
    }

    pub fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// Counts subjects that a cluster rule looked at.
    pub fn examined(&mut self, count: usize) {
        self.outcome.examined += count as u64;
    }

    /// Takes back the count of the object at hand: the rule's question does not arise for it.
    pub fn not_concerned(&mut self) {
        self.outcome.examined = self.outcome.examined.saturating_sub(1);
    }

    /// Reports one finding; the returned entry takes remedies and other refinements.
    pub fn finding(
        &mut self,
        subject: &Subject,
        evidence: impl Into<Evidence>,
        key: impl Into<String>,
        message: impl Into<String>,
    ) -> Entry<'_> {
        self.outcome.findings.push(Finding {
            rule: self.rule.id,
            control: self.rule.control,
            severity: self.rule.severity,
            subject: self.about.filter(|about| *about == subject).unwrap_or(subject).clone(),
            key: masked(key.into()),
            message: masked(message.into()),
            evidence: Box::new(evidence.into()),
            remedies: Vec::new(),
            cause: None,
            due: None,
        });
        Entry(self.outcome.findings.last_mut())
    }

    /// Says what could not be seen, and what would show it.
    pub fn gap(&mut self, reason: impl Into<String>, remedy: impl Into<String>) {
        let gap = Gap { control: self.rule.control, rule: self.rule.id, reason: reason.into(), remedy: remedy.into() };
        self.outcome.gap(gap);
    }

    /// True where all `kinds` could be listed; else records a gap for each that could not.
    pub fn sees(&mut self, facts: &Facts, kinds: &[&str]) -> bool {
        let unseen: Vec<_> = kinds.iter().filter_map(|kind| facts.unseen.get(*kind).map(|why| (*kind, why))).collect();
        for (kind, why) in &unseen {
            self.gap(
                format!("`{kind}` could not be read: {why}"),
                format!("grant `list` on `{kind}` to the scanning account"),
            );
        }
        unseen.is_empty()
    }
}

/// The last fence: names that people gave may themselves be tokens.
fn masked(text: String) -> String {
    match redact::mask_tokens(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => masked,
    }
}

/// The finding just reported.
pub struct Entry<'f>(Option<&'f mut Finding>);

impl Entry<'_> {
    fn with(mut self, change: impl FnOnce(&mut Finding)) -> Self {
        if let Some(finding) = self.0.as_deref_mut() {
            change(finding);
        }
        self
    }

    /// The field that the evidence names.
    fn path(&self) -> Option<FieldPath> {
        self.0.as_deref().map(|finding| finding.evidence.path.clone())
    }

    pub fn severity(self, severity: Severity) -> Self {
        self.with(|finding| finding.severity = severity)
    }

    /// Adds a change that (together with the others) removes the finding.
    pub fn remedy(self, remedy: Remedy) -> Self {
        self.with(|finding| {
            // Nearly always there is one, and findings are kept by the hundred thousand.
            finding.remedies.reserve_exact(1);
            finding.remedies.push(remedy);
        })
    }

    /// Sets the field that the evidence names.
    pub fn set(self, json: &str) -> Self {
        match self.path() {
            Some(path) => self.remedy(Remedy::Set { path, json: json.to_owned() }),
            None => self,
        }
    }

    /// Removes the field that the evidence names.
    pub fn remove(self) -> Self {
        match self.path() {
            Some(path) => self.remedy(Remedy::Remove { path }),
            None => self,
        }
    }

    /// The day that it is about.
    pub fn due(self, day: impl Into<Option<Date>>) -> Self {
        self.with(|finding| finding.due = day.into())
    }

    pub fn cause(self, cause: &Subject) -> Self {
        self.with(|finding| finding.cause = Some(Box::new(cause.clone())))
    }
}
