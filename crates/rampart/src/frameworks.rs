//! `rampart frameworks`, and the framework that a scan answers to.

use std::io::{self, Write};
use std::path::Path;

use rampart_controls::rules;
use rampart_model::Evaluation;
use rampart_report::document::FrameworkEntry;
use rampart_report::framework::{Seen, builtin, list, read};
use rampart_report::{Format, Framework, Report, ReportContext};

use crate::cli::Frameworks;
use crate::exit::{Exit, Refused};
use crate::output;
use crate::terminal::Terminal;

pub fn run(arguments: &Frameworks, terminal: &Terminal) -> Result<Exit, Refused> {
    let chosen = arguments.framework.as_deref().map(choose).transpose()?;
    let frameworks: Vec<&Framework> = match &chosen {
        Some(framework) => vec![framework],
        None => builtin().iter().collect(),
    };
    terminal.print(&list(&frameworks, &rules(), terminal.width))?;
    Ok(Exit::Pass)
}

/// The framework of an id, or of a file.
///
/// # Errors
/// There is neither, or the file has mistakes; each is said with its line.
pub fn choose(word: &str) -> Result<Framework, Refused> {
    if let Some(framework) = builtin().iter().find(|framework| framework.id == word) {
        return Ok(framework.clone());
    }
    let path = Path::new(word);
    if !path.is_file() {
        let known: Vec<_> = builtin().iter().map(|framework| framework.id.as_str()).collect();
        return Err(Refused::usage(format!(
            "no framework and no file is called `{word}`: use one of {}, or a file of your own",
            known.join(", ")
        )));
    }
    read(word, &output::read(path)?, &rules()).map_err(|doubts| {
        let lines: Vec<_> = doubts.iter().map(|doubt| output::plain(&doubt.to_string())).collect();
        Refused::usage(format!("the framework cannot be used:\n{}", lines.join("\n")))
    })
}

/// What reports say of frameworks beside their findings.
#[derive(Debug, Default)]
pub struct Sections {
    /// The one that was asked for, with every requirement.
    named: Vec<FrameworkEntry<'static>>,
    /// The counts of all that are known, for reports to auditors.
    known: Vec<FrameworkEntry<'static>>,
}

impl Sections {
    /// Asks the whole evaluation, before findings are left out of it.
    pub fn of(
        framework: Option<&Framework>,
        evaluation: &Evaluation,
        context: &ReportContext<'_>,
        formats: &[Format],
    ) -> Self {
        let summed = framework.is_none() && formats.iter().any(|format| sums(*format));
        if framework.is_none() && !summed {
            return Self::default();
        }
        let report = Report::of(evaluation, context);
        let seen = Seen::of(&report);
        let known = if summed { builtin() } else { &[] };
        Self {
            named: framework.iter().map(|framework| framework.assess(&seen).into_owned()).collect(),
            known: known.iter().map(|framework| framework.assess(&seen).summary().into_owned()).collect(),
        }
    }

    /// Writes a report with what it is to say of frameworks.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn write(
        &self,
        evaluation: &Evaluation,
        context: &ReportContext<'_>,
        format: Format,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let own = if sums(format) && self.named.is_empty() { &self.known } else { &self.named };
        if own.is_empty() {
            return rampart_report::write(evaluation, context, format, out);
        }
        let mut report = Report::of(evaluation, context);
        report.frameworks.clone_from(own);
        rampart_report::write_report(&report, &context.layout, format, out)
    }
}

/// Formats that are read by auditors: these sum up all frameworks unasked.
fn sums(format: Format) -> bool {
    matches!(format, Format::Html | Format::Pdf)
}
