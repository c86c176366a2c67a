//! What follows from the observations: a finding for each requirement, or for each rule where no framework was asked for.

use serde_json::{Value, json};

use super::identity::{text, token, uuid};
use super::observations::Observations;
use super::property;
use crate::document::{Report, Standing};

/// One finding to be written.
struct Answer<'a> {
    id: String,
    target: String,
    title: String,
    standing: Standing,
    rules: Vec<&'a str>,
    note: Option<&'a str>,
}

/// The findings, and the selection of what was reviewed.
pub(super) fn of(report: &Report<'_>, observations: &Observations) -> (Vec<Value>, Value) {
    let asked: Vec<_> = report.frameworks.iter().filter(|framework| !framework.items.is_empty()).collect();
    let answers: Vec<Answer<'_>> = if asked.is_empty() {
        report.rules.iter().map(|(id, rule)| by_rule(id, &rule.title, rule.examined, observations)).collect()
    } else {
        let requirements = asked.iter().flat_map(|framework| framework.items.iter().map(move |item| (framework, item)));
        requirements
            .map(|(framework, item)| Answer {
                id: uuid("requirement", &[&framework.id, &item.id]),
                target: token(&format!("{}-{}", framework.id, item.id)),
                title: format!("{} {}: {}", framework.title, item.id, item.title),
                standing: item.verdict,
                rules: item.rules.iter().map(|rule| &*rule.id).collect(),
                note: item.note.as_deref(),
            })
            .collect()
    };
    let ids: Vec<Value> = answers.iter().map(|answer| json!({ "control-id": answer.target })).collect();
    // A selection must not be empty, and without one all are meant.
    let reviewed = if ids.is_empty() { json!({ "include-all": {} }) } else { json!({ "include-controls": ids }) };
    (answers.iter().map(|answer| finding(answer, observations)).collect(), reviewed)
}

fn by_rule<'a>(id: &'a str, title: &str, examined: u64, observations: &Observations) -> Answer<'a> {
    let standing = match (observations.failing.contains(id), observations.unseen.contains(id)) {
        (true, _) => Standing::Fail,
        (false, false) if examined > 0 => Standing::Pass,
        _ => Standing::Unknown,
    };
    Answer {
        id: uuid("rule", &[id]),
        target: token(id),
        title: title.to_owned(),
        standing,
        rules: vec![id],
        note: None,
    }
}

fn finding(answer: &Answer<'_>, observations: &Observations) -> Value {
    let (state, reason, said) = match answer.standing {
        Standing::Pass => ("satisfied", "pass", "All that was examined is as it should be."),
        Standing::Fail => ("not-satisfied", "fail", "At least one finding speaks against it."),
        Standing::Unknown => {
            ("not-satisfied", "other", "Something could not be seen, or nothing was there to be seen.")
        }
        Standing::NotAssessable => ("not-satisfied", "other", "No rule answers this: not assessable here."),
    };
    let mut finding = json!({
        "uuid": answer.id,
        "title": text(&answer.title),
        "description": said,
        "props": [property("verdict", answer.standing.id())],
        "target": {
            "type": "objective-id",
            "target-id": answer.target,
            "status": { "state": state, "reason": reason },
        },
    });
    let related: Vec<Value> = answer
        .rules
        .iter()
        .filter_map(|rule| observations.of_rule.get(*rule))
        .flatten()
        .map(|id| json!({ "observation-uuid": id }))
        .collect();
    if let Value::Object(entries) = &mut finding {
        if !related.is_empty() {
            entries.insert("related-observations".to_owned(), Value::Array(related));
        }
        if let Some(note) = answer.note {
            entries.insert("remarks".to_owned(), Value::String(text(note)));
        }
    }
    finding
}
