//! Every rule has a fixture beside it, with a case that passes, one that fails and one that stays unknown; what the rule
//! answers must agree to the line.

#![expect(clippy::expect_used, reason = "a broken fixture must stop the test with its reason")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rampart_controls::plan::change;
use rampart_controls::{Evaluator, rules};
use rampart_model::{Check, Document, Evaluation, Limits, Object, Rule, Settings, SourceText};
use rampart_testkit::fixture::{Case, cases};

fn fixture_path(rule: &Rule) -> PathBuf {
    let (control, name) = rule.id.split_once('/').expect("a rule id is `control/name`");
    let name = format!("{}/{}.yaml", control.replace('-', "_"), name.replace('-', "_"));
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name)
}

fn settings(case: &Case) -> Settings {
    let option = |key: &str| case.options.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let now = option("now").unwrap_or("2026-06-01");
    let mut settings = Settings::new(format!("{now}T00:00:00Z").parse().expect("a date"));
    settings.kubernetes_version = option("version").map(|version| version.parse().expect("a version"));
    settings.allowed_registries = option("registries").unwrap_or("").split_whitespace().map(str::to_owned).collect();
    settings
}

fn evaluate(rule: &'static Rule, case: &Case) -> Evaluation {
    let settings = settings(case);
    let mut source = SourceText::new("fixture.yaml", case.yaml.as_str());
    source.first_line = case.first_line;
    let (documents, error) = Document::all_from_yaml(&Arc::new(source), &Limits::STANDARD);
    assert_eq!(error, None, "{}", rule.id);
    let mut evaluator = Evaluator::new(&settings, &[rule]);
    for (key, value) in &case.options {
        match key.as_str() {
            "unseen" => {
                evaluator.facts.unseen.insert(value.clone(), "forbidden".to_owned());
            }
            "live" => evaluator.facts.is_cluster = true,
            _ => {}
        }
    }
    for document in &documents {
        for object in Object::all(document) {
            evaluator.object(object);
        }
    }
    evaluator.finish("fixture", Vec::new())
}

/// What disagrees with the fixture, as text.
fn disagreements(rule: &'static Rule, case: &Case) -> Vec<String> {
    let evaluation = evaluate(rule, case);
    let mut wrong = Vec::new();
    let verdict = evaluation.control(rule.control).map(|summary| summary.verdict.id()).unwrap_or_default();
    if verdict != case.verdict {
        wrong.push(format!("verdict is {verdict}, not {}", case.verdict));
    }
    let mut expected = case.expected.clone();
    for finding in &evaluation.findings {
        let line = finding.evidence.location.as_ref().map_or(0, |location| location.line);
        match expected.iter().position(|(at, text)| *at == line && finding.message.contains(text.as_str())) {
            Some(position) => {
                expected.remove(position);
            }
            None => wrong.push(format!("unexpected at line {line}: {}", finding.message)),
        }
    }
    wrong.extend(expected.into_iter().map(|(line, text)| format!("missing at line {line}: {text}")));
    wrong.into_iter().map(|text| format!("{} (case at line {}): {text}", rule.id, case.first_line - 1)).collect()
}

#[test]
fn every_rule_answers_as_its_fixture_says() {
    let mut wrong = Vec::new();
    for rule in rules().into_iter().filter(|rule| !matches!(rule.check, Check::Elsewhere { .. } | Check::Waivers)) {
        let path = fixture_path(rule);
        let Ok(text) = std::fs::read_to_string(&path) else {
            wrong.push(format!("{}: no fixture at {}", rule.id, path.display()));
            continue;
        };
        let cases = cases(&text);
        for verdict in ["pass", "fail", "unknown"] {
            if !cases.iter().any(|case| case.verdict == verdict) {
                wrong.push(format!("{}: no case `{verdict}`", rule.id));
            }
        }
        wrong.extend(cases.iter().flat_map(|case| disagreements(rule, case)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The machine's remedies of a case's findings, applied together, must leave none of these findings behind.
fn left_after_fixing(rule: &'static Rule, case: &Case) -> Vec<String> {
    let findings = evaluate(rule, case).findings;
    let fixable: Vec<_> = findings.iter().filter(|finding| !finding.remedies.is_empty()).collect();
    let plan = change("fixture.yaml", &case.yaml, &fixable);
    let mut wrong = plan.refused;
    let fixed = Case { yaml: plan.after, ..case.clone() };
    for finding in evaluate(rule, &fixed).findings {
        if fixable.iter().any(|before| before.fingerprint() == finding.fingerprint()) {
            wrong.push(format!("still there: {}", finding.message));
        }
    }
    wrong.into_iter().map(|text| format!("{} (case at line {}): {text}", rule.id, case.first_line - 1)).collect()
}

#[test]
fn remedies_remove_their_findings() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let text = std::fs::read_to_string(fixture_path(rule)).unwrap_or_default();
        wrong.extend(cases(&text).iter().flat_map(|case| left_after_fixing(rule, case)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rule_ids_are_unique_and_name_their_control() {
    let rules = rules();
    for rule in rules.iter().filter(|rule| !matches!(rule.check, Check::Waivers)) {
        let control = rule.control.id().replace('_', "-");
        assert_eq!(rule.id.split_once('/').map(|(head, _)| head), Some(control.as_str()), "{}", rule.id);
        assert_eq!(rules.iter().filter(|other| other.id == rule.id).count(), 1, "{}", rule.id);
    }
}
