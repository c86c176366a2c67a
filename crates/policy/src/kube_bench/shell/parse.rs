//! Text to parts: the grammar of a POSIX shell, as far as audits use it.

use super::Unsupported;
use super::ast::{Command, Connector, Kind, List, Part, Pipeline, Redirect, Word};

/// Commands within commands.
const DEPTH: usize = 40;

pub(super) fn script(text: &str) -> Result<List, Unsupported> {
    let mut parser = Parser { rest: text.chars().collect(), at: 0, line: 1, depth: 0 };
    let list = parser.list(&[])?;
    parser.blanks(true);
    match parser.peek() {
        None => Ok(list),
        Some(character) => Err(parser.unsupported(&format!("`{character}`"))),
    }
}

struct Parser {
    rest: Vec<char>,
    at: usize,
    line: usize,
    depth: usize,
}

type Parsed<T> = Result<T, Unsupported>;

impl Parser {
    fn unsupported(&self, what: &str) -> Unsupported {
        Unsupported(format!("line {} of the audit: {what} is not interpreted without a shell", self.line))
    }

    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        self.line += usize::from(character == '\n');
        Some(character)
    }

    fn take(&mut self, text: &str) -> bool {
        let matches = text.chars().enumerate().all(|(ahead, character)| self.peek_at(ahead) == Some(character));
        if matches {
            text.chars().for_each(|_| {
                self.next();
            });
        }
        matches
    }

    /// Skips blanks, comments and continued lines; and ends of lines, where they mean nothing.
    fn blanks(&mut self, and_lines: bool) {
        loop {
            match (self.peek(), self.peek_at(1)) {
                (Some(' ' | '\t' | '\r'), _) => {
                    self.next();
                }
                (Some('\\'), Some('\n')) => {
                    self.next();
                    self.next();
                }
                (Some('\n'), _) if and_lines => {
                    self.next();
                }
                (Some('#'), _) => {
                    while self.peek().is_some_and(|character| character != '\n') {
                        self.next();
                    }
                }
                _ => return,
            }
        }
    }

    /// The reserved word that stands here, without taking it.
    fn reserved(&self) -> String {
        let word: String =
            self.rest.iter().skip(self.at).take_while(|character| character.is_ascii_alphabetic()).take(8).collect();
        match self.peek_at(word.len()) {
            None | Some(' ' | '\t' | '\n' | ';' | '&' | '|' | '(' | ')' | '\\') => word,
            Some(_) => String::new(),
        }
    }

    fn expect(&mut self, word: &str) -> Parsed<()> {
        self.blanks(true);
        if self.reserved() == word && self.take(word) {
            return Ok(());
        }
        Err(self.unsupported(&format!("a missing `{word}`")))
    }

    /// Pipelines up to one of the words in `ends`, a closing bracket, or the end.
    fn list(&mut self, ends: &[&str]) -> Parsed<List> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.unsupported("so deep a nesting"));
        }
        let mut list = List::new();
        let mut connector = Connector::Always;
        loop {
            self.blanks(true);
            if matches!(self.peek(), None | Some(')' | '}')) || ends.contains(&self.reserved().as_str()) {
                break;
            }
            list.push((connector, self.pipeline()?));
            self.blanks(false);
            connector = if self.take("&&") {
                Connector::And
            } else if self.take("||") {
                Connector::Or
            } else {
                if self.peek() == Some('&') {
                    return Err(self.unsupported("a command in the background"));
                }
                while matches!(self.peek(), Some(';' | '\n')) {
                    self.next();
                    self.blanks(true);
                }
                Connector::Always
            };
        }
        self.depth -= 1;
        Ok(list)
    }

    fn pipeline(&mut self) -> Parsed<Pipeline> {
        let mut negated = false;
        while self.peek() == Some('!') && matches!(self.peek_at(1), Some(' ' | '\t')) {
            self.next();
            self.blanks(false);
            negated = !negated;
        }
        let mut commands = vec![self.command()?];
        loop {
            self.blanks(false);
            if self.peek() != Some('|') || self.peek_at(1) == Some('|') {
                return Ok(Pipeline { negated, commands });
            }
            self.next();
            self.blanks(true);
            commands.push(self.command()?);
        }
    }

    fn command(&mut self) -> Parsed<Command> {
        let line = self.line;
        let kind = match (self.peek(), self.reserved().as_str()) {
            (Some('('), _) => {
                self.next();
                let list = self.list(&[])?;
                self.closing(')')?;
                Kind::Subshell(list)
            }
            (Some('{'), _) if matches!(self.peek_at(1), Some(' ' | '\n' | '\t')) => {
                self.next();
                let list = self.list(&[])?;
                self.closing('}')?;
                Kind::Group(list)
            }
            (_, "if") => self.conditional()?,
            (_, "for") => self.each()?,
            (_, word @ ("while" | "until")) => {
                if word == "until" {
                    return Err(self.unsupported("`until`"));
                }
                self.expect("while")?;
                let condition = self.list(&["do"])?;
                Kind::While { condition, body: self.body()? }
            }
            (_, word @ ("case" | "function" | "select")) => {
                let word = word.to_owned();
                return Err(self.unsupported(&format!("`{word}`")));
            }
            _ => return self.simple(line),
        };
        let mut redirects = Vec::new();
        loop {
            self.blanks(false);
            match self.redirect()? {
                Some(redirect) => redirects.push(redirect),
                None => return Ok(Command { kind, redirects, line }),
            }
        }
    }

    fn closing(&mut self, bracket: char) -> Parsed<()> {
        self.blanks(true);
        if self.peek() == Some(bracket) {
            self.next();
            return Ok(());
        }
        Err(self.unsupported(&format!("a missing `{bracket}`")))
    }

    fn conditional(&mut self) -> Parsed<Kind> {
        self.expect("if")?;
        let mut arms = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.list(&["then"])?;
            self.expect("then")?;
            arms.push((condition, self.list(&["elif", "else", "fi"])?));
            self.blanks(true);
            if self.reserved() == "elif" {
                self.take("elif");
                continue;
            }
            if self.reserved() == "else" {
                self.take("else");
                otherwise = Some(self.list(&["fi"])?);
            }
            self.expect("fi")?;
            return Ok(Kind::If { arms, otherwise });
        }
    }

    fn each(&mut self) -> Parsed<Kind> {
        self.expect("for")?;
        self.blanks(false);
        let name = self.name();
        self.expect("in")?;
        let mut words = Vec::new();
        loop {
            self.blanks(false);
            if matches!(self.peek(), None | Some(';' | '\n')) {
                break;
            }
            words.push(self.word()?);
        }
        if self.peek() == Some(';') {
            self.next();
        }
        Ok(Kind::For { name, words, body: self.body()? })
    }

    fn body(&mut self) -> Parsed<List> {
        self.expect("do")?;
        let body = self.list(&["done"])?;
        self.expect("done")?;
        Ok(body)
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(character) =
            self.peek().filter(|character| character.is_ascii_alphanumeric() || *character == '_')
        {
            name.push(character);
            self.next();
        }
        name
    }

    fn simple(&mut self, line: usize) -> Parsed<Command> {
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        let mut is_double_bracket = false;
        loop {
            self.blanks(false);
            if is_double_bracket {
                self.blanks(true);
                if let Some(operator) =
                    ["&&", "||", "<", ">", "(", ")"].into_iter().find(|operator| self.take(operator))
                {
                    words.push(vec![Part::Quoted(operator.to_owned())]);
                    continue;
                }
            }
            if let Some(redirect) = self.redirect()? {
                redirects.push(redirect);
                continue;
            }
            match self.peek() {
                None | Some('\n' | ';' | '|' | '&' | ')') => break,
                Some('(') if words.len() == 1 => return Err(self.unsupported("a function")),
                Some('(') => return Err(self.unsupported("`(`")),
                _ => {}
            }
            if words.is_empty()
                && let Some(name) = self.assigned()
            {
                let value = match self.peek() {
                    None | Some(' ' | '\t' | '\n' | ';' | '&' | '|' | ')') => Word::new(),
                    _ => self.word()?,
                };
                assignments.push((name, value));
                continue;
            }
            let word = self.word()?;
            let plain = match word.as_slice() {
                [Part::Plain(text)] => text.as_str(),
                _ => "",
            };
            is_double_bracket = (is_double_bracket || (words.is_empty() && plain == "[[")) && plain != "]]";
            words.push(word);
        }
        if words.is_empty() && assignments.is_empty() && redirects.is_empty() {
            return Err(self.unsupported("an empty command"));
        }
        Ok(Command { kind: Kind::Simple { assignments, words }, redirects, line })
    }

    /// The name before an assignment's `=`, which is taken with it.
    fn assigned(&mut self) -> Option<String> {
        let is_name = |character: &&char| character.is_ascii_alphanumeric() || **character == '_';
        let name: String = self.rest.iter().skip(self.at).take_while(is_name).collect();
        let starts_well = name.chars().next().is_some_and(|first| !first.is_ascii_digit());
        if !starts_well || self.peek_at(name.len()) != Some('=') {
            return None;
        }
        self.at += name.len() + 1;
        Some(name)
    }

    fn redirect(&mut self) -> Parsed<Option<Redirect>> {
        for (text, redirect) in
            [("2>&1", Redirect::ErrorsToOutput), (">&2", Redirect::OutputToErrors), ("1>&2", Redirect::OutputToErrors)]
        {
            if self.take(text) {
                return Ok(Some(redirect));
            }
        }
        let (kind, length) = match (self.peek(), self.peek_at(1)) {
            (Some('2'), Some('>')) => ('2', 2),
            (Some('1'), Some('>')) => ('1', 2),
            (Some('&'), Some('>')) => ('&', 2),
            (Some('>'), _) => ('1', 1),
            (Some('<'), Some('<')) => return Err(self.unsupported("`<<`")),
            (Some('<'), _) => ('<', 1),
            _ => return Ok(None),
        };
        self.at += length;
        self.blanks(false);
        let target = self.word()?;
        let is_nothing = matches!(target.as_slice(), [Part::Plain(path) | Part::Quoted(path)] if path == "/dev/null");
        match kind {
            '<' => Ok(Some(Redirect::InputFrom(target))),
            '2' if is_nothing => Ok(Some(Redirect::ErrorsToNothing)),
            '1' if is_nothing => Ok(Some(Redirect::OutputToNothing)),
            _ => Err(self.unsupported("writing to a file")),
        }
    }

    fn word(&mut self) -> Parsed<Word> {
        let mut word = Word::new();
        let mut plain = String::new();
        loop {
            match self.peek() {
                None | Some(' ' | '\t' | '\n' | ';' | '|' | '&' | '(' | ')' | '<' | '>') => break,
                Some('\\') => {
                    self.next();
                    match self.next() {
                        None | Some('\n') => {}
                        Some(character) => {
                            flush(&mut word, &mut plain);
                            word.push(Part::Quoted(character.to_string()));
                        }
                    }
                }
                Some('\'') => {
                    self.next();
                    flush(&mut word, &mut plain);
                    let mut text = String::new();
                    loop {
                        match self.next() {
                            Some('\'') => break,
                            Some(character) => text.push(character),
                            None => return Err(self.unsupported("an open quote")),
                        }
                    }
                    word.push(Part::Quoted(text));
                }
                Some('"') => {
                    self.next();
                    flush(&mut word, &mut plain);
                    self.double_quoted(&mut word)?;
                }
                Some('$' | '`') => {
                    flush(&mut word, &mut plain);
                    word.push(self.expansion(false)?);
                }
                Some(character) => {
                    self.next();
                    plain.push(character);
                }
            }
        }
        flush(&mut word, &mut plain);
        if word.is_empty() {
            return Err(self.unsupported("an empty word"));
        }
        Ok(word)
    }

    fn double_quoted(&mut self, word: &mut Word) -> Parsed<()> {
        let mut text = String::new();
        let start = word.len();
        loop {
            match self.peek() {
                None => return Err(self.unsupported("an open quote")),
                Some('"') => {
                    self.next();
                    break;
                }
                Some('\\') => {
                    self.next();
                    match self.peek() {
                        Some('\n') => {
                            self.next();
                        }
                        Some(character @ ('$' | '`' | '"' | '\\')) => {
                            self.next();
                            text.push(character);
                        }
                        _ => text.push('\\'),
                    }
                }
                Some('$' | '`') => {
                    if !text.is_empty() {
                        word.push(Part::Quoted(std::mem::take(&mut text)));
                    }
                    word.push(self.expansion(true)?);
                }
                Some(character) => {
                    self.next();
                    text.push(character);
                }
            }
        }
        if !text.is_empty() || word.len() == start {
            word.push(Part::Quoted(text));
        }
        Ok(())
    }

    fn expansion(&mut self, quoted: bool) -> Parsed<Part> {
        if self.peek() == Some('`') {
            self.next();
            let mut text = String::new();
            loop {
                match self.next() {
                    Some('`') => break,
                    Some('\\') => text.extend(self.next()),
                    Some(character) => text.push(character),
                    None => return Err(self.unsupported("an open quote")),
                }
            }
            return Ok(Part::Command { script: script(&text)?, quoted });
        }
        self.next();
        match self.peek() {
            Some('(') if self.peek_at(1) == Some('(') => {
                self.at += 2;
                let mut text = String::new();
                while !self.take("))") {
                    text.push(self.next().ok_or_else(|| self.unsupported("an open `((`"))?);
                }
                Ok(Part::Arithmetic { text })
            }
            Some('(') => {
                self.next();
                let script = self.list(&[])?;
                self.closing(')')?;
                Ok(Part::Command { script, quoted })
            }
            Some('{') => {
                self.next();
                let name = self.name();
                let default = if self.take(":-") || self.take("-") { Some(self.default_word()?) } else { None };
                if !self.take("}") || name.is_empty() {
                    return Err(self.unsupported("this form of `${..}`"));
                }
                Ok(Part::Variable { name, default, quoted })
            }
            Some(character) if character.is_ascii_alphabetic() || character == '_' => {
                Ok(Part::Variable { name: self.name(), default: None, quoted })
            }
            Some(character @ ('?' | '#' | '@' | '*' | '0'..='9')) => {
                self.next();
                Ok(Part::Variable { name: character.to_string(), default: None, quoted })
            }
            _ => Ok(Part::Quoted("$".to_owned())),
        }
    }

    /// The text behind `:-`, up to the closing brace.
    fn default_word(&mut self) -> Parsed<Word> {
        let mut text = String::new();
        while let Some(character) = self.peek().filter(|character| *character != '}') {
            if character == '$' {
                return Err(self.unsupported("this form of `${..}`"));
            }
            text.push(character);
            self.next();
        }
        Ok(vec![Part::Quoted(text.trim_matches(['"', '\'']).to_owned())])
    }
}

fn flush(word: &mut Word, plain: &mut String) {
    if !plain.is_empty() {
        word.push(Part::Plain(std::mem::take(plain)));
    }
}
