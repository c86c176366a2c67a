//! The alert rules that come with the plane speak of metrics that it has.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::State;
use http::StatusCode;
use rampart_model::{Document, Limits, SourceText};

use super::tests::House;
use crate::metrics;

const RULES: &str = include_str!("../../../../deploy/alerts.yaml");

/// The names in an expression that are ours.
fn names(expression: &str) -> BTreeSet<String> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let words = expression.split(|character: char| !is_name(character));
    words.filter(|word| word.starts_with("rampart_")).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_metric_of_an_alert_rule_is_served() {
    let house = House::new();
    let metrics = house.plane.metrics();
    metrics.request("GET", "/x", StatusCode::OK, Duration::from_millis(1));
    metrics.evaluated("prod", Duration::from_millis(1), false);
    let counts = [("critical", 1), ("high", 0), ("medium", 0), ("low", 0), ("info", 0)];
    let member = metrics::FleetMember { name: "prod".into(), state: "up", score: Some(50), counts };
    metrics.fleet(&[member]);
    metrics.queue("deliveries", 1);
    metrics.problems(&["store"]);
    metrics.certificate_ends(house.plane.now());
    let body = metrics::serve(State(house.plane.clone())).await.into_body();
    let served = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
    let (documents, error) =
        Document::all_from_yaml(&Arc::new(SourceText::new("alerts.yaml", RULES)), &Limits::STANDARD);
    assert_eq!(error, None);
    let mut checked = 0;
    for group in documents[0].root().get("groups").unwrap().items() {
        for rule in group.get("rules").unwrap().items() {
            let expression = rule.text_at(&["expr"]).unwrap();
            for name in names(expression) {
                checked += 1;
                let is_served = served.lines().any(|line| line.starts_with(&name) && !line.starts_with('#'));
                assert!(is_served, "{name} of {:?} in {served}", rule.text_at(&["alert"]));
            }
            for field in ["summary", "description"] {
                assert!(rule.text_at(&["annotations", field]).is_some_and(|text| !text.is_empty()));
            }
        }
    }
    assert!(checked >= 12, "{checked}");
}
