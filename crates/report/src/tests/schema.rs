//! The report document against its published schema, and back.

use super::*;

const SCHEMA: &str = include_str!("../../../../docs/schema/rampart.report-v1.schema.json");

/// What a document has against a schema.
pub(crate) fn errors(schema: &str, instance: &serde_json::Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    validator.iter_errors(instance).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

#[test]
fn the_json_report_fulfils_its_schema() {
    for evaluation in [evaluation(), sample::named("\u{1b}'\"<&>\n")] {
        let report = serde_json::from_str(&render(&evaluation, &context(), Format::Json)).unwrap();
        assert_eq!(errors(SCHEMA, &report), Vec::<String>::new());
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let mut report: serde_json::Value = serde_json::from_str(&render(&evaluation(), &context(), Format::Json)).unwrap();
    report["controls"][0]["verdict"] = "maybe".into();
    assert_eq!(errors(SCHEMA, &report).len(), 1);
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
