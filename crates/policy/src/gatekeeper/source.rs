//! A pass over Rego source before the interpreter reads it: what OPA accepts and the interpreter reads otherwise is
//! written so that both mean the same, and what nothing here may do is refused.
//!
//! - A line that begins with `(` or `[` behind a whole expression is a statement of its own, no call and no index.
//! - `head {..} {..}` is two rules.
//! - `not f(a.b)` is undefined where `a.b` is: the argument is worked out before the negation.
//! - `sprintf` with fewer arguments than verbs says so in the text, as Go does, and does not fail.
//! - `re_match` is the old name of `regex.match`.
//! - `time.now_ns()` is the time that the world tells.

/// One word of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'s> {
    pub(super) text: &'s str,
    start: usize,
    pub(super) kind: Kind,
    pub(super) follows_newline: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Text,
    Number,
    Sign,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is(&self, sign: &str) -> bool {
        self.text == sign && self.kind != Kind::Text
    }

    fn ends_expression(&self) -> bool {
        match self.kind {
            Kind::Word => !matches!(self.text, "not" | "in" | "some" | "every" | "with" | "as" | "if" | "contains"),
            Kind::Text | Kind::Number => true,
            Kind::Sign => matches!(self.text, ")" | "]" | "}"),
        }
    }
}

/// Longest source that is read, in bytes.
const LONGEST: usize = 1 << 20;
/// How deep brackets may nest.
const DEEPEST: usize = 64;
/// Functions that ask somebody else, or chance.
const REFUSED: [(&str, &str); 7] = [
    ("http.send", "calls out, which no policy may here"),
    ("external_data", "asks a provider, whose answer is not known here"),
    ("opa.runtime", "asks for the process, which no policy may here"),
    ("numbers.range", "makes lists of any length, which are not bounded here"),
    ("numbers.range_step", "makes lists of any length, which are not bounded here"),
    ("rand.intn", "depends on chance"),
    ("net.lookup_ip_addr", "calls out, which no policy may here"),
];
/// Where the time lies for policies.
pub const NOW: &str = "data.rampart.now";

/// Source that means the same to the interpreter as the given one means to OPA.
///
/// # Errors
/// The source is too long or too deep, or names a function that is not answered here.
pub fn prepared(source: &str) -> Result<String, String> {
    if source.len() > LONGEST {
        return Err(format!("the Rego has more than {LONGEST} bytes; split it"));
    }
    let tokens = tokens(source);
    bounded(&tokens)?;
    let mut edits = Edits::default();
    refuse_and_replace(&tokens, &mut edits)?;
    fill_formats(&tokens, &mut edits);
    part_lines(&tokens, &mut edits);
    part_bodies(source, &tokens, &mut edits);
    hoist_arguments(source, &tokens, &mut edits);
    Ok(edits.apply(source))
}

/// Texts to put in at a place, and stretches to leave out.
#[derive(Default)]
struct Edits {
    made: Vec<(usize, usize, String)>,
}

impl Edits {
    fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.made.push((at, at, text.into()));
    }

    fn replace(&mut self, start: usize, end: usize, text: impl Into<String>) {
        self.made.push((start, end, text.into()));
    }

    fn apply(mut self, source: &str) -> String {
        self.made.sort_by_key(|(start, end, _)| (*start, *end));
        let (mut out, mut at) = (String::with_capacity(source.len() + 64), 0);
        for (start, end, text) in &self.made {
            // A change inside a stretch that was changed already is dropped.
            let Some(kept) = source.get(at..*start) else { continue };
            out.push_str(kept);
            out.push_str(text);
            at = *end;
        }
        out.push_str(source.get(at..).unwrap_or_default());
        out
    }
}

pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let (mut found, mut at, mut follows_newline) = (Vec::new(), 0, true);
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        let length = match first {
            '\n' => {
                follows_newline = true;
                at += 1;
                continue;
            }
            '#' => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '"' => quoted(rest),
            '`' => rest.get(1..).and_then(|inner| inner.find('`')).map_or(rest.len(), |end| end + 2),
            _ if is_word(first) => rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()),
            _ => [":=", "==", "!=", "<=", ">="]
                .iter()
                .find(|sign| rest.starts_with(**sign))
                .map_or(first.len_utf8(), |sign| sign.len()),
        };
        let kind = match first {
            '"' | '`' => Kind::Text,
            _ if first.is_ascii_digit() => Kind::Number,
            _ if is_word(first) => Kind::Word,
            _ => Kind::Sign,
        };
        found.push(Token { text: rest.get(..length).unwrap_or(rest), start: at, kind, follows_newline });
        follows_newline = false;
        at += length;
    }
    found
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// How long the text in double quotes at the start is, with its quotes.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            '\n' => return at,
            _ => {}
        }
    }
    rest.len()
}

fn bounded(tokens: &[Token<'_>]) -> Result<(), String> {
    let mut depth = 0_usize;
    for token in tokens.iter().filter(|token| token.kind == Kind::Sign) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("brackets of the Rego nest deeper than {DEEPEST}; simplify the rule"));
        }
    }
    Ok(())
}

/// The dotted name that begins at a position, and how many tokens it takes.
pub(super) fn dotted(tokens: &[Token<'_>], at: usize) -> (String, usize) {
    let mut name = String::new();
    let mut length = 0;
    for token in tokens.iter().skip(at) {
        let fits = if length % 2 == 0 { token.kind == Kind::Word } else { token.is(".") };
        if !fits {
            break;
        }
        name.push_str(token.text);
        length += 1;
    }
    (name, length)
}

fn refuse_and_replace(tokens: &[Token<'_>], edits: &mut Edits) -> Result<(), String> {
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Word
            || at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|before| before.is("."))
        {
            continue;
        }
        let (name, length) = dotted(tokens, at);
        let (Some(open), Some(last)) = (tokens.get(at + length), tokens.get(at + length.saturating_sub(1))) else {
            continue;
        };
        if !open.is("(") {
            continue;
        }
        if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return Err(format!("`{name}` {reason}; judge this in the cluster"));
        }
        if name == "re_match" {
            edits.replace(token.start, last.end(), "regex.match");
        }
        if name == "time.now_ns" && tokens.get(at + length + 1).is_some_and(|close| close.is(")")) {
            edits.replace(token.start, last.end() + 2, NOW);
        }
    }
    Ok(())
}

/// Gives `sprintf("..", [..])` an argument for each verb.
fn fill_formats(tokens: &[Token<'_>], edits: &mut Edits) {
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word && token.is("sprintf")) {
        let Some((arguments, close)) = arguments(tokens, at + 1) else { continue };
        let ([[format], [open, ..]], Some(last)) = (arguments.as_slice(), tokens.get(close.saturating_sub(1))) else {
            continue;
        };
        let Some((given, end)) = self::arguments(tokens, at + 4) else { continue };
        if format.kind != Kind::Text || !open.is("[") || !last.is("]") || end + 1 != close {
            continue;
        }
        let given = given.iter().filter(|argument| !argument.is_empty()).count();
        let verbs = format.text.replace("%%", "").matches('%').count();
        for position in given..verbs {
            edits.insert(last.start, if position == 0 { "\"%!v(MISSING)\"" } else { ", \"%!v(MISSING)\"" });
        }
    }
}

fn part_lines(tokens: &[Token<'_>], edits: &mut Edits) {
    let mut around: Vec<&str> = Vec::new();
    for (before, token) in std::iter::once(None).chain(tokens.iter().map(Some)).zip(tokens) {
        if token.kind != Kind::Sign {
            continue;
        }
        match token.text {
            "(" | "[" | "{" => {
                if let Some(before) = before
                    && token.text != "{"
                    && token.follows_newline
                    && around.last() == Some(&"{")
                    && before.ends_expression()
                {
                    edits.insert(before.end(), ";");
                }
                around.push(token.text);
            }
            ")" | "]" | "}" => drop(around.pop()),
            _ => {}
        }
    }
}

fn part_bodies(source: &str, tokens: &[Token<'_>], edits: &mut Edits) {
    let (mut depth, mut head, mut opened) = (0_usize, 0..0, false);
    // Whether the outermost brace that is open, or closed last, is a rule's body.
    let (mut is_body, mut begins) = (false, true);
    for (before, token) in std::iter::once(None).chain(tokens.iter().map(Some)).zip(tokens) {
        let closes_body = before.is_some_and(|before| before.is("}")) && is_body;
        if depth == 0 {
            if token.is("{") {
                if closes_body && opened {
                    edits.insert(token.start, format!("\n{} ", source.get(head.clone()).unwrap_or_default()));
                } else {
                    is_body = before.is_some_and(Token::ends_expression);
                    if is_body {
                        head.end = token.start;
                        opened = true;
                    }
                }
            } else if token.is("else") {
                // What follows belongs to the `else`, which cannot be said twice.
                opened = false;
                is_body = false;
            } else if begins || closes_body || token.follows_newline {
                head = token.start..token.start;
                (opened, is_body, begins) = (false, false, false);
            }
        }
        if token.kind == Kind::Sign {
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
}

fn hoist_arguments(source: &str, tokens: &[Token<'_>], edits: &mut Edits) {
    let mut count = 0_usize;
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.is("not") && token.kind == Kind::Word) {
        let (_, length) = dotted(tokens, at + 1);
        let open = at + 1 + length;
        if length == 0 || !tokens.get(open).is_some_and(|open| open.is("(")) {
            continue;
        }
        let Some((arguments, close)) = arguments(tokens, open) else { continue };
        if tokens.get(close + 1).is_some_and(|after| after.is("with")) {
            continue;
        }
        for argument in arguments {
            let (Some(first), Some(last)) = (argument.first(), argument.last()) else { continue };
            if argument.len() < 2 || first.kind != Kind::Word {
                continue;
            }
            count += 1;
            let text = source.get(first.start..last.end()).unwrap_or_default();
            edits.insert(token.start, format!("rampart_argument_{count} := {text}; "));
            edits.replace(first.start, last.end(), format!("rampart_argument_{count}"));
        }
    }
}

/// The arguments between a bracket and its end, and where that is.
fn arguments<'t, 's>(tokens: &'t [Token<'s>], open: usize) -> Option<(Vec<&'t [Token<'s>]>, usize)> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, open + 1);
    for (at, token) in tokens.iter().enumerate().skip(open).filter(|(_, token)| token.kind == Kind::Sign) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    found.push(tokens.get(start..at)?);
                    return Some((found, at));
                }
            }
            "," if depth == 1 => {
                found.push(tokens.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_that_begins_with_a_bracket_is_a_statement() {
        let found = prepared("package a\nf(x) {\n  input.x\n  (x.a - x.b) >= input.y\n  g(x,\n   (1))\n}").unwrap();
        assert_eq!(found, "package a\nf(x) {\n  input.x;\n  (x.a - x.b) >= input.y\n  g(x,\n   (1))\n}");
    }

    #[test]
    fn chained_bodies_are_rules_of_one_head() {
        let found = prepared("package a\nv[{\"m\": m}] { m := 1 } { m := 2 }\nx = {\"a\": 1} { true }\n").unwrap();
        assert!(found.contains("v[{\"m\": m}] { m := 1 } \nv[{\"m\": m}]  { m := 2 }"), "{found}");
        assert!(found.ends_with("x = {\"a\": 1} { true }\n"), "{found}");
        let other = "package a\nf(x) = 1 { x } else = 2 { not x }\ng { true }\n";
        assert_eq!(prepared(other).unwrap(), other);
    }

    #[test]
    fn arguments_of_a_negated_call_are_worked_out_before() {
        let found = prepared("package a\nv { not f(x, p.ranges, \"a.b\") }").unwrap();
        assert!(found.contains("rampart_argument_1 := p.ranges; not f(x, rampart_argument_1, \"a.b\")"), "{found}");
    }

    #[test]
    fn formats_have_an_argument_for_each_verb() {
        let found = prepared("package a\nx { y := sprintf(\"%v %v %%\", [a.b[0]]) }").unwrap();
        assert!(found.contains("[a.b[0], \"%!v(MISSING)\"])"), "{found}");
        let whole = "package a\nx { y := sprintf(\"%v\", [a]); re := re_matches }";
        assert_eq!(prepared(whole).unwrap(), whole);
    }

    #[test]
    fn functions_that_ask_outside_are_refused_and_the_time_is_the_worlds() {
        assert!(prepared("package a\nv { http.send({}) }").unwrap_err().contains("calls out"));
        assert!(prepared("package a\nv { r := external_data({}) }").unwrap_err().contains("not known"));
        assert!(prepared("package a\nv { x := time.now_ns() }").unwrap().contains("x := data.rampart.now }"));
        assert!(prepared(&"[".repeat(70)).is_err());
    }
}
