//! A page about one rule: for `explain` in the terminal, and in Markdown for the generated documentation.

use std::io::{self, Write};

use rampart_model::{Check, Control, Kinds, Layer, Rule};

use crate::markdown::{prose, table_code};
use crate::terminal::Paint;
use crate::text::{pad, visible, wrap};
use crate::{Format, Layout, in_memory};

/// Manifests that show the rule at work; empty where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Examples<'a> {
    /// The rule finds something in it.
    pub failing: &'a str,
    /// The same put right.
    pub passing: &'a str,
}

/// The page in Markdown where that is asked for, else as text for the terminal.
pub fn page(rule: &Rule, examples: Examples<'_>, format: Format, layout: &Layout) -> String {
    match format {
        Format::Markdown => in_memory(|out| markdown(rule, examples, out)),
        _ => in_memory(|out| terminal(rule, examples, layout, out)),
    }
}

fn terminal(rule: &Rule, examples: Examples<'_>, layout: &Layout, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint { colour: layout.colour };
    let width = layout.width.clamp(80, 120);
    let severity = paint.severity(rule.severity, rule.severity.id());
    writeln!(out, "{}  {}  {severity}\n", paint.bold(rule.id), rule.control.title())?;
    writeln!(out, "{}\n", paint.bold(rule.title))?;
    let maps = maps(rule).join(", ");
    for (label, text) in [
        ("why", rule.why),
        ("fix", rule.fix),
        ("reads", &subject(&rule.check)),
        ("part of", &part(rule.control)),
        ("see", &maps),
    ] {
        for (position, line) in wrap(text, width - 9).iter().enumerate() {
            writeln!(out, "{}{line}", paint.dim(&pad(if position == 0 { label } else { "" }, 9)))?;
        }
    }
    for (title, text) in [("Found in", examples.failing), ("Not found in", examples.passing)] {
        if !text.trim().is_empty() {
            writeln!(out, "\n{}", paint.bold(title))?;
            for line in text.trim_end().lines() {
                writeln!(out, "{}", format!("    {}", visible(line)).trim_end())?;
            }
        }
    }
    Ok(())
}

fn markdown(rule: &Rule, examples: Examples<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}\n", prose(rule.title))?;
    writeln!(out, "| | |\n| --- | --- |")?;
    writeln!(out, "| Rule | {} |", table_code(rule.id))?;
    writeln!(out, "| Severity | {} |", rule.severity)?;
    writeln!(out, "| Control | {} |", part(rule.control))?;
    writeln!(out, "| Reads | {} |", prose(&subject(&rule.check)))?;
    let maps = maps(rule);
    if !maps.is_empty() {
        writeln!(out, "| See | {} |", prose(&maps.join(", ")))?;
    }
    writeln!(out, "\n## Why\n\n{}\n\n## Fix\n\n{}", prose(rule.why), prose(rule.fix))?;
    for (title, text) in [("Found in", examples.failing), ("Not found in", examples.passing)] {
        if !text.trim().is_empty() {
            let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            writeln!(out, "\n## {title}\n\n{fence}yaml\n{}\n{fence}", text.trim_end())?;
        }
    }
    Ok(())
}

/// The table of contents of the documentation: every rule below its layer and control, linked to
/// `<control>/<rule>.md`.
pub fn index(rules: &[&Rule]) -> String {
    in_memory(|out| {
        writeln!(out, "# Rules\n")?;
        writeln!(
            out,
            "{} rules over fifteen controls. `rampart explain RULE` shows a page in the terminal.",
            rules.len()
        )?;
        for layer in Layer::ALL {
            for control in Control::ALL.into_iter().filter(|control| control.layer() == layer) {
                let mut own: Vec<&&Rule> = rules.iter().filter(|rule| rule.control == control).collect();
                if own.is_empty() {
                    continue;
                }
                own.sort_by_key(|rule| rule.id);
                writeln!(out, "\n## {}\n\n{}\n", control.title(), place(control))?;
                writeln!(out, "| Rule | Severity | Problem |\n| --- | --- | --- |")?;
                for rule in own {
                    let link = format!("[{}]({}.md)", table_code(rule.id), rule.id);
                    writeln!(out, "| {link} | {} | {} |", rule.severity, prose(rule.title))?;
                }
            }
        }
        Ok(())
    })
}

fn part(control: Control) -> String {
    format!("{}, {}", control.title(), place(control))
}

fn place(control: Control) -> String {
    format!("{} layer, {} phase", control.layer().id(), control.phase().id())
}

fn maps(rule: &Rule) -> Vec<String> {
    rule.maps_to.iter().map(|mapping| format!("{} {}", mapping.0.title(), mapping.1)).collect()
}

/// What the rule looks at.
fn subject(check: &Check) -> String {
    match check {
        Check::Object { kinds: Kinds::All, .. } => "every object on its own; can judge at admission".to_owned(),
        Check::Object { kinds: Kinds::Of(kinds), .. } => {
            let kinds: Vec<_> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
            format!("{}, each on its own; can judge at admission", kinds.join(", "))
        }
        Check::Pod { .. } => {
            "each Pod, and the pod of everything that makes pods, on its own; can judge at admission".to_owned()
        }
        Check::Cluster { .. } => "all objects together".to_owned(),
        Check::Waivers => "the waivers, when all findings are known".to_owned(),
        Check::Elsewhere { command } => format!("nothing that objects show; run `{command}`"),
    }
}
