//! `test`, `[` and `[[`.

use super::Unsupported;
use super::tool::Printed;
use rampart_model::node::{Kind, Node};

/// What holds, and whether it could be asked at all.
type Verdict = Result<bool, Wrong>;

enum Wrong {
    /// An operand is no number, as the shell words it.
    Number(String),
    Unsupported(Unsupported),
}

pub(super) fn test(node: &dyn Node, arguments: &[String], line: usize, out: &mut Printed) -> Result<u8, Unsupported> {
    let Some((program, rest)) = arguments.split_first() else { return Ok(2) };
    let words: Vec<&str> = rest.iter().map(String::as_str).collect();
    let words = match (program.as_str(), words.as_slice()) {
        ("[" | "[[", [inside @ .., "]" | "]]"]) => inside.to_vec(),
        ("[" | "[[", _) => {
            out.error(&format!("/bin/sh: {line}: [: missing ]\n"));
            return Ok(2);
        }
        _ => words,
    };
    match any(node, &words) {
        Ok(holds) => Ok(u8::from(!holds)),
        Err(Wrong::Number(text)) => {
            out.error(&format!("/bin/sh: {line}: {program}: Illegal number: {text}\n"));
            Ok(2)
        }
        Err(Wrong::Unsupported(unsupported)) => Err(unsupported),
    }
}

fn any(node: &dyn Node, words: &[&str]) -> Verdict {
    for part in words.split(|word| matches!(*word, "||" | "-o")) {
        if all(node, part)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn all(node: &dyn Node, words: &[&str]) -> Verdict {
    for part in words.split(|word| matches!(*word, "&&" | "-a")) {
        if !one(node, part)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn one(node: &dyn Node, words: &[&str]) -> Verdict {
    let kind = |path: &str| node.stat(path).map(|stat| stat.kind);
    Ok(match words {
        [] => false,
        // A single word is asked for its length, also where an empty operand has gone.
        [text] => !text.is_empty(),
        ["!", rest @ ..] => !one(node, rest)?,
        ["-e", path] => kind(path).is_some(),
        ["-f", path] => kind(path) == Some(Kind::File),
        ["-d", path] => kind(path) == Some(Kind::Directory),
        ["-r" | "-w" | "-x", path] => kind(path).is_some(),
        ["-s", path] => node.stat(path).is_some_and(|stat| stat.size > 0),
        ["-z", text] => text.is_empty(),
        ["-n", text] => !text.is_empty(),
        [left, "=" | "==", right] => left == right,
        [left, "!=", right] => left != right,
        [left, operator @ ("-eq" | "-ne" | "-gt" | "-ge" | "-lt" | "-le"), right] => {
            let (left, right) = (number(left)?, number(right)?);
            match *operator {
                "-eq" => left == right,
                "-ne" => left != right,
                "-gt" => left > right,
                "-ge" => left >= right,
                "-lt" => left < right,
                _ => left <= right,
            }
        }
        _ => {
            let text = words.join(" ");
            return Err(Wrong::Unsupported(Unsupported(format!("`test {text}` is not interpreted without a shell"))));
        }
    })
}

fn number(text: &str) -> Result<i64, Wrong> {
    text.trim().parse().map_err(|_| Wrong::Number(text.to_owned()))
}
