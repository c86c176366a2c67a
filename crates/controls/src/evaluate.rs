//! Asks every rule: objects as they stream by, then what all of them together say.
//!
//! Total: there is no input for which it fails. Several evaluators may run beside each other and be merged; the result
//! is sorted and does not depend on how the objects were shared out.

use std::collections::{HashMap, HashSet};

use rampart_model::evaluation::RuleSummary;
use rampart_model::rule::{Check, Outcome, Rule};
use rampart_model::waiver::{self, Waiver};
use rampart_model::{
    Control, ControlSummary, Counts, Diagnostic, Document, Evaluation, Facts, Finding, Gap, Object, Pod, Reporter,
    Settings, Severity, Subject, Verdict,
};

use crate::namespaces::baseline;
use crate::{pod_security, sight, waive};

pub struct Evaluator<'s> {
    settings: &'s Settings,
    rules: Vec<(&'static Rule, Outcome)>,
    pub facts: Facts,
    /// Declared by annotations of the objects seen.
    waivers: Vec<Waiver>,
    doubts: Vec<Diagnostic>,
    /// Parts of the target that were not looked at: what and why, and what would have them looked at.
    pub missed: Vec<(String, String)>,
}

impl<'s> Evaluator<'s> {
    pub fn new(settings: &'s Settings, rules: &[&'static Rule]) -> Self {
        let rules = rules.iter().map(|rule| (*rule, Outcome::default())).collect();
        let facts = Facts::judged_by(pod_security::standard::standing);
        Self { settings, rules, facts, waivers: Vec::new(), doubts: Vec::new(), missed: Vec::new() }
    }

    /// Judges every object of a document, `List` kinds opened, and takes over what the reader doubted.
    pub fn document(&mut self, document: &Document) {
        self.doubts.extend(document.notices().iter().cloned());
        for object in Object::all(document) {
            self.object(object);
        }
    }

    /// Judges one object and folds it into the facts; the object may be dropped afterwards.
    pub fn object(&mut self, object: Object<'_>) {
        self.facts.fold(&object);
        if !self.settings.wants(object.namespace()) {
            return;
        }
        self.take_waivers(&object);
        let subject = self.facts.subject(&object);
        let pods = if Pod::is_made_by_scanned_controller(object) { Vec::new() } else { Pod::all(object) };
        for (rule, outcome) in &mut self.rules {
            match &rule.check {
                Check::Object { kinds, run } if kinds.include(&object) => {
                    outcome.examined += 1;
                    run(&object, &mut Reporter::new(rule, self.settings, outcome).about(&subject));
                }
                Check::Pod { run } => {
                    for pod in &pods {
                        outcome.examined += 1;
                        run(pod, &mut Reporter::new(rule, self.settings, outcome).about(&subject));
                    }
                }
                Check::Object { .. } | Check::Cluster { .. } | Check::Waivers | Check::Elsewhere { .. } => {}
            }
        }
    }

    fn take_waivers(&mut self, object: &Object<'_>) {
        if !self.settings.annotation_waivers {
            return;
        }
        for waiver in waiver::from_annotations(object) {
            match waiver {
                Ok(waiver) => self.waivers.push(waiver),
                Err(message) => {
                    let at = object.value().dig(&["metadata", "annotations"]).unwrap_or(object.value()).span().0;
                    self.doubts.push(Diagnostic::at(object.value().document().source(), at, message, false));
                }
            }
        }
    }

    /// Takes over what another evaluator with the same rules has seen.
    pub fn merge(&mut self, other: Evaluator<'_>) {
        self.facts.merge(other.facts);
        self.waivers.extend(other.waivers);
        self.doubts.extend(other.doubts);
        for ((_, mine), (_, theirs)) in self.rules.iter_mut().zip(other.rules) {
            mine.merge(theirs);
        }
    }

    /// Asks the rules about the whole and sums up.
    pub fn finish(mut self, target: &str, mut diagnostics: Vec<Diagnostic>) -> Evaluation {
        self.facts.sort();
        diagnostics.append(&mut self.doubts);
        let lost = diagnostics.iter().filter(|diagnostic| diagnostic.lost).count();
        if lost > 0 {
            let reason = format!("{lost} parts of the input could not be read");
            self.missed.push((reason, "mend what the diagnostics name".to_owned()));
        }
        for (rule, outcome) in &mut self.rules {
            let mut reporter = Reporter::new(rule, self.settings, outcome);
            sight::gaps(&rule.check, &self.facts, &self.missed, &mut reporter);
            match &rule.check {
                Check::Cluster { run } => run(&self.facts, &mut reporter),
                Check::Elsewhere { command } => reporter.gap(rule.why, format!("run `{command}`")),
                Check::Object { .. } | Check::Pod { .. } | Check::Waivers => {}
            }
        }
        let kinds = self.facts.kinds.iter().map(|(kind, count)| (kind.to_string(), *count)).collect();
        let namespaces = baseline::baselines(&self.facts, self.settings);
        // Nothing asks the facts any more, and what follows needs the room.
        drop(std::mem::take(&mut self.facts));
        let wanted = |finding: &Finding| match &finding.subject {
            subject if &*subject.kind == "Namespace" => self.settings.wants(&subject.name),
            subject => self.settings.wants(&subject.namespace),
        };
        // Moved, not copied, and into room of the right size: findings are most of the memory of a large scan.
        let count = self.rules.iter().map(|(_, outcome)| outcome.findings.len()).sum();
        let mut findings: Vec<Finding> = Vec::with_capacity(count);
        for (_, outcome) in &mut self.rules {
            findings.extend(std::mem::take(&mut outcome.findings).into_iter().filter(wanted));
        }
        let mut gaps: Vec<Gap> = self.rules.iter().flat_map(|(_, outcome)| outcome.gaps.iter().cloned()).collect();
        findings.sort_unstable_by(Finding::order);
        findings.dedup();
        gaps.sort();
        gaps.dedup();
        diagnostics.sort();
        diagnostics.dedup();
        let today = jiff::tz::Offset::UTC.to_datetime(self.settings.now).date();
        let mut waivers = [self.settings.waivers.as_slice(), &self.waivers].concat();
        waivers.sort_by(|a, b| (&a.origin, &a.rule).cmp(&(&b.origin, &b.rule)));
        let waive::Judged { open: mut findings, mut waived } = waive::apply(findings, &waivers, today);
        findings.sort_unstable_by(Finding::order);
        waived.sort_by(|a, b| a.finding.order(&b.finding));
        let rules = self.summaries(&findings);
        let controls =
            Control::ALL.into_iter().map(|control| self.control(control, &rules, &findings, &gaps)).collect();
        Evaluation {
            target: target.to_owned(),
            controls,
            rules,
            findings,
            gaps,
            waived,
            diagnostics,
            namespaces,
            kinds,
        }
    }

    /// Counts, per rule, the subjects with a finding that counts.
    fn summaries(&self, findings: &[Finding]) -> Vec<RuleSummary> {
        let mut failed: HashMap<&str, HashSet<&Subject>> = HashMap::new();
        for finding in findings {
            failed.entry(finding.rule).or_default().insert(&finding.subject);
        }
        let count = |rule: &Rule| failed.get(rule.id).map_or(0, |subjects| subjects.len() as u64);
        let summary = |(rule, outcome): &(&'static Rule, Outcome)| RuleSummary {
            rule: rule.id,
            examined: outcome.examined,
            failed: count(rule),
            gaps: outcome.gaps.len() as u64,
        };
        self.rules.iter().map(summary).collect()
    }

    fn control(&self, control: Control, rules: &[RuleSummary], findings: &[Finding], gaps: &[Gap]) -> ControlSummary {
        let own: Vec<(&Rule, &RuleSummary)> =
            self.rules.iter().map(|(rule, _)| *rule).zip(rules).filter(|(rule, _)| rule.control == control).collect();
        let findings: Vec<&Finding> = findings.iter().filter(|finding| finding.control == control).collect();
        let examined = own.iter().map(|(_, summary)| summary.examined).sum();
        let answered = own.iter().filter(|(_, summary)| summary.gaps == 0 && summary.examined > 0).count();
        let fails = findings.iter().any(|finding| finding.severity > Severity::Info);
        let verdict = match (fails, gaps.iter().any(|gap| gap.control == control)) {
            (true, _) => Verdict::Fail,
            (false, false) if examined > 0 => Verdict::Pass,
            (false, _) => Verdict::Unknown,
        };
        ControlSummary {
            control,
            verdict,
            score: score(&own),
            coverage: percent(answered as u64, own.len() as u64).unwrap_or(0),
            examined,
            counts: Counts::of(findings),
        }
    }
}

/// The share of examined subjects that are clean, weighted by severity. A fraction is rounded down: 100 means all.
fn score(rules: &[(&Rule, &RuleSummary)]) -> Option<u8> {
    let weigh = |count: fn(&RuleSummary) -> u64| -> u64 {
        rules.iter().map(|(rule, summary)| rule.severity.weight() * count(summary)).sum()
    };
    let examined = weigh(|summary| summary.examined);
    percent(examined.saturating_sub(weigh(|summary| summary.failed)), examined)
}

fn percent(part: u64, whole: u64) -> Option<u8> {
    (whole > 0).then(|| u8::try_from(part.min(whole) * 100 / whole).unwrap_or(100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rampart_model::Limits;

    const ROLE: &str =
        r#"{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"r"},"rules":[]}"#;

    fn evaluate(change: impl FnOnce(&mut Evaluator<'_>), diagnostics: Vec<Diagnostic>) -> Verdict {
        let settings = Settings::new("2026-06-01T00:00:00Z".parse().unwrap());
        let rule = crate::rules().into_iter().find(|rule| rule.id == "rbac/wildcard-verb").unwrap();
        let mut evaluator = Evaluator::new(&settings, &[rule]);
        let source = rampart_model::SourceText::new("role.json", ROLE);
        evaluator.document(&Document::from_json(source.into(), &Limits::STANDARD).unwrap());
        change(&mut evaluator);
        evaluator.finish("t", diagnostics).control(Control::Rbac).unwrap().verdict
    }

    #[test]
    fn a_clean_object_passes_when_all_was_seen() {
        assert_eq!(evaluate(|_| {}, Vec::new()), Verdict::Pass);
    }

    #[test]
    fn what_was_not_seen_never_becomes_a_pass() {
        let unseen = |evaluator: &mut Evaluator<'_>| {
            evaluator.facts.unseen.insert("ClusterRole".to_owned(), "forbidden".to_owned());
        };
        assert_eq!(evaluate(unseen, Vec::new()), Verdict::Unknown);
        let missed =
            |evaluator: &mut Evaluator<'_>| evaluator.missed.push(("a chart".to_owned(), "install helm".to_owned()));
        assert_eq!(evaluate(missed, Vec::new()), Verdict::Unknown);
        assert_eq!(evaluate(|_| {}, vec![Diagnostic::lost("x.yaml", "broken")]), Verdict::Unknown);
    }
}
