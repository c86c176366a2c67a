//! A whole benchmark over a node: which files, which checks, in which order.

use std::collections::BTreeMap;

use super::check::{self, State};
use super::config::Config;
use super::controls::Controls;
use super::report::{CheckResult, ControlsResult, GroupResult, Results};
use rampart_model::Node;

/// The files of a `cfg` folder by their path in it, such as `cis-1.12/master.yaml`.
pub type Files = BTreeMap<String, String>;

/// Kinds of nodes in the order in which they are run where a benchmark does not say one.
const TARGETS: [&str; 6] = ["master", "controlplane", "etcd", "node", "policies", "managedservices"];

/// Which checks are wanted; nothing named means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    pub targets: Vec<String>,
    /// Ids of checks, and of groups.
    pub checks: Vec<String>,
    pub groups: Vec<String>,
    /// Ids of checks or groups that are told of and not run.
    pub skips: Vec<String>,
    pub scored: Option<bool>,
}

#[derive(Debug)]
pub struct Benchmark {
    name: String,
    config: Config,
    /// Target to its file's name and text.
    controls: Vec<(String, String, String)>,
}

impl Benchmark {
    /// # Errors
    /// There is no such benchmark, or its configuration cannot be read.
    pub fn of(files: &Files, name: &str) -> Result<Self, String> {
        let general = files
            .get("config.yaml")
            .ok_or("there is no `config.yaml` in the folder: name a kube-bench `cfg` folder")?;
        let config = Config::of(general, files.get(&format!("{name}/config.yaml")).map(String::as_str))?;
        let prefix = format!("{name}/");
        let own = files.iter().filter_map(|(path, text)| {
            let target = path.strip_prefix(&prefix)?.strip_suffix(".yaml").filter(|target| *target != "config")?;
            Some((target.to_owned(), path.clone(), text.clone()))
        });
        let mut controls: Vec<(String, String, String)> = own.collect();
        if controls.is_empty() {
            let known: Vec<&str> = names(files);
            return Err(format!("there is no benchmark `{name}`; there are {}", known.join(", ")));
        }
        let order = config.targets(name);
        let place = |target: &String| {
            let known = TARGETS.iter().position(|known| known == target).unwrap_or(TARGETS.len());
            (order.iter().position(|named| named == target).unwrap_or(order.len()), known)
        };
        controls.sort_by_key(|(target, ..)| place(target));
        Ok(Self { name: name.to_owned(), config, controls })
    }

    /// The kinds of nodes that it has checks for.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.controls.iter().map(|(target, ..)| target.as_str())
    }

    /// Judges a node. What cannot be read is told of beside the results.
    pub fn run(&self, node: &dyn Node, selection: &Selection) -> (Results, Vec<String>) {
        let (mut results, mut problems) = (Results::of(&self.name), Vec::new());
        for (target, path, text) in &self.controls {
            if !selection.targets.is_empty() && !selection.targets.contains(target) {
                continue;
            }
            let text = self.config.substitutes(target, node).apply(text);
            match Controls::read(path, &text) {
                Ok(controls) => results.add(judged(&controls, target, node, selection)),
                Err(error) => problems.push(error.to_string()),
            }
        }
        (results, problems)
    }
}

/// The benchmarks of a folder.
pub fn names(files: &Files) -> Vec<&str> {
    let mut names: Vec<&str> = files.keys().filter_map(|path| path.split_once('/').map(|(name, _)| name)).collect();
    names.dedup();
    names
}

fn judged(controls: &Controls, target: &str, node: &dyn Node, selection: &Selection) -> ControlsResult {
    let mut result = ControlsResult::of(controls, target);
    for group in &controls.groups {
        let is_skipped = group.kind == "skip" || selection.skips.contains(&group.id);
        let mut checked = GroupResult::of(group);
        for check in &group.checks {
            let is_wanted = (selection.checks.is_empty() || selection.checks.contains(&check.id))
                && (selection.groups.is_empty() || selection.groups.contains(&group.id))
                && selection.scored.is_none_or(|scored| scored == check.scored);
            if is_wanted {
                let verdict = check::judge(check, is_skipped || selection.skips.contains(&check.id), node);
                checked.add(CheckResult::of(check, verdict));
            }
        }
        if !checked.is_empty() {
            result.add(checked);
        }
    }
    result
}

/// How many checks of each kind a folder has: automated, manual and left out; and how many groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    pub groups: usize,
    pub automated: usize,
    pub manual: usize,
    pub skipped: usize,
}

impl Benchmark {
    /// Counts without a node, for whoever wants to know whether all was read.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn census(&self) -> Result<Census, String> {
        let mut census = Census::default();
        for (_, path, text) in &self.controls {
            let controls = Controls::read(path, text).map_err(|error| error.to_string())?;
            census.groups += controls.groups.len();
            for check in controls.groups.iter().flat_map(|group| &group.checks) {
                match check.kind.as_str() {
                    "manual" => census.manual += 1,
                    "skip" => census.skipped += 1,
                    _ => census.automated += 1,
                }
            }
        }
        Ok(census)
    }

    /// Ids of all checks, in the letters of their source.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn ids(&self) -> Result<Vec<String>, String> {
        let mut ids = Vec::new();
        for (_, path, text) in &self.controls {
            let controls = Controls::read(path, text).map_err(|error| error.to_string())?;
            ids.extend(controls.groups.into_iter().flat_map(|group| group.checks).map(|check| check.id));
        }
        Ok(ids)
    }
}

impl super::report::Totals {
    pub(super) fn count(&mut self, state: State) {
        *match state {
            State::Pass => &mut self.total_pass,
            State::Fail => &mut self.total_fail,
            State::Warn => &mut self.total_warn,
            State::Info => &mut self.total_info,
        } += 1;
    }
}
