//! Baselines written, read and applied.

use super::*;
use crate::Baseline;

#[test]
fn a_baseline_knows_what_it_was_made_of_and_nothing_else() {
    let old = evaluation();
    let text = Baseline::of(&old).to_json();
    insta::assert_snapshot!("baseline", text);
    let baseline = Baseline::parse(&text).unwrap();
    assert_eq!(baseline, Baseline::of(&old));
    let mut new = evaluation();
    new.findings[0].subject.name = "other".into();
    new.findings[1].message = "reworded".into();
    let (fresh, known) = baseline.split(&new.findings);
    assert_eq!((fresh, known.len()), (vec![&new.findings[0]], 4));
}

#[test]
fn a_baseline_does_not_depend_on_the_order_of_findings() {
    let mut reversed = evaluation();
    reversed.findings.reverse();
    assert_eq!(Baseline::of(&reversed).to_json(), Baseline::of(&evaluation()).to_json());
}

#[test]
fn a_report_serves_as_a_baseline() {
    let report = render(&evaluation(), &context(), Format::Json);
    assert_eq!(Baseline::parse(&report).unwrap(), Baseline::of(&evaluation()));
}

#[test]
fn what_is_no_baseline_is_refused_with_a_reason() {
    for (text, reason) in [
        ("[", "not a JSON baseline"),
        ("{}", "no `schema` in it"),
        ("{\"schema\":\"rampart.diff/v1\"}", "schema `rampart.diff/v1`"),
        ("{\"schema\":\"rampart.baseline/v1\"}", "a broken `rampart.baseline/v1`"),
    ] {
        let error = Baseline::parse(text).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn the_file_fulfils_its_schema() {
    let baseline = serde_json::from_str(&Baseline::of(&evaluation()).to_json()).unwrap();
    let schema = include_str!("../../../../docs/schema/rampart.baseline-v1.schema.json");
    assert_eq!(schema::errors(schema, &baseline), Vec::<String>::new());
}
