//! `rampart policy test`: what policies say of the resources of their test cases, row by row.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rampart_policy::gatekeeper::{Preference, cases as suites};
use rampart_policy::kyverno::cases::{self, Row};

use super::files;
use crate::exit::{Exit, Refused};
use crate::output::plain;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder with test cases.
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Refused> {
    let (mut found, prefix) = files::read(&arguments.folder).map_err(Refused::usage)?;
    let within = |path: &str| prefix.is_empty() || path == prefix || path.starts_with(&format!("{prefix}/"));
    let named = |name: &str| -> Vec<String> {
        found.keys().filter(|path| within(path) && path.rsplit('/').next() == Some(name)).cloned().collect()
    };
    let (tests, suites) = (named(cases::NAME), named("suite.yaml"));
    if tests.is_empty() && suites.is_empty() {
        let message = format!(
            "there is no `{}` and no `suite.yaml` in `{}`: name a folder with test cases",
            cases::NAME,
            arguments.folder.display()
        );
        return Err(Refused { exit: Exit::Usage, message });
    }
    // Cases may name files beside and above the folder.
    let wanted: Vec<String> = tests.iter().flat_map(|path| cases::named(path, &found)).collect();
    files::add(&arguments.folder, &mut found, &wanted);
    let (mut rows, mut text, mut missed) = (Vec::new(), String::new(), 0usize);
    let (mut count, mut problems) = (0usize, Vec::new());
    for path in &tests {
        let ran = cases::run(path, &found, None).map_err(Refused::usage)?;
        problems.extend(ran.problems);
        for row in ran.rows {
            count += 1;
            missed += usize::from(!row.is_met());
            text.push_str(&line(&row));
            rows.push(serde_json::to_value(&row).map_err(|error| Refused::error(error.to_string()))?);
        }
    }
    for path in &suites {
        let told = suites::run(path, &found, Preference::Cel);
        for row in told {
            count += 1;
            missed += usize::from(!row.holds());
            let verdict = if row.holds() { "ok  " } else { "MISS" };
            let place = format!("{}/{}/{} assertion {}", row.suite, row.test, row.case, row.assertion);
            text.push_str(&plain(&format!("{verdict} {place}: expected {}, {}", row.expected, row.actual)));
            text.push('\n');
            rows.push(row.to_json());
        }
    }
    problems.iter().for_each(|problem| terminal.say(&plain(&format!("rampart: {problem}"))));
    match arguments.format {
        Format::Text => terminal.print(&text)?,
        Format::Json => terminal.print(&format!("{}\n", serde_json::json!({ "results": rows })))?,
    }
    // What could not be read was not tested, which is no pass.
    let exit = match (missed, problems.len() + usize::from(count == 0)) {
        (1.., _) => Exit::Gate,
        (0, 1..) => Exit::Usage,
        (0, 0) => Exit::Pass,
    };
    let none = rows.iter().filter(|row| row.get("actual").is_some_and(|actual| actual == "none")).count();
    terminal.say(&format!(
        "exit {}: {missed} of {count} rows are not as expected; in {none} of them no rule applied; {} things could not be read",
        exit.number(),
        problems.len()
    ));
    Ok(exit)
}

fn line(row: &Row) -> String {
    let Row { policy, rule, resource, kind, namespace, expected, actual, message, .. } = row;
    let verdict = if row.is_met() { "ok  " } else { "MISS" };
    let why = if row.is_met() || message.is_empty() { String::new() } else { format!(": {message}") };
    plain(&format!("{verdict} {policy}/{rule} {kind} {namespace}/{resource}: expected {expected}, {actual}{why}"))
        + "\n"
}
