//! Two reports compared.

use super::*;
use crate::{Diff, Layout};
use rampart_model::{Control, Evaluation, Gap, Verdict};

/// The sample some days later: one finding fixed, one waived, one new, one no longer seen, one the same but moved.
fn later() -> Evaluation {
    let mut later = evaluation();
    later.target = "examples/shop at =main".into();
    let cart = later.findings.remove(0);
    let mut pay = later.findings.remove(0);
    later
        .waived
        .push(rampart_model::evaluation::Waived { finding: pay.clone(), waiver: later.waived[0].waiver.clone() });
    pay.subject.name = "refund|\u{1b}[1m".into();
    later.findings.insert(0, pay);
    let moved = later.findings.iter_mut().find(|finding| finding.subject.name.contains("script")).unwrap();
    moved.evidence.location.as_mut().unwrap().line += 40;
    moved.message = "reworded".into();
    let quota = later.findings.pop().unwrap();
    assert_eq!((cart.rule, quota.rule), ("pod-security/privileged", "namespaces/no-quota"));
    later.gaps.push(Gap {
        control: Control::Namespaces,
        rule: "namespaces/no-quota",
        reason: "listing `resourcequotas` is forbidden".into(),
        remedy: "grant it".into(),
    });
    for control in &mut later.controls {
        if control.control == Control::Namespaces {
            control.verdict = Verdict::Unknown;
            control.coverage = 20;
        }
        if control.control == Control::PodSecurity {
            control.score = Some(70);
        }
    }
    later
}

#[test]
fn findings_are_new_fixed_waived_unseen_or_the_same() {
    let (before, after, context) = (evaluation(), later(), context());
    let (before, after) = (Report::of(&before, &context), Report::of(&after, &context));
    let diff = Diff::of(&before, &after);
    let names = |findings: &[&crate::document::FindingEntry<'_>]| -> Vec<String> {
        findings.iter().map(|finding| finding.subject.name.to_string()).collect()
    };
    assert_eq!(names(&diff.new), ["refund|\u{1b}[1m"]);
    assert_eq!(names(&diff.fixed), ["cart"]);
    assert_eq!(names(&diff.waived), ["pay"]);
    assert_eq!(names(&diff.unseen), ["shop"]);
    assert_eq!(diff.unchanged, 2);
    let changed: Vec<_> = diff.controls.iter().map(|change| change.id).collect();
    assert_eq!(changed, [Control::Namespaces, Control::PodSecurity]);
    for format in crate::diff::FORMATS {
        insta::assert_snapshot!(format!("diff-{format}"), diff.render(format, &Layout::default()));
    }
    let error = diff.write(Format::Sarif, &Layout::default(), &mut Vec::new()).unwrap_err();
    assert!(error.to_string().contains("cannot be written as `sarif`"));
}

#[test]
fn a_report_does_not_differ_from_itself() {
    let (evaluation, context) = (evaluation(), context());
    let report = Report::of(&evaluation, &context);
    let diff = Diff::of(&report, &report);
    assert_eq!((diff.new.len(), diff.fixed.len(), diff.controls.len(), diff.unchanged), (0, 0, 0, 5));
}

#[test]
fn two_findings_of_one_fingerprint_are_two() {
    let (once, context) = (evaluation(), context());
    let mut twice = once.clone();
    twice.findings.insert(0, once.findings[0].clone());
    let (once, twice) = (Report::of(&once, &context), Report::of(&twice, &context));
    assert_eq!(Diff::of(&once, &twice).new.len(), 1);
    assert_eq!(Diff::of(&twice, &once).fixed.len(), 1);
}

#[test]
fn the_json_form_fulfils_its_schema() {
    let (before, after, context) = (evaluation(), later(), context());
    let (before, after) = (Report::of(&before, &context), Report::of(&after, &context));
    let diff = serde_json::from_str(&Diff::of(&before, &after).render(Format::Json, &Layout::default())).unwrap();
    let schema = include_str!("../../../../docs/schema/rampart.diff-v1.schema.json");
    assert_eq!(schema::errors(schema, &diff), Vec::<String>::new());
}
