//! `rampart node benchmark`: what kube-bench would say of a machine, and what can be known of it without a shell.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rampart_collect::{Root, processes_of};
use rampart_model::node::Process;
use rampart_policy::kube_bench::{Benchmark, Selection};

use super::definitions;
use crate::exit::{Exit, Refused};
use crate::output::plain;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A kube-bench `cfg` folder.
    #[arg(long, value_name = "FOLDER")]
    pub cfg: PathBuf,
    /// The benchmark in it, such as `cis-1.12`.
    #[arg(long, value_name = "NAME")]
    pub benchmark: String,
    /// Where the node's `/` is.
    #[arg(long, value_name = "FOLDER", default_value = "/")]
    pub root: PathBuf,
    /// Take the processes from this file (JSON: name to list of arguments) instead of the machine's own.
    #[arg(long, value_name = "FILE")]
    pub processes: Option<PathBuf>,
    /// Where the processes of the machine are seen, where no file is named.
    #[arg(long, value_name = "FOLDER", default_value = "/proc", conflicts_with = "processes")]
    pub proc: PathBuf,
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Only these kinds of node: `master`, `node`, `etcd`, `controlplane`, `policies`.
    #[arg(long, value_name = "TARGET", value_delimiter = ',')]
    pub targets: Vec<String>,
    /// Only these checks, by id.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub check: Vec<String>,
    /// Only these groups, by id.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub group: Vec<String>,
    /// Leave out these checks or groups, by id; they are listed as such.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Exit 1 where a check fails.
    #[arg(long)]
    pub fail: bool,
    /// Exit 4 where something could not be checked.
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Junit,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Refused> {
    let files = definitions::read(&arguments.cfg).map_err(Refused::usage)?;
    let benchmark = Benchmark::of(&files, &arguments.benchmark).map_err(Refused::usage)?;
    if let Some(wrong) = arguments.targets.iter().find(|target| benchmark.targets().all(|known| known != *target)) {
        let known: Vec<&str> = benchmark.targets().collect();
        let message =
            format!("benchmark `{}` has no target `{wrong}`; it has {}", arguments.benchmark, known.join(", "));
        return Err(Refused::usage(message));
    }
    let processes = processes(arguments).map_err(Refused::usage)?;
    let root = Root::open(&arguments.root, processes).map_err(Refused::usage)?;
    let selection = Selection {
        targets: arguments.targets.clone(),
        checks: arguments.check.clone(),
        groups: arguments.group.clone(),
        skips: arguments.skip.clone(),
        scored: None,
    };
    let (results, problems) = benchmark.run(&root, &selection);
    problems.iter().for_each(|problem| terminal.say(&plain(&format!("rampart: {problem}"))));
    match arguments.format {
        Format::Text => terminal.print(&results.text())?,
        Format::Junit => terminal.print(&results.junit())?,
        Format::Json => {
            let text = serde_json::to_string_pretty(&results).map_err(|error| Refused::error(error.to_string()))?;
            terminal.print(&format!("{text}\n"))?;
        }
    }
    let (fails, unknown) = (results.totals.total_fail, results.unknown());
    let exit = match (arguments.fail && fails > 0, problems.is_empty(), arguments.strict && unknown > 0) {
        (true, ..) => Exit::Gate,
        (_, false, _) => Exit::Usage,
        (_, _, true) => Exit::Incomplete,
        _ => Exit::Pass,
    };
    let count = results.checks().count();
    terminal.say(&format!(
        "exit {}: `{}`: {fails} of {count} checks fail, {unknown} could not be checked without running a program",
        exit.number(),
        plain(&arguments.benchmark)
    ));
    Ok(exit)
}

fn processes(arguments: &Arguments) -> Result<Vec<Process>, String> {
    let Some(path) = &arguments.processes else { return processes_of(&arguments.proc) };
    let wrong = |why: String| {
        format!(
            "`{}` cannot be read: {why}; write JSON such as {{\"kubelet\": [\"/usr/bin/kubelet\"]}}",
            path.display()
        )
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(crate::output::cause(&error).to_string()))?;
    let named: BTreeMap<String, Vec<String>> = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    Ok(named.into_iter().map(|(name, arguments)| Process { name, arguments }).collect())
}
