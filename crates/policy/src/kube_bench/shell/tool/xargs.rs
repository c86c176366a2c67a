//! `xargs`: which commands it would call.

use super::unsupported;
use crate::kube_bench::shell::Unsupported;

/// Words in one call.
const AT_ONCE: usize = 5_000;

/// The calls, each with its arguments; none where there is nothing to do.
pub(in crate::kube_bench::shell) fn split(
    words: &[String],
    input: &mut String,
) -> Result<Option<Vec<Vec<String>>>, Unsupported> {
    let text = std::mem::take(input);
    let (mut mark, mut only_some, mut by_line) = (None, false, false);
    let mut rest = words.iter();
    let mut command: Vec<String> = Vec::new();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "--no-run-if-empty" | "-r" => only_some = true,
            "-I" => mark = rest.next().cloned(),
            "-L" | "-n" => by_line = rest.next().map(String::as_str) == Some("1"),
            "-L1" | "-n1" => by_line = true,
            "-t" => {}
            option if option.starts_with("-I") => mark = option.strip_prefix("-I").map(str::to_owned),
            option if option.starts_with('-') => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                return Err(unsupported("xargs", &words));
            }
            _ => {
                command.push(word.clone());
                command.extend(rest.by_ref().cloned());
            }
        }
    }
    if command.is_empty() {
        command.push("echo".to_owned());
    }
    if let Some(mark) = mark {
        let with = |line: &str| command.iter().map(|word| word.replace(&mark, line)).collect();
        let lines = text.lines().map(str::trim_start).filter(|line| !line.is_empty());
        return Ok(Some(lines.map(with).collect()));
    }
    let with = |words: &[&str]| command.iter().cloned().chain(words.iter().map(|word| (*word).to_owned())).collect();
    if by_line {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        return Ok(Some(lines.map(|line| with(&line.split_ascii_whitespace().collect::<Vec<_>>())).collect()));
    }
    let found: Vec<&str> = text.split_ascii_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
    if found.is_empty() {
        return Ok((!only_some).then(|| vec![command]));
    }
    Ok(Some(found.chunks(AT_ONCE).map(with).collect()))
}
