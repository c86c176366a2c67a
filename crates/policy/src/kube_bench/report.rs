//! Results in kube-bench's own shape, as JSON, text and JUnit. What could not be checked says so beside its state.

use std::fmt::Write;

use serde::Serialize;

use super::check::{State, Verdict};
use super::controls::{Check, Controls, Group};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Results {
    #[serde(rename = "Controls")]
    pub controls: Vec<ControlsResult>,
    #[serde(rename = "Totals")]
    pub totals: Totals,
    #[serde(skip)]
    pub benchmark: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub total_pass: u32,
    pub total_fail: u32,
    pub total_warn: u32,
    pub total_info: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ControlsResult {
    pub id: String,
    pub version: String,
    pub text: String,
    pub node_type: String,
    pub tests: Vec<GroupResult>,
    #[serde(flatten)]
    pub totals: Totals,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupResult {
    pub section: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub pass: u32,
    pub fail: u32,
    pub warn: u32,
    pub info: u32,
    pub desc: String,
    pub results: Vec<CheckResult>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckResult {
    pub test_number: String,
    pub test_desc: String,
    pub audit: String,
    #[serde(rename = "AuditEnv")]
    pub audit_env: String,
    #[serde(rename = "AuditConfig")]
    pub audit_config: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub remediation: String,
    pub test_info: Vec<String>,
    pub status: &'static str,
    pub actual_value: String,
    pub scored: bool,
    #[serde(rename = "IsMultiple")]
    pub is_multiple: bool,
    pub expected_result: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// `UNKNOWN` where the status of kube-bench says more than can be known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_reason: Option<String>,
    #[serde(skip)]
    state: State,
}

impl Results {
    pub(super) fn of(benchmark: &str) -> Self {
        Self { controls: Vec::new(), totals: Totals::default(), benchmark: benchmark.to_owned() }
    }

    pub(super) fn add(&mut self, controls: ControlsResult) {
        let Totals { total_pass, total_fail, total_warn, total_info } = controls.totals;
        self.totals.total_pass += total_pass;
        self.totals.total_fail += total_fail;
        self.totals.total_warn += total_warn;
        self.totals.total_info += total_info;
        self.controls.push(controls);
    }

    pub fn checks(&self) -> impl Iterator<Item = &CheckResult> {
        self.controls.iter().flat_map(|controls| &controls.tests).flat_map(|group| &group.results)
    }

    /// Checks whose answer is not known.
    pub fn unknown(&self) -> usize {
        self.checks().filter(|check| check.unknown_reason.is_some()).count()
    }

    /// For people. Names of a definition are somebody else's text: control characters are taken out.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for controls in &self.controls {
            let _ = writeln!(text, "{} {} ({})", controls.id, plain(&controls.text), controls.node_type);
            for group in &controls.tests {
                let _ = writeln!(text, "  {} {}", group.section, plain(&group.desc));
                for check in &group.results {
                    let status = check.effective_status.unwrap_or(check.status);
                    let _ = writeln!(text, "    {status:<7} {:<8} {}", check.test_number, plain(&check.test_desc));
                    let why = check.unknown_reason.as_ref().or(Some(&check.reason).filter(|reason| !reason.is_empty()));
                    if let Some(why) = why.filter(|_| check.status != "PASS" || check.unknown_reason.is_some()) {
                        let _ = writeln!(text, "            {}", plain(why));
                    }
                }
            }
        }
        let Totals { total_pass, total_fail, total_warn, total_info } = self.totals;
        let _ = writeln!(
            text,
            "{}: {total_pass} pass, {total_fail} fail, {total_warn} to look at, {total_info} left out; {} unknown among them",
            self.benchmark,
            self.unknown()
        );
        text
    }

    /// A test suite for each group.
    pub fn junit(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        for group in self.controls.iter().flat_map(|controls| &controls.tests) {
            let (name, count) = (escaped(&format!("{} {}", group.section, group.desc)), group.results.len());
            let skipped = group.warn + group.info;
            let _ = writeln!(
                xml,
                "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{}\" errors=\"0\" skipped=\"{skipped}\">",
                group.fail
            );
            for check in &group.results {
                let name = escaped(&format!("{} {}", check.test_number, check.test_desc));
                let why = check.unknown_reason.as_deref().unwrap_or(&check.reason);
                let inside = match (check.state, &check.unknown_reason) {
                    (State::Fail, None) => format!("<failure type=\"\">{}</failure>", escaped(&check.remediation)),
                    (State::Pass, None) => String::new(),
                    _ => format!("<skipped message=\"{}\"/>", escaped(why)),
                };
                let _ = writeln!(
                    xml,
                    "    <testcase classname=\"{}\" name=\"{name}\">{inside}</testcase>",
                    escaped(&self.benchmark)
                );
            }
            xml.push_str("  </testsuite>\n");
        }
        xml.push_str("</testsuites>\n");
        xml
    }
}

impl ControlsResult {
    pub(super) fn of(controls: &Controls, target: &str) -> Self {
        let node_type = if controls.node_type.is_empty() { target.to_owned() } else { controls.node_type.clone() };
        Self {
            id: controls.id.clone(),
            version: controls.version.clone(),
            text: controls.text.clone(),
            node_type,
            tests: Vec::new(),
            totals: Totals::default(),
        }
    }

    /// Groups of one id are one.
    pub(super) fn add(&mut self, group: GroupResult) {
        for check in &group.results {
            self.totals.count(check.state);
        }
        match self.tests.iter_mut().find(|known| known.section == group.section) {
            Some(known) => group.results.into_iter().for_each(|check| known.add(check)),
            None => self.tests.push(group),
        }
    }
}

impl GroupResult {
    pub(super) fn of(group: &Group) -> Self {
        Self {
            section: group.id.clone(),
            kind: group.kind.clone(),
            pass: 0,
            fail: 0,
            warn: 0,
            info: 0,
            desc: group.text.clone(),
            results: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    pub(super) fn add(&mut self, check: CheckResult) {
        *match check.state {
            State::Pass => &mut self.pass,
            State::Fail => &mut self.fail,
            State::Warn => &mut self.warn,
            State::Info => &mut self.info,
        } += 1;
        self.results.push(check);
    }
}

impl CheckResult {
    pub(super) fn of(check: &Check, verdict: Verdict) -> Self {
        Self {
            test_number: check.id.clone(),
            test_desc: check.text.clone(),
            audit: check.audit.clone(),
            audit_env: check.audit_env.clone(),
            audit_config: check.audit_config.clone(),
            kind: check.kind.clone(),
            remediation: check.remediation.clone(),
            test_info: vec![check.remediation.clone()],
            status: verdict.state.name(),
            actual_value: verdict.actual,
            scored: check.scored,
            is_multiple: check.is_multiple,
            expected_result: verdict.expected,
            reason: verdict.reason,
            effective_status: verdict.unknown.as_ref().map(|_| "UNKNOWN"),
            unknown_reason: verdict.unknown,
            state: verdict.state,
        }
    }
}

fn plain(text: &str) -> String {
    text.trim().chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

fn escaped(text: &str) -> String {
    let mut xml = String::new();
    for character in plain(text).chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            character => xml.push(character),
        }
    }
    xml
}
