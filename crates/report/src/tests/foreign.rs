//! The formats of others, held against their own definitions.

use super::schema::errors;
use super::*;

#[test]
fn sarif_fulfils_the_schema_of_its_standard() {
    for evaluation in [evaluation(), sample::named("a\u{1b}\\b:c#d?e\n")] {
        let log = serde_json::from_str(&render(&evaluation, &context(), Format::Sarif)).unwrap();
        // One pattern of the published schema has a stray bracket, which strict readers of patterns refuse.
        let schema = include_str!("sarif-schema-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
        let errors = errors(&schema, &log);
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn sarif_points_at_the_field_and_at_its_rule() {
    let log: serde_json::Value = serde_json::from_str(&render(&evaluation(), &context(), Format::Sarif)).unwrap();
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    }
    let place = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "deploy/shop.yaml");
    assert_eq!(
        place["region"],
        serde_json::json!({"startLine": 21, "startColumn": 11, "endLine": 21, "endColumn": 27})
    );
    let waived = run["results"].as_array().unwrap().last().unwrap();
    assert_eq!(waived["suppressions"][0]["status"], "accepted");
}

/// The parts of GitLab's report that its importer insists on.
const GITLAB: &str = r##"{
  "type": "object", "required": ["scan", "version", "vulnerabilities"],
  "properties": {
    "version": {"pattern": "^15\\.[0-9]+\\.[0-9]+$"},
    "schema": {"pattern": "^https?://.+"},
    "scan": {"required": ["analyzer", "scanner", "type", "start_time", "end_time", "status"], "properties": {
      "type": {"enum": ["sast"]}, "status": {"enum": ["success", "failure"]},
      "start_time": {"pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$"},
      "end_time": {"pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$"},
      "analyzer": {"$ref": "#/$defs/program"}, "scanner": {"$ref": "#/$defs/program"},
      "messages": {"items": {"required": ["level", "value"], "properties": {
        "level": {"enum": ["info", "warn", "fatal"]}, "value": {"type": "string", "minLength": 1}}}}}},
    "vulnerabilities": {"items": {"required": ["id", "identifiers", "location"], "properties": {
      "id": {"type": "string", "minLength": 1}, "name": {"type": "string", "maxLength": 255},
      "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
      "solution": {"type": "string", "maxLength": 7000},
      "identifiers": {"minItems": 1, "items": {"required": ["type", "name", "value"], "properties": {
        "type": {"minLength": 1}, "name": {"minLength": 1}, "value": {"minLength": 1}}}},
      "location": {"properties": {"file": {"type": "string", "minLength": 1}, "start_line": {"type": "integer"},
        "end_line": {"type": "integer"}}}}}}},
  "$defs": {"program": {"required": ["id", "name", "version", "vendor"], "properties": {
    "id": {"minLength": 1}, "vendor": {"required": ["name"]}}}}
}"##;

#[test]
fn the_gitlab_report_has_the_shape_that_gitlab_reads() {
    for evaluation in [evaluation(), sample::named("x")] {
        let report = serde_json::from_str(&render(&evaluation, &context(), Format::Gitlab)).unwrap();
        let errors = errors(GITLAB, &report);
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn policy_reports_count_what_they_list_and_never_pass_a_gap() {
    for (format, kinds) in [
        (Format::PolicyReport, ["ClusterPolicyReport", "PolicyReport"]),
        (Format::OpenReports, ["ClusterReport", "Report"]),
    ] {
        let text = render(&evaluation(), &context(), format);
        let documents: Vec<_> = text.split("---\n").collect();
        assert_eq!(documents.len(), 2);
        for (document, kind) in documents.iter().zip(kinds) {
            assert!(document.contains(&format!("\nkind: {kind}\n")), "{document}");
            for result in ["pass", "fail", "warn", "error", "skip"] {
                let listed = document.matches(&format!("\n    result: {result}\n")).count();
                assert!(document.contains(&format!("\n  {result}: {listed}\n")), "{result} {listed}\n{document}");
            }
        }
        assert!(documents[0].contains("result: error") && !documents[0].contains("result: pass"));
    }
}

#[test]
fn the_page_allows_exactly_its_own_style_and_script_and_fetches_nothing() {
    let page = render(&evaluation(), &context(), Format::Html);
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("<style>").count(), 1);
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    for fetch in ["src=\"", "href=\"", "@import", "url(", "fetch(", "style=\"", "onclick", "http://", "https://"] {
        assert!(!page.contains(fetch), "{fetch}");
    }
}
