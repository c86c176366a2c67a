//! `rampart fix`: changes to manifests that remove findings.

use similar::TextDiff;

use rampart_controls::plan::{self, FilePlan};

use crate::cli::Fix;
use crate::exit::{Exit, Refused};
use crate::output;
use crate::scan;
use crate::terminal::Terminal;

/// Exits 1 where `--dry-run` proposes changes, as a formatter does that is asked to check.
pub fn run(arguments: &Fix, terminal: &Terminal) -> Result<Exit, Refused> {
    let mut evaluation = scan::evaluate(&arguments.input, None)?;
    if !arguments.rule.is_empty() {
        evaluation.findings.retain(|finding| arguments.rule.iter().any(|rule| finding.rule.starts_with(rule.as_str())));
    }
    let mut plans = Vec::new();
    for (file, findings) in plan::by_file(&evaluation.findings) {
        if file == "-" {
            terminal.say("standard input is not changed: name a file");
            continue;
        }
        let text = output::read(std::path::Path::new(&file))?;
        plans.push(plan::change(&file, &text, &findings));
    }
    for plan in &plans {
        plan.refused
            .iter()
            .for_each(|refused| terminal.say(&output::plain(&format!("{}: not changed: {refused}", plan.file))));
        if arguments.write && plan.before != plan.after {
            output::write(std::path::Path::new(&plan.file), &plan.after)?;
        }
    }
    if !arguments.write {
        let diff: String = plans.iter().map(unified).collect();
        terminal.print(&diff)?;
    }
    let applied: usize = plans.iter().map(|plan| plan.applied.len()).sum();
    let refused: usize = plans.iter().map(|plan| plan.refused.len()).sum();
    let changed = plans.iter().filter(|plan| plan.before != plan.after).count();
    let exit = if changed > 0 && !arguments.write { Exit::Gate } else { Exit::Pass };
    let verb = if arguments.write { "changed" } else { "would change" };
    terminal.say(&format!(
        "exit {}: {verb} {changed} files for {applied} findings; {refused} left to a person",
        exit.number()
    ));
    Ok(exit)
}

fn unified(plan: &FilePlan) -> String {
    if plan.before == plan.after {
        return String::new();
    }
    let file = output::plain(&plan.file);
    TextDiff::from_lines(&plan.before, &plan.after)
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{file}"), &format!("b/{file}"))
        .to_string()
}
