//! `rampart explain`: the page of a rule, or the list of all.

use rampart_controls::{example, rules};
use rampart_model::Rule;
use rampart_report::explain::{Examples, page};
use rampart_report::{Format, Layout};

use crate::cli::Explain;
use crate::exit::{Exit, Refused};
use crate::terminal::Terminal;

pub fn run(arguments: &Explain, terminal: &Terminal) -> Result<Exit, Refused> {
    if !matches!(arguments.format, Format::Terminal | Format::Markdown) {
        return Err(Refused::usage("a rule is explained as terminal or markdown"));
    }
    let wanted = arguments.rule.as_deref().unwrap_or("");
    let rules = rules();
    let exact: Vec<&Rule> = rules.iter().copied().filter(|rule| rule.id == wanted).collect();
    let found =
        if exact.is_empty() { rules.into_iter().filter(|rule| rule.id.starts_with(wanted)).collect() } else { exact };
    match found.as_slice() {
        [] => Err(Refused::usage(format!("no rule begins with `{wanted}`: `rampart explain` lists all"))),
        [rule] => {
            let (failing, passing) = example::of(rule.id);
            let layout = Layout { width: terminal.width, colour: terminal.color, ..Layout::default() };
            let examples = Examples { failing: &failing, passing: &passing };
            terminal.print(&page(rule, examples, arguments.format, &layout))?;
            Ok(Exit::Pass)
        }
        several => {
            terminal.print(&list(several))?;
            Ok(Exit::Pass)
        }
    }
}

fn list(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    rules.iter().map(|rule| format!("{:width$}  {:8}  {}\n", rule.id, rule.severity.id(), rule.title)).collect()
}
