//! Text to tokens. `[?` and `[]` are tokens of their own, so that they stand without white space inside.

use std::sync::Arc;

use super::SyntaxError;
use super::value::Val;

#[derive(Debug, Clone)]
pub(super) enum Token {
    Name(Arc<str>),
    Quoted(Arc<str>),
    Literal(Val<'static>),
    Number(i64),
    Symbol(&'static str),
    End,
}

/// Longer ones first.
const SYMBOLS: [&str; 27] = [
    "[?", "[]", "||", "&&", "==", "!=", "<=", ">=", ".", "*", "[", "]", "{", "}", "(", ")", ",", ":", "@", "|", "&",
    "<", ">", "!", "+", "%", "/",
];

/// Symbols that only newer dialects have; they are told of by name.
const FOREIGN: [&str; 3] = ["+", "%", "/"];

pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let offset = text.len() - rest.len();
        let fail = |message: String| SyntaxError { offset, message };
        let Some(first) = rest.chars().next() else {
            tokens.push((offset, Token::End));
            return Ok(tokens);
        };
        let (token, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let name = prefix(rest, |next| next.is_ascii_alphanumeric() || next == '_');
                (Token::Name(name.into()), name.len())
            }
            '0'..='9' | '-' => number(rest).map_err(fail)?,
            '"' => quoted(rest).map_err(fail)?,
            '\'' => raw(rest).map_err(fail)?,
            '`' => literal(rest).map_err(fail)?,
            other => match SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
                Some(symbol) if !FOREIGN.contains(&symbol) => (Token::Symbol(symbol), symbol.len()),
                _ => return Err(fail(format!("`{other}` means nothing here"))),
            },
        };
        tokens.push((offset, token));
        rest = rest.get(length..).unwrap_or_default();
    }
}

fn prefix(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|next| !belongs(next)).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

fn number(text: &str) -> Result<(Token, usize), String> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = prefix(unsigned, |next| next.is_ascii_digit());
    let length = text.len() - unsigned.len() + digits.len();
    let number = text.get(..length).unwrap_or_default();
    match number.parse() {
        Ok(value) => Ok((Token::Number(value), length)),
        Err(_) => Err(format!("`{number}` is no index; a number that is a value stands between backticks")),
    }
}

/// What stands between `quote` and the next one that no backslash escapes, and the length of all.
fn delimited(text: &str, quote: char) -> Result<(&str, usize), String> {
    let mut is_escaped = false;
    for (at, next) in text.char_indices().skip(1) {
        match next {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if next == quote => return Ok((text.get(1..at).unwrap_or_default(), at + 1)),
            _ => {}
        }
    }
    Err(format!("`{quote}` is never closed"))
}

fn quoted(text: &str) -> Result<(Token, usize), String> {
    let (_, length) = delimited(text, '"')?;
    match serde_json::from_str::<String>(text.get(..length).unwrap_or_default()) {
        Ok(name) => Ok((Token::Quoted(name.into()), length)),
        Err(cause) => Err(format!("the quoted name is no JSON string: {cause}")),
    }
}

fn raw(text: &str) -> Result<(Token, usize), String> {
    let (content, length) = delimited(text, '\'')?;
    Ok((Token::Literal(Val::text(content.replace("\\'", "'"))), length))
}

fn literal(text: &str) -> Result<(Token, usize), String> {
    let (content, length) = delimited(text, '`')?;
    match serde_json::from_str::<serde_json::Value>(&content.replace("\\`", "`")) {
        Ok(json) => Ok((Token::Literal(Val::from_json(&json)), length)),
        Err(cause) => Err(format!("the literal between backticks is no JSON (text needs quotes): {cause}")),
    }
}
