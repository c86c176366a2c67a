//! `rampart scan`: targets in, an evaluation and its reports out.

use std::borrow::Cow;
use std::path::Path;

use rampart_collect::{Collected, Options, Target};
use rampart_controls::Evaluator;
use rampart_model::{Evaluation, Rule, Severity};
use rampart_report::baseline::Baseline;
use rampart_report::{Format, Framework, Layout, ReportContext};

use crate::cli::{Input, Scan};
use crate::exit::{Exit, Refused};
use crate::frameworks::{self, Sections};
use crate::gate::{self, Gates};
use crate::output;
use crate::settings;
use crate::terminal::Terminal;

pub fn run(arguments: &Scan, terminal: &Terminal) -> Result<Exit, Refused> {
    // Everything that may be refused is looked at before the first byte is read.
    let outputs = arguments.output.iter().map(|word| output::parse(word)).collect::<Result<Vec<_>, _>>()?;
    let known = arguments.baseline.as_deref().map(read_baseline).transpose()?;
    let framework = arguments.framework.as_deref().map(frameworks::choose).transpose()?;
    let evaluation = evaluate(&arguments.input, arguments.save_snapshot.as_deref())?;
    let (exit, why) = gate::judge(
        &evaluation,
        &Gates {
            fail_on: arguments.fail_on,
            fail_below: arguments.fail_below,
            strict: arguments.strict,
            known: known.as_ref(),
        },
    );
    if let Some(path) = &arguments.save_baseline {
        output::write(path, &Baseline::of(&evaluation).to_json())?;
    }
    let rules = rampart_controls::rules();
    let shown = wanted(&evaluation, arguments.severity, framework.as_ref(), &rules);
    let layout = Layout { width: terminal.width, colour: terminal.color, limit: arguments.limit };
    let context = ReportContext { version: env!("CARGO_PKG_VERSION"), generated: None, rules: &rules, layout };
    // Auditors ask when; other reports must not change with time.
    let now = arguments.input.now.unwrap_or_else(jiff::Timestamp::now).to_string();
    let dated = |format: Format| matches!(format, Format::Oscal | Format::Pdf).then_some(now.as_str());
    let plain = ReportContext { layout: Layout { colour: false, ..context.layout.clone() }, ..context.clone() };
    let formats: Vec<Format> = outputs.iter().map(|(format, _)| *format).chain([arguments.format]).collect();
    let sections = Sections::of(framework.as_ref(), &evaluation, &plain, &formats);
    for (format, path) in &outputs {
        let context = ReportContext { generated: dated(*format), ..plain.clone() };
        output::write_with(path, |out| sections.write(&shown, &context, *format, out))?;
    }
    let context = ReportContext { generated: dated(arguments.format), ..context };
    terminal.print_with(|out| sections.write(&shown, &context, arguments.format, out))?;
    let last = format!("exit {}: {why}", exit.number());
    if arguments.format == Format::Terminal {
        terminal.print(&format!("{last}\n"))?;
    } else {
        evaluation.diagnostics.iter().for_each(|diagnostic| terminal.say(&output::plain(&diagnostic.to_string())));
        terminal.say(&last);
    }
    Ok(exit)
}

/// Reads the targets and asks every rule.
///
/// # Errors
/// A target as a whole cannot be read, or none is named.
pub fn evaluate(input: &Input, snapshot: Option<&Path>) -> Result<Evaluation, Refused> {
    let targets = targets(input)?;
    if snapshot.is_some() && targets.len() > 1 {
        return Err(Refused::usage("a snapshot holds one target: scan them one by one, each with its own snapshot"));
    }
    let (mut settings, doubts) = settings::of(input)?;
    let options =
        Options { namespaces: settings.namespaces.clone(), snapshot: snapshot.map(Path::to_owned), ..Options::new() };
    for target in &targets {
        settings.kubernetes_version = match settings.kubernetes_version {
            Some(version) => Some(version),
            None => rampart_collect::release(target, &options)?,
        };
    }
    let rules = rampart_controls::rules();
    let mut whole: Option<Evaluator<'_>> = None;
    let mut diagnostics = doubts;
    for target in &targets {
        let start = || Evaluator::new(&settings, &rules);
        let (collected, parts) = rampart_collect::read(target, &options, start, Evaluator::document)?;
        // The first part takes the others in, so that the largest is not copied.
        whole = whole.into_iter().chain(parts).reduce(|mut whole, part| {
            whole.merge(part);
            whole
        });
        take(collected, whole.get_or_insert_with(start), &mut diagnostics);
    }
    let whole = whole.unwrap_or_else(|| Evaluator::new(&settings, &rules));
    let name = targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Ok(whole.finish(&name, diagnostics))
}

fn targets(input: &Input) -> Result<Vec<Target>, Refused> {
    let kubeconfig = input.kubeconfig.as_deref();
    let words = input.targets.iter().cloned();
    let contexts = input.context.iter().map(|name| format!("context:{name}"));
    let mut words: Vec<String> = words.chain(contexts).collect();
    if words.is_empty() && kubeconfig.is_some() {
        words.push("context:".to_owned());
    }
    if words.is_empty() {
        return Err(Refused::usage("nothing to scan was named: give a folder, a file, `-` or `--context NAME`"));
    }
    words.iter().map(|word| Target::parse(word, kubeconfig).map_err(Refused::from)).collect()
}

fn take(collected: Collected, whole: &mut Evaluator<'_>, diagnostics: &mut Vec<rampart_model::Diagnostic>) {
    diagnostics.extend(collected.diagnostics);
    whole.missed.extend(
        collected.missed.into_iter().map(|missed| (format!("{}: {}", missed.source, missed.reason), missed.remedy)),
    );
    whole.facts.unseen.extend(collected.unseen);
    whole.facts.is_cluster |= collected.is_cluster;
    whole.facts.server_version = whole.facts.server_version.or(collected.server_version);
}

/// The evaluation with only the findings that are wanted; verdicts, scores and counts stay those of the whole.
fn wanted<'e>(
    evaluation: &'e Evaluation,
    least: Option<Severity>,
    framework: Option<&Framework>,
    rules: &[&'static Rule],
) -> Cow<'e, Evaluation> {
    if least.is_none() && framework.is_none() {
        return Cow::Borrowed(evaluation);
    }
    let mut shown = evaluation.clone();
    if let Some(least) = least {
        shown.findings.retain(|finding| finding.severity >= least);
    }
    if let Some(framework) = framework {
        rampart_report::framework::restrict(&mut shown, framework, rules);
    }
    Cow::Owned(shown)
}

fn read_baseline(path: &Path) -> Result<Baseline, Refused> {
    let text = output::read(path)?;
    Baseline::parse(&text).map_err(|reason| Refused::usage(format!("`{}`: {reason}", path.display())))
}
