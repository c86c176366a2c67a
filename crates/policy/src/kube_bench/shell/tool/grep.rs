//! `grep`, basic and extended.

use super::{Printed, unsupported};
use crate::kube_bench::shell::run::reason;
use crate::kube_bench::shell::{Unsupported, pattern};
use rampart_model::node::Node;

#[derive(Default)]
struct Options {
    extended: bool,
    fixed: bool,
    inverted: bool,
    folded: bool,
    quiet: bool,
    only: bool,
    counts: bool,
    words: bool,
    after: usize,
    most: Option<usize>,
}

pub(super) fn grep(
    node: &dyn Node,
    words: &[&str],
    extended: bool,
    input: &mut String,
    text: &str,
    out: &mut Printed,
) -> Result<u8, Unsupported> {
    let wrong = || unsupported("grep", words);
    let mut options = Options { extended, ..Options::default() };
    let (mut patterns, mut paths, mut is_option) = (Vec::new(), Vec::new(), true);
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        match word {
            "--" if is_option => is_option = false,
            word if is_option && word.len() > 1 && word.starts_with('-') => {
                let mut letters = word.chars().skip(1);
                while let Some(letter) = letters.next() {
                    let mut value = || -> Option<String> {
                        let own: String = letters.by_ref().collect();
                        if own.is_empty() { rest.next().map(str::to_owned) } else { Some(own) }
                    };
                    match letter {
                        'E' => options.extended = true,
                        'F' => options.fixed = true,
                        'v' => options.inverted = true,
                        'i' => options.folded = true,
                        'q' => options.quiet = true,
                        'o' => options.only = true,
                        'c' => options.counts = true,
                        'w' => options.words = true,
                        'h' | 's' => {}
                        'e' => patterns.push(value().ok_or_else(wrong)?),
                        'A' => options.after = value().and_then(|count| count.parse().ok()).ok_or_else(wrong)?,
                        'm' => options.most = Some(value().and_then(|count| count.parse().ok()).ok_or_else(wrong)?),
                        _ => return Err(wrong()),
                    }
                }
            }
            word if patterns.is_empty() => patterns.push(word.to_owned()),
            path => paths.push(path),
        }
    }
    let Some(wanted) = patterns.first() else {
        out.error("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n");
        return Ok(2);
    };
    let mut wanted = if options.fixed { regex::escape(wanted) } else { wanted.clone() };
    if options.words {
        wanted = format!(r"\<{wanted}\>");
    }
    let expression = pattern::compile(&wanted, options.extended || options.fixed, options.folded).ok_or_else(wrong)?;
    let mut found = 0usize;
    let mut code = None;
    let files = if paths.is_empty() {
        vec![(None, text.to_owned())]
    } else {
        let mut files = Vec::new();
        for path in &paths {
            match node.read(path) {
                Ok(content) => files.push((Some(*path), content)),
                Err(unread) => {
                    out.error(&format!("grep: {path}: {}\n", reason(unread)));
                    code = Some(2);
                }
            }
        }
        files
    };
    for (path, content) in &files {
        let prefix = path.filter(|_| paths.len() > 1).map(|path| format!("{path}:")).unwrap_or_default();
        let mut shown_until = 0;
        let lines: Vec<&str> = content.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let matches = expression.is_match(line) != options.inverted;
            if matches && options.most.is_none_or(|most| found < most) {
                found += 1;
                shown_until = at + 1 + options.after;
                if options.only && !options.inverted {
                    let parts = expression.find_iter(line).filter(|part| !part.is_empty());
                    parts.filter(|_| !options.quiet).for_each(|part| out.line(&format!("{prefix}{}", part.as_str())));
                    continue;
                }
            }
            if at < shown_until && !options.quiet && !options.counts && !options.only {
                out.line(&format!("{prefix}{line}"));
            }
        }
    }
    // A quiet one stops at the first match and leaves the rest to who reads after it.
    if paths.is_empty() {
        *input = match (options.quiet, found) {
            (true, 1..) => text
                .lines()
                .skip_while(|line| !expression.is_match(line))
                .skip(1)
                .map(|line| format!("{line}\n"))
                .collect(),
            _ => String::new(),
        };
    }
    if options.counts {
        out.line(&found.to_string());
    }
    Ok(code.unwrap_or_else(|| u8::from(found == 0)))
}
