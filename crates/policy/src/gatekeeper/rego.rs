//! Rego of a template: compiled once, run on a copy of the engine with limits.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, Value};
use serde_json::Value as Tree;

use super::{recursion, source};

/// How long one evaluation may take.
const LONGEST: Duration = Duration::from_millis(60);
/// Steps between two looks at the timer.
const STEPS: u32 = 4;
/// Violations that one evaluation may tell of.
const MOST_VIOLATIONS: usize = 1_000;

/// A compiled template.
#[derive(Clone)]
pub struct Rego {
    engine: Engine,
    entry: String,
    needs_time: bool,
    needs_inventory: bool,
}

impl Rego {
    /// Compiles the rules and what they import.
    ///
    /// # Errors
    /// The source does not parse, or wants what is not answered here.
    pub fn compile(rego: &str, libraries: &[String]) -> Result<Self, String> {
        let mut engine = Engine::new();
        engine.set_rego_v0(true);
        engine.set_execution_timer_config(ExecutionTimerConfig {
            limit: LONGEST,
            check_interval: NonZeroU32::new(STEPS).unwrap_or(NonZeroU32::MIN),
        });
        let main = source::prepared(rego)?;
        let mut needs_time = main.contains(source::NOW);
        let mut needs_inventory = main.contains("inventory");
        let mut modules = vec![main.clone()];
        let package = engine.add_policy("template.rego".to_owned(), main).map_err(|error| told(&error))?;
        for (position, library) in libraries.iter().enumerate() {
            let library = source::prepared(library)?;
            needs_time |= library.contains(source::NOW);
            needs_inventory |= library.contains("inventory");
            modules.push(library.clone());
            let package = engine.add_policy(format!("lib{position}.rego"), library).map_err(|error| told(&error))?;
            if !package.starts_with("data.lib.") {
                return Err(format!("a library must be in a package below `lib`, not `{package}`"));
            }
        }
        if let Some(function) = recursion::recursive(&modules) {
            return Err(format!("the function `{function}` calls itself; Rego has no recursion"));
        }
        let entry = format!("{package}.violation");
        let mut trial = engine.clone();
        trial.set_input(Value::from(serde_json::json!({"review": {}, "parameters": {}})));
        // Compiled here, once; a rule that merely has nothing to say yet is no error.
        if let Err(error) = trial.eval_rule(entry.clone()) {
            let text = told(&error);
            if text.contains("not a valid rule path") || text.contains("ecursi") {
                return Err(text);
            }
        }
        Ok(Self { engine, entry, needs_time, needs_inventory })
    }

    pub fn needs_inventory(&self) -> bool {
        self.needs_inventory
    }

    /// What the rules say: the message of each violation.
    ///
    /// # Errors
    /// A limit is reached, or the rules fail.
    pub fn run(&self, input: Value, inventory: Option<&Tree>, now: Option<i128>) -> Result<Vec<String>, String> {
        let mut data = BTreeMap::new();
        if let Some(inventory) = inventory.filter(|_| self.needs_inventory) {
            data.insert(Value::from("inventory"), Value::from(inventory.clone()));
        }
        match now {
            Some(now) if self.needs_time => {
                let clock = BTreeMap::from([(Value::from("now"), Value::from(now))]);
                data.insert(Value::from("rampart"), Value::from(clock));
            }
            None if self.needs_time => return Err("the rules ask for the time, which is not known here".to_owned()),
            _ => {}
        }
        let mut engine = self.engine.clone();
        if !data.is_empty() {
            engine.add_data(Value::from(data)).map_err(|error| told(&error))?;
        }
        engine.set_input(input);
        let found = engine.eval_rule(self.entry.clone()).map_err(|error| told(&error))?;
        let found: Tree = serde_json::to_value(&found).map_err(|error| error.to_string())?;
        let Tree::Array(found) = found else { return Ok(Vec::new()) };
        if found.len() > MOST_VIOLATIONS {
            return Err(format!("more than {MOST_VIOLATIONS} violations"));
        }
        found
            .iter()
            .map(|violation| {
                let message = violation.get("msg").and_then(Tree::as_str);
                message.map(str::to_owned).ok_or_else(|| "a violation has no text `msg`".to_owned())
            })
            .collect()
    }
}

/// The last line of an error tells what is wrong, behind where it is.
fn told(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('|'));
    lines.collect::<Vec<_>>().join(" ").chars().take(500).collect()
}
