//! The small tools that work line by line.

use super::{Printed, texts, unsupported};
use crate::kube_bench::shell::Unsupported;
use rampart_model::node::Node;

pub(super) fn call(
    name: &str,
    node: &dyn Node,
    words: &[&str],
    input: &str,
    out: &mut Printed,
) -> Result<u8, Unsupported> {
    match name {
        "tr" => return tr(words, input, out),
        "cut" => return cut(words, input, out),
        "paste" => return paste(words, input, out),
        _ => {}
    }
    let (options, paths): (Vec<&str>, Vec<&str>) = split(words);
    let (text, code) = texts(node, name, &paths, input, out);
    let wrong = || unsupported(name, words);
    let mut lines: Vec<&str> = text.lines().collect();
    match (name, options.as_slice()) {
        ("head" | "tail", options) => {
            let count = count(options).ok_or_else(wrong)?;
            let kept = if name == "head" { lines.get(..count) } else { lines.get(lines.len().saturating_sub(count)..) };
            kept.unwrap_or(&lines).iter().for_each(|line| out.line(line));
        }
        ("wc", ["-l"]) => out.line(&text.matches('\n').count().to_string()),
        ("sort", options) => {
            lines.sort_unstable();
            match options {
                [] => {}
                ["-u"] => lines.dedup(),
                ["-r"] => lines.reverse(),
                _ => return Err(wrong()),
            }
            lines.iter().for_each(|line| out.line(line));
        }
        ("uniq", []) => {
            lines.dedup();
            lines.iter().for_each(|line| out.line(line));
        }
        _ => return Err(wrong()),
    }
    Ok(code)
}

/// Options with their numbers, and what remains.
fn split<'w>(words: &[&'w str]) -> (Vec<&'w str>, Vec<&'w str>) {
    let (mut options, mut paths) = (Vec::new(), Vec::new());
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        if word.starts_with('-') && word.len() > 1 {
            options.push(word);
            if word == "-n" {
                options.extend(rest.next());
            }
        } else {
            paths.push(word);
        }
    }
    (options, paths)
}

fn count(options: &[&str]) -> Option<usize> {
    match options {
        [] => Some(10),
        ["-n", number] => number.parse().ok(),
        [option] => option.trim_start_matches("-n").trim_start_matches('-').parse().ok(),
        _ => None,
    }
}

fn tr(words: &[&str], input: &str, out: &mut Printed) -> Result<u8, Unsupported> {
    match words {
        ["-d", set] => out.text.extend(input.chars().filter(|character| !letters(set).contains(character))),
        [from, to] if !from.starts_with('-') => {
            let (from, to) = (letters(from), letters(to));
            let last = to.last().copied().ok_or_else(|| unsupported("tr", words))?;
            out.text.extend(input.chars().map(|character| match from.iter().position(|letter| *letter == character) {
                Some(at) => to.get(at).copied().unwrap_or(last),
                None => character,
            }));
        }
        _ => return Err(unsupported("tr", words)),
    }
    Ok(0)
}

fn letters(set: &str) -> Vec<char> {
    match set {
        "\\n" => vec!['\n'],
        "\\0" | "\\000" => vec!['\0'],
        "[:upper:]" | "A-Z" => ('A'..='Z').collect(),
        "[:lower:]" | "a-z" => ('a'..='z').collect(),
        "[:space:]" => vec![' ', '\t', '\n', '\r'],
        _ => set.chars().collect(),
    }
}

fn cut(words: &[&str], input: &str, out: &mut Printed) -> Result<u8, Unsupported> {
    let (mut mark, mut field) = ("\t", None);
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        match word {
            "-d" => mark = rest.next().unwrap_or(mark),
            "-f" => field = rest.next(),
            word if word.starts_with("-d") => mark = word.strip_prefix("-d").unwrap_or(mark),
            word if word.starts_with("-f") => field = word.strip_prefix("-f"),
            _ => return Err(unsupported("cut", words)),
        }
    }
    let number = field.and_then(|field| field.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
    let number = number.ok_or_else(|| unsupported("cut", words))?;
    for line in input.lines() {
        // A line without the mark is shown as it is.
        out.line(if line.contains(mark) { line.split(mark).nth(number).unwrap_or_default() } else { line });
    }
    Ok(0)
}

fn paste(words: &[&str], input: &str, out: &mut Printed) -> Result<u8, Unsupported> {
    let mark = match words {
        ["-sd" | "-s", mark, "-"] => mark.trim_start_matches("-d"),
        [joined, "-"] => joined.strip_prefix("-sd").ok_or_else(|| unsupported("paste", words))?,
        _ => return Err(unsupported("paste", words)),
    };
    out.line(&input.lines().collect::<Vec<_>>().join(mark));
    Ok(0)
}
