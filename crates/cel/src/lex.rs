//! Text to tokens (the lexical grammar of the CEL language definition).

use crate::ast::Literal;
use crate::literal;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Literal(Literal),
    Ident(String),
    /// A field name in backticks.
    Quoted(String),
    /// An operator or bracket, as it is written.
    Symbol(&'static str),
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned {
    pub token: Token,
    pub start: u32,
    pub end: u32,
}

/// Longest first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 28] = [
    "||", "&&", "==", "!=", "<=", ">=", "?", ":", "<", ">", "+", "-", "*", "/", "%", "!", ".", ",", "(", ")", "[", "]",
    "{", "}", "=", "&", "|", "$",
];

/// The tokens of `text`, ending in [`Token::End`].
///
/// # Errors
/// The byte position and nature of what is no token.
pub(crate) fn tokens(text: &str) -> Result<Vec<Spanned>, (u32, String)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at = skip_blank(text, at);
        let rest = text.get(at..).unwrap_or_default();
        let position = u32::try_from(at).unwrap_or(u32::MAX);
        let Some(first) = rest.chars().next() else {
            tokens.push(Spanned { token: Token::End, start: position, end: position });
            return Ok(tokens);
        };
        let (token, length) = match first {
            '0'..='9' => number(rest),
            '.' if rest.get(1..).is_some_and(|tail| tail.starts_with(|next: char| next.is_ascii_digit())) => {
                number(rest)
            }
            '"' | '\'' => literal::string(rest),
            '`' => quoted(rest),
            'a'..='z' | 'A'..='Z' | '_' => word(rest),
            _ => symbol(rest),
        }
        .map_err(|message| (position, message))?;
        at += length;
        tokens.push(Spanned { token, start: position, end: u32::try_from(at).unwrap_or(u32::MAX) });
    }
}

fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
        at += blank;
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if blank == 0 {
            return at;
        }
    }
}

type Lexed = Result<(Token, usize), String>;

fn word(rest: &str) -> Lexed {
    let length = rest.find(|next: char| !(next.is_ascii_alphanumeric() || next == '_')).unwrap_or(rest.len());
    let name = rest.get(..length).unwrap_or_default();
    // A string may have the prefixes r and b, in either order and case.
    let is_prefix = length <= 2 && name.bytes().all(|byte| matches!(byte, b'r' | b'R' | b'b' | b'B'));
    if is_prefix && rest.get(length..).is_some_and(|tail| tail.starts_with(['"', '\''])) {
        return literal::string(rest);
    }
    let token = match name {
        "true" => Token::Literal(Literal::Bool(true)),
        "false" => Token::Literal(Literal::Bool(false)),
        "null" => Token::Literal(Literal::Null),
        "in" => Token::Symbol("in"),
        _ => Token::Ident(name.to_owned()),
    };
    Ok((token, length))
}

fn quoted(rest: &str) -> Lexed {
    let body = rest.get(1..).unwrap_or_default();
    let end = body.find('`').ok_or_else(|| "a field name in backticks does not end".to_owned())?;
    let name = body.get(..end).unwrap_or_default();
    let allowed = |next: char| next.is_ascii_alphanumeric() || matches!(next, '_' | '.' | '-' | '/' | ' ');
    if name.is_empty() || !name.chars().all(allowed) {
        return Err(format!("`{name}` is no field name: letters, digits, `_ . - /` and blanks may stand in backticks"));
    }
    Ok((Token::Quoted(name.to_owned()), end + 2))
}

fn symbol(rest: &str) -> Lexed {
    match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(symbol) => Ok((Token::Symbol(symbol), symbol.len())),
        None => Err(format!("`{}` is no part of an expression", rest.chars().next().unwrap_or(' '))),
    }
}

fn number(rest: &str) -> Lexed {
    let bytes = rest.as_bytes();
    let digits =
        |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
    if rest.starts_with("0x") || rest.starts_with("0X") {
        let count = bytes.get(2..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        return integer(rest, 2 + count, 16, rest.get(2..2 + count).unwrap_or_default());
    }
    let whole = digits(0);
    let mut length = whole;
    let mut is_float = false;
    if bytes.get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
        is_float = true;
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let count = digits(length + 1 + sign);
        if count > 0 {
            length += 1 + sign + count;
            is_float = true;
        }
    }
    let text = rest.get(..length).unwrap_or_default();
    if is_float {
        let value = text.parse().map_err(|_| format!("`{text}` is no number"))?;
        return Ok((Token::Literal(Literal::Double(value)), length));
    }
    integer(rest, length, 10, text)
}

/// Integers up to 2^63 are kept unsigned until the parser knows whether a minus stands before them.
fn integer(rest: &str, length: usize, radix: u32, digits: &str) -> Lexed {
    let value = u64::from_str_radix(digits, radix).map_err(|_| format!("`{digits}` is too large for an integer"))?;
    if rest.as_bytes().get(length).is_some_and(|byte| matches!(byte, b'u' | b'U')) {
        return Ok((Token::Literal(Literal::UInt(value)), length + 1));
    }
    match i64::try_from(value) {
        Ok(value) => Ok((Token::Literal(Literal::Int(value)), length)),
        // Only `-9223372036854775808` may hold this one; the parser looks for the minus.
        Err(_) if value == 1 << 63 => Ok((Token::Literal(Literal::Int(i64::MIN)), length)),
        Err(_) => Err(format!("`{digits}` is too large for an integer; write `{digits}u` for an unsigned one")),
    }
}
