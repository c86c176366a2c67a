//! `rampart diff`: two reports, and what changed between them.

use rampart_report::diff::FORMATS;
use rampart_report::{Layout, Report};

use crate::cli;
use crate::exit::{Exit, Refused};
use crate::output;
use crate::terminal::Terminal;

pub fn run(arguments: &cli::Diff, terminal: &Terminal) -> Result<Exit, Refused> {
    if !FORMATS.contains(&arguments.format) {
        return Err(Refused::usage("a difference is printed as terminal, json or markdown"));
    }
    let (before, after) = (output::read(&arguments.before)?, output::read(&arguments.after)?);
    let parse = |path: &std::path::Path, text| {
        Report::parse(text).map_err(|reason| Refused::usage(format!("`{}`: {reason}", path.display())))
    };
    let (before, after) = (parse(&arguments.before, &before)?, parse(&arguments.after, &after)?);
    let difference = rampart_report::diff::Diff::of(&before, &after);
    let layout = Layout { width: terminal.width, colour: terminal.color, ..Layout::default() };
    terminal.print_with(|out| difference.write(arguments.format, &layout, out))?;
    let grave = |least| difference.new.iter().filter(|finding| finding.severity >= least).count();
    let (exit, why) = match arguments.fail_on.map(|least| (least, grave(least))) {
        Some((least, count)) if count > 0 => {
            (Exit::Gate, format!("{count} new findings of severity {least} or graver"))
        }
        _ => (Exit::Pass, format!("{} new, {} fixed", difference.new.len(), difference.fixed.len())),
    };
    terminal.say(&format!("exit {}: {why}", exit.number()));
    Ok(exit)
}
