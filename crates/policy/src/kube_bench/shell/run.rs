//! The machine that a script runs on: variables, what was printed, and the bounds.

use std::collections::BTreeMap;

use super::Unsupported;
use super::ast::{Command, Connector, Kind, List, Pipeline, Redirect};
use super::tool::{self, Printed};
use rampart_model::node::{Node, Unread};

/// Commands of one script.
const STEPS: u32 = 20_000;
const MOST_BYTES: usize = 16 << 20;
/// Files that one pattern may mean.
pub(super) const MOST_WORDS: usize = 100_000;
/// Shells within shells, and substitutions within substitutions.
const DEPTH: u32 = 30;
/// What a shell answers with for a program that is not there.
const NOT_FOUND: u8 = 127;

pub(super) struct Machine<'n> {
    node: &'n dyn Node,
    variables: BTreeMap<String, String>,
    printed: String,
    missing: Vec<String>,
    last: u8,
    steps: u32,
    depth: u32,
    /// Set by `exit`, until the shell that it ends has ended.
    ended: bool,
    /// A `continue` or `break` that looks for its loop.
    jump: Option<Jump>,
    /// `bash` knows `[[`.
    is_bash: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Jump {
    Continue,
    Break,
}

type Done<T> = Result<T, Unsupported>;

impl<'n> Machine<'n> {
    pub(super) fn new(node: &'n dyn Node) -> Self {
        Self {
            node,
            variables: BTreeMap::new(),
            printed: String::new(),
            missing: Vec::new(),
            last: 0,
            steps: STEPS,
            depth: 0,
            ended: false,
            jump: None,
            is_bash: false,
        }
    }

    pub(super) fn node(&self) -> &'n dyn Node {
        self.node
    }

    pub(super) fn variable(&self, name: &str) -> String {
        if name == "?" { self.last.to_string() } else { self.variables.get(name).cloned().unwrap_or_default() }
    }

    pub(super) fn printed(&mut self) -> String {
        std::mem::take(&mut self.printed)
    }

    pub(super) fn missing(self) -> Vec<String> {
        self.missing
    }

    /// The outermost script: what it prints on either way is printed.
    pub(super) fn script(&mut self, list: &List) -> Done<u8> {
        let mut out = Printed::default();
        let code = self.list(list, &mut String::new(), &mut out);
        self.print(&out.text)?;
        code
    }

    fn print(&mut self, text: &str) -> Done<()> {
        if self.printed.len() + text.len() > MOST_BYTES {
            return Err(Unsupported("the audit prints more than we keep".to_owned()));
        }
        self.printed.push_str(text);
        Ok(())
    }

    /// What a substituted script prints. Its errors go where ours go.
    pub(super) fn captured(&mut self, list: &List) -> Done<String> {
        self.deeper()?;
        let mut out = Printed { is_apart: true, ..Printed::default() };
        let (variables, ended) = (self.variables.clone(), self.ended);
        let code = self.list(list, &mut String::new(), &mut out);
        self.variables = variables;
        self.ended = ended;
        self.jump = None;
        self.depth -= 1;
        self.last = code?;
        self.print(&out.errors)?;
        Ok(out.text)
    }

    fn deeper(&mut self) -> Done<()> {
        self.depth += 1;
        if self.depth > DEPTH { Err(Unsupported("the audit nests too deep".to_owned())) } else { Ok(()) }
    }

    fn list(&mut self, list: &List, input: &mut String, out: &mut Printed) -> Done<u8> {
        let mut code = self.last;
        for (connector, pipeline) in list {
            let runs = match connector {
                Connector::Always => true,
                Connector::And => code == 0,
                Connector::Or => code != 0,
            };
            if runs {
                code = self.pipeline(pipeline, input, out)?;
                self.last = code;
            }
            if self.ended || self.jump.is_some() {
                break;
            }
        }
        Ok(code)
    }

    fn pipeline(&mut self, pipeline: &Pipeline, input: &mut String, out: &mut Printed) -> Done<u8> {
        let Some((last, before)) = pipeline.commands.split_last() else { return Ok(0) };
        let mut code;
        if before.is_empty() {
            code = self.command(last, input, out)?;
        } else {
            // Each runs in a shell of its own: what it sets is gone with it.
            let (variables, ended) = (self.variables.clone(), self.ended);
            let mut text = std::mem::take(input);
            for command in before {
                let mut piped = Printed { is_apart: true, ..Printed::default() };
                self.command(command, &mut text, &mut piped)?;
                self.variables.clone_from(&variables);
                (self.ended, self.jump) = (ended, None);
                out.error(&piped.errors);
                text = piped.text;
                if text.len() > MOST_BYTES {
                    return Err(Unsupported("the audit prints more than we keep".to_owned()));
                }
            }
            code = self.command(last, &mut text, out)?;
            self.variables = variables;
            (self.ended, self.jump) = (ended, None);
        }
        if pipeline.negated {
            code = u8::from(code == 0);
        }
        Ok(code)
    }

    fn command(&mut self, command: &Command, input: &mut String, out: &mut Printed) -> Done<u8> {
        self.steps =
            self.steps.checked_sub(1).ok_or_else(|| Unsupported("the audit takes too many steps".to_owned()))?;
        let mut given = String::new();
        for redirect in &command.redirects {
            if let Redirect::InputFrom(word) = redirect {
                let path = self.text(word)?;
                match self.node.read(&path) {
                    Ok(text) => given = text,
                    Err(_) => {
                        out.error(&format!("/bin/sh: {}: cannot open {path}: No such file\n", command.line));
                        return Ok(2);
                    }
                }
            }
        }
        let reads_file = command.redirects.iter().any(|redirect| matches!(redirect, Redirect::InputFrom(_)));
        let input = if reads_file { &mut given } else { input };
        let mut own = Printed { is_apart: true, ..Printed::default() };
        let before = self.printed.len();
        let code = self.kind(command, input, &mut own)?;
        for redirect in &command.redirects {
            match redirect {
                Redirect::ErrorsToNothing => {
                    own.errors.clear();
                    // What substitutions complained of goes the same way.
                    self.printed.truncate(before);
                }
                Redirect::OutputToNothing => own.text.clear(),
                Redirect::ErrorsToOutput => own.text.push_str(&std::mem::take(&mut own.errors)),
                Redirect::OutputToErrors => own.errors.push_str(&std::mem::take(&mut own.text)),
                Redirect::InputFrom(_) => {}
            }
        }
        if !out.is_apart {
            // Outermost: what substitutions printed stands before what came of them.
            let earlier = self.printed.split_off(before);
            out.text.push_str(&earlier);
        }
        out.error(&own.errors);
        out.text.push_str(&own.text);
        Ok(code)
    }

    fn kind(&mut self, command: &Command, input: &mut String, out: &mut Printed) -> Done<u8> {
        match &command.kind {
            Kind::Simple { assignments, words } => {
                let arguments = self.arguments(words)?;
                if arguments.is_empty() {
                    self.last = 0;
                    for (name, word) in assignments {
                        let value = self.text(word)?;
                        self.variables.insert(name.clone(), value);
                    }
                    return Ok(self.last);
                }
                self.call(&arguments, command.line, input, out)
            }
            Kind::If { arms, otherwise } => {
                for (condition, then) in arms {
                    let holds = self.list(condition, input, out)? == 0;
                    if self.ended || self.jump.is_some() {
                        return Ok(self.last);
                    }
                    if holds {
                        self.last = 0;
                        return self.list(then, input, out);
                    }
                }
                self.last = 0;
                otherwise.as_ref().map_or(Ok(0), |list| self.list(list, input, out))
            }
            Kind::For { name, words, body } => {
                let mut code = 0;
                for word in self.arguments(words)? {
                    self.variables.insert(name.clone(), word);
                    code = self.list(body, input, out)?;
                    if self.ended || self.leaves() {
                        break;
                    }
                }
                Ok(code)
            }
            Kind::While { condition, body } => {
                let mut code = 0;
                while self.list(condition, input, out)? == 0 && !self.ended {
                    code = self.list(body, input, out)?;
                    if self.ended || self.leaves() {
                        break;
                    }
                }
                Ok(code)
            }
            Kind::Group(list) => self.list(list, input, out),
            Kind::Subshell(list) => {
                let (variables, ended) = (self.variables.clone(), self.ended);
                let code = self.list(list, input, out)?;
                self.variables = variables;
                (self.ended, self.jump) = (ended, None);
                Ok(code)
            }
        }
    }

    /// Whether a `break` was for this loop; a `continue` was, and is done with.
    fn leaves(&mut self) -> bool {
        self.jump.take() == Some(Jump::Break)
    }

    fn call(&mut self, arguments: &[String], line: usize, input: &mut String, out: &mut Printed) -> Done<u8> {
        let Some((program, rest)) = arguments.split_first() else { return Ok(0) };
        match program.rsplit('/').next().unwrap_or(program) {
            "exit" | "return" => {
                self.ended = true;
                Ok(rest.first().and_then(|code| code.parse().ok()).unwrap_or(self.last))
            }
            "continue" => {
                self.jump = Some(Jump::Continue);
                Ok(0)
            }
            "break" => {
                self.jump = Some(Jump::Break);
                Ok(0)
            }
            "set" | "export" | "unset" => Ok(0),
            "read" => Ok(self.read(rest, input)),
            "sh" | "bash" | "dash" | "ash" => self.shell(program, rest, input, out),
            "[[" if !self.is_bash => {
                out.error(&format!("/bin/sh: {line}: [[: not found\n"));
                Ok(NOT_FOUND)
            }
            "test" | "[" | "[[" => super::test::test(self.node, arguments, line, out),
            "xargs" => tool::xargs::split(rest, input)?.map_or(Ok(0), |calls| {
                let mut code = 0;
                for call in calls {
                    if self.call(&call, line, &mut String::new(), out)? != 0 {
                        code = 123;
                    }
                }
                Ok(code)
            }),
            name => {
                if let Some(code) = tool::call(self.node, name, rest, input, out)? {
                    return Ok(code);
                }
                if !self.missing.contains(&name.to_owned()) {
                    self.missing.push(name.to_owned());
                }
                out.error(&format!("/bin/sh: {line}: {program}: not found\n"));
                Ok(NOT_FOUND)
            }
        }
    }

    fn shell(&mut self, program: &str, rest: &[String], input: &mut String, out: &mut Printed) -> Done<u8> {
        let [flag, script, ..] = rest else {
            return Err(Unsupported("an interactive shell is not interpreted".to_owned()));
        };
        if flag != "-c" {
            return Err(Unsupported(format!("`{program} {flag}` is not interpreted without a shell")));
        }
        self.deeper()?;
        let list = super::parse::script(script)?;
        let (variables, ended, bash) = (self.variables.clone(), self.ended, self.is_bash);
        // Nothing of ours is exported.
        self.variables.clear();
        self.is_bash = program.ends_with("bash");
        let code = self.list(&list, input, out);
        self.variables = variables;
        (self.ended, self.jump, self.is_bash) = (ended, None, bash);
        self.depth -= 1;
        code
    }

    /// The next line of the input into variables; the last one takes the rest.
    fn read(&mut self, names: &[String], input: &mut String) -> u8 {
        if input.is_empty() {
            return 1;
        }
        let (line, rest) = input.split_once('\n').unwrap_or((input.as_str(), ""));
        let (mut line, rest) = (line.trim().to_owned(), rest.to_owned());
        *input = rest;
        let names: Vec<&String> = names.iter().filter(|name| !name.starts_with('-')).collect();
        for (at, name) in names.iter().enumerate() {
            let is_last = at + 1 == names.len();
            let (word, rest) = match line.split_once(char::is_whitespace) {
                Some((word, rest)) if !is_last => (word.to_owned(), rest.trim_start().to_owned()),
                _ => (line.clone(), String::new()),
            };
            self.variables.insert((*name).clone(), word);
            line = rest;
        }
        0
    }
}

/// How the tools tell of a file that they cannot read.
pub(super) fn reason(unread: Unread) -> &'static str {
    match unread {
        Unread::Missing => "No such file or directory",
        Unread::Denied => "Permission denied",
        Unread::Directory => "Is a directory",
        Unread::Refused => "Not a regular file",
    }
}
