//! The programs that audits call, over a collected node.

mod awk;
mod find;
mod grep;
mod lines;
mod ps;
mod sed;
mod stat;
pub(super) mod xargs;

use super::Unsupported;
use super::run::reason;
use rampart_model::node::Node;

/// What a command printed: errors apart where somebody reads the output only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Printed {
    pub(super) text: String,
    pub(super) errors: String,
    pub(super) is_apart: bool,
}

impl Printed {
    pub(super) fn error(&mut self, text: &str) {
        if self.is_apart { self.errors.push_str(text) } else { self.text.push_str(text) }
    }

    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }
}

type Code = Result<Option<u8>, Unsupported>;

/// Calls a tool by its name; none where there is no such tool.
pub(super) fn call(node: &dyn Node, name: &str, words: &[String], input: &mut String, out: &mut Printed) -> Code {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let taken = || input.clone();
    Ok(Some(match name {
        "true" | ":" => 0,
        "false" => 1,
        "echo" => echo(&words, out),
        "printf" => printf(&words, out)?,
        "cat" => cat(node, &words, &std::mem::take(input), out),
        "ps" => ps::ps(node, &words, out)?,
        "grep" => {
            let text = taken();
            grep::grep(node, &words, false, input, &text, out)?
        }
        "egrep" => {
            let text = taken();
            grep::grep(node, &words, true, input, &text, out)?
        }
        "stat" => stat::stat(node, &words, out)?,
        "find" => find::find(node, &words, out)?,
        "ls" => find::ls(node, &words, out)?,
        "sed" => sed::sed(node, &words, &std::mem::take(input), out)?,
        "awk" | "gawk" | "mawk" => awk::awk(node, &words, &std::mem::take(input), out)?,
        "head" | "tail" | "wc" | "sort" | "uniq" | "tr" | "cut" | "paste" => {
            lines::call(name, node, &words, &std::mem::take(input), out)?
        }
        // Without input it has nothing to say; what it makes of some is not for us.
        "jq" if input.is_empty() && !words.iter().any(|word| word.starts_with('-') && word.contains(['s', 'n'])) => 0,
        _ => return Ok(None),
    }))
}

pub(super) fn unsupported(program: &str, words: &[&str]) -> Unsupported {
    Unsupported(format!("`{program} {}` is not interpreted without a shell", words.join(" ")))
}

/// As the shell's own: a backslash has a meaning.
fn echo(words: &[&str], out: &mut Printed) -> u8 {
    let (words, ends) = match words {
        ["-n", rest @ ..] => (rest, false),
        ["-e", rest @ ..] => (rest, true),
        _ => (words, true),
    };
    out.text.push_str(&unescaped(&words.join(" ")));
    if ends {
        out.text.push('\n');
    }
    0
}

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('\\') | None => plain.push('\\'),
            Some(other) => {
                plain.push('\\');
                plain.push(other);
            }
        }
    }
    plain
}

fn printf(words: &[&str], out: &mut Printed) -> Result<u8, Unsupported> {
    let Some((format, rest)) = words.split_first() else { return Ok(1) };
    let format = unescaped(format);
    let mut rest = rest.iter();
    let mut pieces = format.split('%');
    out.text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let behind = match piece.strip_prefix(['s', 'd']) {
            Some(behind) => {
                out.text.push_str(rest.next().copied().unwrap_or_default());
                behind
            }
            None => return Err(unsupported("printf", words)),
        };
        out.text.push_str(behind);
    }
    Ok(0)
}

fn cat(node: &dyn Node, words: &[&str], input: &str, out: &mut Printed) -> u8 {
    if words.is_empty() {
        out.text.push_str(input);
        return 0;
    }
    let mut code = 0;
    for path in words.iter().filter(|word| !word.starts_with('-')) {
        match node.read(path) {
            Ok(text) => out.text.push_str(&text),
            Err(unread) => {
                // Programs are called by the path that stood there, and name themselves so.
                out.error(&format!("cat: {path}: {}\n", reason(unread)));
                code = 1;
            }
        }
    }
    code
}

/// The text of the files, or of the input where none is named.
fn texts(node: &dyn Node, program: &str, paths: &[&str], input: &str, out: &mut Printed) -> (String, u8) {
    if paths.is_empty() {
        return (input.to_owned(), 0);
    }
    let (mut text, mut code) = (String::new(), 0);
    for path in paths {
        match node.read(path) {
            Ok(content) => text.push_str(&content),
            Err(unread) => {
                out.error(&format!("{program}: {path}: {}\n", reason(unread)));
                code = 2;
            }
        }
    }
    (text, code)
}
