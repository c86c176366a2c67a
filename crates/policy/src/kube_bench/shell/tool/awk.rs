//! `awk` that prints fields, of all lines or of those that a pattern fits.

use super::{Printed, texts, unsupported};
use crate::kube_bench::shell::{Unsupported, pattern};
use rampart_model::node::Node;
use regex::Regex;

pub(super) fn awk(node: &dyn Node, words: &[&str], input: &str, out: &mut Printed) -> Result<u8, Unsupported> {
    let wrong = || unsupported("awk", words);
    let (mut separator, mut program, mut paths) = (None, None, Vec::new());
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        match word {
            "-F" => separator = Some(rest.next().ok_or_else(wrong)?),
            word if word.starts_with("-F") => separator = word.strip_prefix("-F"),
            word if word.starts_with('-') => return Err(wrong()),
            word if program.is_none() => program = Some(word.trim()),
            path => paths.push(path),
        }
    }
    let program = program.ok_or_else(wrong)?;
    let (condition, action) = match program.strip_prefix('/') {
        Some(rest) => {
            let (wanted, action) = rest.split_once('/').ok_or_else(wrong)?;
            (Some(pattern::compile(wanted, true, false).ok_or_else(wrong)?), action.trim())
        }
        None => (None, program),
    };
    let printed = match action {
        "" => vec![Item::Field(0)],
        _ => items(action).ok_or_else(wrong)?,
    };
    let separator = separator.map(|text| split_at(text).ok_or_else(wrong)).transpose()?;
    let (text, code) = texts(node, "awk", &paths, input, out);
    for line in text.lines().filter(|line| condition.as_ref().is_none_or(|condition| condition.is_match(line))) {
        let fields: Vec<&str> = match &separator {
            Some(separator) => separator.split(line).collect(),
            None => line.split_ascii_whitespace().collect(),
        };
        let shown = printed.iter().map(|item| match item {
            Item::Text(text) => text.as_str(),
            Item::Field(0) => line,
            Item::Field(number) => fields.get(number - 1).copied().unwrap_or_default(),
            Item::Last => fields.last().copied().unwrap_or_default(),
        });
        out.line(&shown.collect::<String>());
    }
    Ok(code)
}

enum Item {
    Field(usize),
    Last,
    Text(String),
}

/// `{print $1, $NF "x"}`; none for any other action.
fn items(action: &str) -> Option<Vec<Item>> {
    let inside = action.strip_prefix('{')?.strip_suffix('}')?.trim().trim_end_matches(';').trim();
    let mut rest = inside.strip_prefix("print")?.trim();
    let mut items = Vec::new();
    if rest.is_empty() {
        return Some(vec![Item::Field(0)]);
    }
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(',') {
            items.push(Item::Text(" ".to_owned()));
            rest = behind.trim_start();
        } else if let Some(behind) = rest.strip_prefix("$NF") {
            items.push(Item::Last);
            rest = behind.trim_start();
        } else if let Some(behind) = rest.strip_prefix('$') {
            let digits = behind.find(|character: char| !character.is_ascii_digit()).unwrap_or(behind.len());
            let (number, behind) = behind.split_at_checked(digits)?;
            items.push(Item::Field(number.parse().ok()?));
            rest = behind.trim_start();
        } else {
            let (text, behind) = rest.strip_prefix('"')?.split_once('"')?;
            items.push(Item::Text(text.to_owned()));
            rest = behind.trim_start();
        }
    }
    Some(items)
}

/// One character means itself, more are an expression.
fn split_at(text: &str) -> Option<Regex> {
    match text.chars().count() {
        1 => Regex::new(&regex::escape(text)).ok(),
        _ => pattern::compile(text, true, false),
    }
}
