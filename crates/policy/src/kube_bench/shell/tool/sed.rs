//! `sed` with substitutions, `-n` with `p`, and deletions by pattern.

use super::{Printed, texts, unsupported};
use crate::kube_bench::shell::{Unsupported, pattern};
use rampart_model::node::Node;
use regex::Regex;

enum Step {
    Substitute { pattern: Regex, replacement: String, global: bool, prints: bool },
    Print(Option<Regex>),
    Delete(Regex),
}

pub(super) fn sed(node: &dyn Node, words: &[&str], input: &str, out: &mut Printed) -> Result<u8, Unsupported> {
    let wrong = || unsupported("sed", words);
    let (mut quiet, mut extended, mut scripts, mut paths) = (false, false, Vec::new(), Vec::new());
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        match word {
            "-n" => quiet = true,
            "-E" | "-r" => extended = true,
            "-ne" | "-en" => {
                quiet = true;
                scripts.push(rest.next().ok_or_else(wrong)?);
            }
            "-e" => scripts.push(rest.next().ok_or_else(wrong)?),
            word if word.starts_with('-') => return Err(wrong()),
            word if scripts.is_empty() => scripts.push(word),
            path => paths.push(path),
        }
    }
    let steps: Option<Vec<Step>> = scripts.iter().map(|script| step(script.trim(), extended)).collect();
    let steps = steps.filter(|steps| !steps.is_empty()).ok_or_else(wrong)?;
    let (text, code) = texts(node, "sed", &paths, input, out);
    'lines: for line in text.lines() {
        let mut line = line.to_owned();
        for step in &steps {
            match step {
                Step::Substitute { pattern, replacement, global, prints } => {
                    let replaced = if *global {
                        pattern.replace_all(&line, replacement.as_str())
                    } else {
                        pattern.replace(&line, replacement.as_str())
                    };
                    if *prints && pattern.is_match(&line) {
                        out.line(&replaced);
                    }
                    line = replaced.into_owned();
                }
                Step::Print(pattern) => {
                    if pattern.as_ref().is_none_or(|pattern| pattern.is_match(&line)) {
                        out.line(&line);
                    }
                }
                Step::Delete(pattern) => {
                    if pattern.is_match(&line) {
                        continue 'lines;
                    }
                }
            }
        }
        if !quiet {
            out.line(&line);
        }
    }
    Ok(code)
}

fn step(script: &str, extended: bool) -> Option<Step> {
    if let Some(rest) = script.strip_prefix('s') {
        let mark = rest.chars().next()?;
        let mut parts = split(rest.get(mark.len_utf8()..)?, mark);
        let flags = parts.pop()?;
        let (replacement, wanted) = (parts.pop()?, parts.pop()?);
        if !parts.is_empty() || !flags.chars().all(|flag| matches!(flag, 'g' | 'p')) {
            return None;
        }
        return Some(Step::Substitute {
            pattern: pattern::compile(&wanted, extended, false)?,
            replacement: replaced_by(&replacement),
            global: flags.contains('g'),
            prints: flags.contains('p'),
        });
    }
    if script == "p" {
        return Some(Step::Print(None));
    }
    let (wanted, command) = script.strip_prefix('/')?.rsplit_once('/')?;
    let wanted = pattern::compile(wanted, extended, false)?;
    match command {
        "p" => Some(Step::Print(Some(wanted))),
        "d" => Some(Step::Delete(wanted)),
        _ => None,
    }
}

/// Parts between the marks; a mark behind a backslash is none.
fn split(text: &str, mark: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == mark {
            parts.push(String::new());
            continue;
        }
        let Some(part) = parts.last_mut() else { break };
        if character == '\\' {
            match characters.next() {
                Some(next) if next == mark => part.push(next),
                Some(next) => part.extend(['\\', next]),
                None => part.push('\\'),
            }
        } else {
            part.push(character);
        }
    }
    parts
}

/// `\1` and `&` in the library's words.
fn replaced_by(text: &str) -> String {
    let mut words = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some(digit) if digit.is_ascii_digit() => words.push_str(&format!("${{{digit}}}")),
                Some('n') => words.push('\n'),
                Some(other) => words.push(other),
                None => {}
            },
            '&' => words.push_str("${0}"),
            '$' => words.push_str("$$"),
            other => words.push(other),
        }
    }
    words
}
