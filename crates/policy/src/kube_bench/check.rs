//! One check: its audits are run, its tests are held against what they printed.

use std::sync::Arc;

use rampart_model::document::{Document, Limits};
use rampart_model::source::SourceText;

use super::controls::{Check, Comparison, Item};
use super::jsonpath;
use super::shell;
use rampart_model::Node;

/// As kube-bench names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Pass,
    Fail,
    Warn,
    Info,
}

impl State {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Warn => "WARN",
            Self::Info => "INFO",
        }
    }
}

/// What became of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    /// What kube-bench says where the same programs are missing.
    pub(super) state: State,
    pub(super) expected: String,
    pub(super) actual: String,
    pub(super) reason: String,
    /// Why it could not be checked: then the state says nothing.
    pub(super) unknown: Option<String>,
}

impl Verdict {
    fn told(state: State, reason: &str) -> Self {
        Self { state, expected: String::new(), actual: String::new(), reason: reason.to_owned(), unknown: None }
    }
}

pub(super) fn judge(check: &Check, is_skipped: bool, node: &dyn Node) -> Verdict {
    if check.scored && check.kind.trim().is_empty() && check.tests.is_none() {
        return Verdict::told(State::Warn, "There are no tests");
    }
    if check.kind == "skip" || is_skipped {
        return Verdict::told(State::Info, "Test marked as skip");
    }
    if check.kind == "manual" {
        return Verdict::told(State::Warn, "Test marked as a manual test");
    }
    let missed = if check.scored { State::Fail } else { State::Warn };
    let tests = match &check.tests {
        Some(tests) if !tests.items.is_empty() => tests,
        _ => return Verdict::told(missed, "No tests defined"),
    };
    let mut audits = Audits { missing: Vec::new(), node };
    let outputs = match audits.run(check) {
        Ok(outputs) => outputs,
        Err(Stop::Failed(reason)) => {
            return Verdict { unknown: unknown(&audits.missing), ..Verdict::told(missed, &reason) };
        }
        Err(Stop::Unsupported(reason)) => {
            return Verdict { unknown: Some(reason.clone()), ..Verdict::told(State::Warn, &reason) };
        }
    };
    let results: Vec<Result> = tests.items.iter().map(|item| execute(item, check, &outputs)).collect();
    let expected = |mark: &str| results.iter().map(|result| result.expected.as_str()).collect::<Vec<_>>().join(mark);
    let (holds, expected) = match tests.operator.as_str() {
        "" | "and" => (results.iter().all(|result| result.holds), expected(" AND ")),
        "or" => (results.iter().any(|result| result.holds), expected(" OR ")),
        other => {
            let reason = format!("`bin_op` of check `{}` is `{other}`: use `and` or `or`", check.id);
            return Verdict::told(missed, &reason);
        }
    };
    let actual = results.into_iter().next().map(|result| result.actual).unwrap_or_default();
    let state = if holds { State::Pass } else { missed };
    Verdict { state, expected, actual, reason: String::new(), unknown: unknown(&audits.missing) }
}

fn unknown(missing: &[String]) -> Option<String> {
    match missing {
        [] => None,
        programs => Some(format!("the audit asks {}, which cannot be called here", quoted(programs))),
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What the audits of a check printed.
struct Outputs {
    audit: String,
    env: String,
    config: String,
}

enum Stop {
    /// As kube-bench words it.
    Failed(String),
    Unsupported(String),
}

struct Audits<'n> {
    missing: Vec<String>,
    node: &'n dyn Node,
}

impl Audits<'_> {
    fn run(&mut self, check: &Check) -> std::result::Result<Outputs, Stop> {
        // An environment that is not asked for by the check is read by a default audit; it is not recorded here.
        let env = self.audit(&check.audit_env)?.map_err(|(reason, _)| Stop::Failed(reason))?;
        let audit = self.audit(&check.audit)?.map_err(|(reason, _)| Stop::Failed(reason))?;
        let config = match self.audit(&check.audit_config)? {
            Ok(config) => config,
            // A configuration that is not there does not count where the command line has answered.
            Err((reason, code)) => {
                let is_absent = code == 127 || reason.contains("No such file or directory");
                if !is_absent || (env.is_empty() && audit.is_empty()) {
                    return Err(Stop::Failed(reason));
                }
                String::new()
            }
        };
        Ok(Outputs { audit, env, config })
    }

    fn audit(&mut self, script: &str) -> std::result::Result<std::result::Result<String, (String, u8)>, Stop> {
        let script = script.trim();
        if script.is_empty() {
            return Ok(Ok(String::new()));
        }
        let output = shell::run(script, self.node).map_err(|unsupported| Stop::Unsupported(unsupported.to_string()))?;
        for program in output.missing {
            if !self.missing.contains(&program) {
                self.missing.push(program);
            }
        }
        if output.code == 0 {
            return Ok(Ok(output.text));
        }
        let reason =
            format!("failed to run: {script:?}, output: {:?}, error: exit status {}", output.text, output.code);
        Ok(Err((reason, output.code)))
    }
}

/// Where a value is looked for.
#[derive(Clone, Copy)]
enum Place {
    Flag,
    Path,
    Env,
}

struct Result {
    holds: bool,
    found: bool,
    expected: String,
    actual: String,
}

fn execute(item: &Item, check: &Check, outputs: &Outputs) -> Result {
    let mut result = lines(item, Place::Flag, check.is_multiple, &outputs.audit);
    if !result.found && !outputs.config.is_empty() {
        result = lines(item, Place::Path, check.is_multiple, &outputs.config);
    }
    if !result.found && !item.env.is_empty() {
        result = lines(item, Place::Env, check.is_multiple, &outputs.env);
    }
    result
}

/// Every line must hold where a check says so; else the output is taken as one.
fn lines(item: &Item, place: Place, each: bool, output: &str) -> Result {
    let output = output.trim_end_matches([' ', '\n']);
    let mut result = Result { holds: false, found: false, expected: String::new(), actual: String::new() };
    for line in output.split(if each { '\n' } else { '\0' }) {
        result = one(item, place, line);
        if !result.holds {
            break;
        }
    }
    result.actual = output.to_owned();
    result
}

fn one(item: &Item, place: Place, text: &str) -> Result {
    let name = match place {
        Place::Flag => &item.flag,
        Place::Path => &item.path,
        Place::Env => &item.env,
    };
    let found = match place {
        Place::Flag => flag(name, text),
        Place::Path => path(name, text),
        Place::Env => env(name, text),
    };
    let Ok(value) = found else {
        return Result { holds: false, found: false, expected: String::new(), actual: String::new() };
    };
    let (expected, holds) = match (&value, item.set, &item.comparison) {
        (Some(value), true, Some(comparison)) => compare(comparison, value, name),
        (value, true, _) => (format!("'{name}' is present"), value.is_some()),
        (value, false, _) => (format!("'{name}' is not present"), value.is_none()),
    };
    Result { holds, found: value.is_some(), expected, actual: String::new() }
}

/// The value behind a flag, `true` for one without. The flag is an expression, as in the reference.
fn flag(name: &str, text: &str) -> std::result::Result<Option<String>, ()> {
    if text.is_empty() || name.is_empty() || !text.contains(name) {
        return Ok(None);
    }
    let expression = regex::Regex::new(&format!(r"({name})(=|: *)*([^\s]*) *")).map_err(|_| ())?;
    let groups = expression.captures(text).ok_or(())?;
    let group = |at: usize| groups.get(at).map_or("", |found| found.as_str());
    Ok(Some(match group(3) {
        "" if name.starts_with("--") => "true".to_owned(),
        "" => group(1).to_owned(),
        value => value.to_owned(),
    }))
}

fn path(name: &str, text: &str) -> std::result::Result<Option<String>, ()> {
    let source = Arc::new(SourceText::new("audit", text));
    let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
    if error.is_some() {
        return Err(());
    }
    let Some(document) = documents.first() else { return Ok(None) };
    let value = jsonpath::text(name, document.root()).map_err(|_| ())?;
    Ok(Some(value).filter(|value| !value.is_empty()))
}

fn env(name: &str, text: &str) -> std::result::Result<Option<String>, ()> {
    let lines = text.lines().filter_map(|line| line.split_once(&format!("{name}=")));
    Ok(lines.map(|(_, value)| value.to_owned()).next().filter(|value| !value.is_empty()))
}

fn compare(comparison: &Comparison, value: &str, name: &str) -> (String, bool) {
    let wanted = comparison.value.as_str();
    // Truth is compared whatever its case.
    let folded = value.to_lowercase();
    let equal = if matches!(folded.as_str(), "true" | "false") { folded == wanted } else { value == wanted };
    let number = |text: &str| text.trim().parse::<i64>().ok();
    match comparison.operator.as_str() {
        "eq" => (format!("'{name}' is equal to '{wanted}'"), equal),
        "noteq" => (format!("'{name}' is not equal to '{wanted}'"), !equal),
        operator @ ("gt" | "gte" | "lt" | "lte") => {
            let (Some(left), Some(right)) = (number(value), number(wanted)) else {
                return (format!("Invalid Number(s) used for comparison: '{value}' '{wanted}'"), false);
            };
            let (words, holds) = match operator {
                "gt" => ("greater than", left > right),
                "gte" => ("greater or equal to", left >= right),
                "lt" => ("lower than", left < right),
                _ => ("lower or equal to", left <= right),
            };
            (format!("'{name}' is {words} {wanted}"), holds)
        }
        "has" => (format!("'{name}' has '{wanted}'"), value.contains(wanted)),
        "nothave" => (format!("'{name}' does not have '{wanted}'"), !value.contains(wanted)),
        "regex" => {
            let holds = regex::Regex::new(wanted).is_ok_and(|expression| expression.is_match(value));
            (format!("'{name}' matched by regex expression '{wanted}'"), holds)
        }
        "valid_elements" => {
            let (given, allowed) = (elements(value), elements(wanted));
            let holds = given.is_empty() == allowed.is_empty() && given.iter().all(|element| allowed.contains(element));
            (format!("'{name}' contains valid elements from '{wanted}'"), holds)
        }
        "bitmask" => match (i64::from_str_radix(value, 8), i64::from_str_radix(wanted, 8)) {
            (Ok(given), Ok(most)) => (
                format!("{name} has permissions {value}, expected {wanted} or more restrictive"),
                most & given == given,
            ),
            (Err(_), _) => (format!("Not numeric value - flag: {value}"), false),
            (_, Err(_)) => (format!("Not numeric value - flag: {wanted}"), false),
        },
        _ => (String::new(), false),
    }
}

fn elements(text: &str) -> Vec<&str> {
    match text.trim().trim_end_matches(',') {
        "" => Vec::new(),
        list => list.split(',').map(str::trim).collect(),
    }
}
