//! The report document against its published schema, and back.

use super::*;

const SCHEMA: &str = include_str!("../../../../docs/schema/rampart.report-v1.schema.json");

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

#[test]
fn the_json_report_fulfils_its_schema() {
    let validator = validator();
    for evaluation in [evaluation(), sample::named("\u{1b}'\"<&>\n")] {
        let report = serde_json::from_str(&render(&evaluation, &context(), Format::Json)).unwrap();
        let errors: Vec<_> =
            validator.iter_errors(&report).map(|error| format!("{} at {}", error, error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let mut report: serde_json::Value = serde_json::from_str(&render(&evaluation(), &context(), Format::Json)).unwrap();
    report["controls"][0]["verdict"] = "maybe".into();
    assert!(!validator().is_valid(&report));
}

#[test]
fn a_report_reads_back_to_itself() {
    let (evaluation, context) = (evaluation(), context());
    let text = render(&evaluation, &context, Format::Json);
    let report = Report::parse(&text).unwrap();
    assert_eq!(report, Report::of(&evaluation, &context));
    assert_eq!(crate::render_report(&report, &context.layout, Format::Json), text);
}

#[test]
fn what_is_no_report_is_refused_with_a_reason() {
    for (text, reason) in [
        ("kind: Pod", "not a JSON report"),
        ("{}", "no `schema` in it"),
        ("{\"schema\":\"other/v1\"}", "schema `other/v1`"),
        ("{\"schema\":\"rampart.report/v1\"}", "a broken `rampart.report/v1`: missing field"),
    ] {
        let error = Report::parse(text).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
}
