//! Tokens to a tree, by precedence climbing. Macros are expanded as they are met.

use crate::ast::{BinaryOperator, Expr, ExprKind, Literal, MapEntry, UnaryOperator};
use crate::lex::{Spanned, Token, tokens};
use crate::macros;

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset in the source.
    pub offset: u32,
    pub message: String,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at byte {}: {}", self.offset, self.message)
    }
}

/// Brackets, arguments and branches within one another. An expression of a thread with 2 MiB of stack must not exhaust it,
/// not even where nothing is optimised.
const DEPTH: u32 = 100;

/// As deep as a tree may be, rows of operators and what is bound counted.
const DEEPEST: u32 = 300;

/// Words that may not be names; fields and functions may have them.
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Parses one expression.
///
/// # Errors
/// The first mistake and its place.
pub fn parse(text: &str) -> Result<Expr, SyntaxError> {
    let tokens = tokens(text).map_err(|(offset, message)| SyntaxError { offset, message })?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let expression = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.error("the expression ends here, and something follows")),
    }
}

fn within_depth(expr: Expr) -> Parsed {
    if expr.depth > DEEPEST {
        return Err(SyntaxError { offset: expr.start, message: format!("nested deeper than {DEEPEST} levels") });
    }
    Ok(expr)
}

/// A tree over a row of terms, in their order.
fn balanced(operator: BinaryOperator, mut terms: Vec<Expr>, place: u32) -> Parsed {
    while terms.len() > 1 {
        let mut rest = terms.into_iter();
        let mut pairs = Vec::new();
        while let Some(left) = rest.next() {
            let Some(right) = rest.next() else {
                pairs.push(left);
                break;
            };
            let (start, end) = (left.start, right.end);
            let kind = ExprKind::Binary { operator, left: Box::new(left), right: Box::new(right) };
            pairs.push(within_depth(Expr::new(kind, start, end).at(place))?);
        }
        terms = pairs;
    }
    terms.pop().ok_or_else(|| SyntaxError { offset: 0, message: "a value was expected here".to_owned() })
}

struct Parser {
    tokens: Vec<Spanned>,
    at: usize,
    depth: u32,
}

type Parsed = Result<Expr, SyntaxError>;

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |spanned| &spanned.token)
    }

    fn start(&self) -> u32 {
        self.tokens.get(self.at).map_or(0, |spanned| spanned.start)
    }

    /// Where the last token ended.
    fn end(&self) -> u32 {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |spanned| spanned.end)
    }

    fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError { offset: self.start(), message: message.into() }
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(found) if *found == symbol)
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), SyntaxError> {
        if self.take(symbol) { Ok(()) } else { Err(self.error(format!("`{symbol}` was expected here"))) }
    }

    fn node(&self, start: u32, kind: ExprKind) -> Parsed {
        within_depth(Expr::new(kind, start, self.end()))
    }

    fn expression(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.error(format!("nested deeper than {DEPTH} levels")));
        }
        let start = self.start();
        let condition = self.binary(0)?;
        let place = self.start();
        let result = if self.take("?") {
            let then = Box::new(self.binary(0)?);
            self.expect(":")?;
            let otherwise = Box::new(self.expression()?);
            self.node(start, ExprKind::Conditional { condition: Box::new(condition), then, otherwise })?.at(place)
        } else {
            condition
        };
        self.depth -= 1;
        Ok(result)
    }

    fn operator(&self) -> Option<(BinaryOperator, u8)> {
        let Token::Symbol(symbol) = self.peek() else { return None };
        Some(match *symbol {
            "||" => (BinaryOperator::Or, 1),
            "&&" => (BinaryOperator::And, 2),
            "==" => (BinaryOperator::Equal, 3),
            "!=" => (BinaryOperator::NotEqual, 3),
            "<" => (BinaryOperator::Less, 3),
            "<=" => (BinaryOperator::LessOrEqual, 3),
            ">" => (BinaryOperator::Greater, 3),
            ">=" => (BinaryOperator::GreaterOrEqual, 3),
            "in" => (BinaryOperator::In, 3),
            "+" => (BinaryOperator::Add, 4),
            "-" => (BinaryOperator::Subtract, 4),
            "*" => (BinaryOperator::Multiply, 5),
            "/" => (BinaryOperator::Divide, 5),
            "%" => (BinaryOperator::Remainder, 5),
            _ => return None,
        })
    }

    /// All binary operators are left associative. For `||` and `&&` that makes no difference, so that a long row of them
    /// becomes a tree that is balanced.
    fn binary(&mut self, least: u8) -> Parsed {
        let start = self.start();
        let mut left = self.unary()?;
        while let Some((operator, level)) = self.operator().filter(|(_, level)| *level > least) {
            let place = self.start();
            self.at += 1;
            let right = self.binary(level)?;
            if !matches!(operator, BinaryOperator::Or | BinaryOperator::And) {
                let kind = ExprKind::Binary { operator, left: Box::new(left), right: Box::new(right) };
                left = self.node(start, kind)?.at(place);
                continue;
            }
            let mut terms = vec![left, right];
            while self.operator() == Some((operator, level)) {
                self.at += 1;
                terms.push(self.binary(level)?);
            }
            left = balanced(operator, terms, place)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.start();
        for (symbol, operator) in [("!", UnaryOperator::Not), ("-", UnaryOperator::Negate)] {
            let mut count = 0;
            while self.take(symbol) {
                count += 1;
            }
            if count > 0 {
                return self.repeated(start, operator, count);
            }
        }
        let operand = self.member()?;
        match operand.kind {
            ExprKind::Literal(Literal::Int(i64::MIN)) => {
                Err(SyntaxError { offset: start, message: "too large for an integer".to_owned() })
            }
            _ => Ok(operand),
        }
    }

    fn repeated(&mut self, start: u32, operator: UnaryOperator, mut count: u32) -> Parsed {
        // A minus belongs to the number behind it, so that the smallest integer can be written.
        let number_follows = matches!(self.peek(), Token::Literal(Literal::Int(_) | Literal::Double(_)));
        if operator == UnaryOperator::Negate && number_follows {
            let spanned = self.tokens.get_mut(self.at);
            if let Some(Spanned { token: Token::Literal(literal), .. }) = spanned {
                match literal {
                    Literal::Int(value) => *value = value.wrapping_neg(),
                    Literal::Double(value) => *value = -*value,
                    _ => {}
                }
            }
            count -= 1;
        }
        let mut operand = self.member()?;
        // Two of a kind cancel out; values of other types must still be refused, so one pair is kept.
        if count > 2 {
            count = if count.is_multiple_of(2) { 2 } else { 1 };
        }
        for _ in 0..count {
            operand = self.node(start, ExprKind::Unary { operator, operand: Box::new(operand) })?;
        }
        Ok(operand)
    }

    fn member(&mut self) -> Parsed {
        let start = self.start();
        let mut operand = self.primary()?;
        let mut links = 0;
        loop {
            links += 1;
            if links > DEEPEST {
                return Err(self.error(format!("more than {DEEPEST} fields and calls in a row")));
            }
            let place = self.start();
            if self.take(".") {
                operand = self.after_dot(start, place, operand)?;
            } else if self.take("[") {
                let optional = self.take("?");
                let index = Box::new(self.expression()?);
                self.expect("]")?;
                let kind = ExprKind::Index { operand: Box::new(operand), index, optional };
                operand = self.node(start, kind)?.at(place);
            } else if self.is("{") && macros::dotted(&operand).is_some() {
                let name = macros::dotted(&operand).unwrap_or_default();
                operand = self.structure(start, name)?.at(place);
            } else {
                return Ok(operand);
            }
        }
    }

    fn after_dot(&mut self, start: u32, dot: u32, operand: Expr) -> Parsed {
        let optional = self.take("?");
        let token = self.peek().clone();
        self.at += 1;
        let (field, quoted) = match token {
            Token::Ident(name) => (name, false),
            Token::Quoted(name) => (name, true),
            Token::Symbol("in") => ("in".to_owned(), false),
            _ => {
                self.at -= 1;
                return Err(self.error("a field name was expected behind the dot"));
            }
        };
        let place = self.start();
        if !optional && !quoted && self.take("(") {
            let args = self.arguments(")")?;
            let call = self.node(start, ExprKind::Call { function: field, target: Some(Box::new(operand)), args })?;
            return macros::expand(call.at(place)).and_then(within_depth);
        }
        Ok(self.node(start, ExprKind::Select { operand: Box::new(operand), field, optional })?.at(dot))
    }

    /// Expressions up to `close`, which is taken; a trailing comma is allowed in lists.
    fn arguments(&mut self, close: &str) -> Result<Vec<Expr>, SyntaxError> {
        let mut arguments = Vec::new();
        if self.take(close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if !self.take(",") {
                self.expect(close)?;
                return Ok(arguments);
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let start = self.start();
        let absolute = self.take(".");
        match self.peek().clone() {
            Token::Ident(name) => {
                self.at += 1;
                if RESERVED.contains(&name.as_str()) {
                    return Err(SyntaxError { offset: start, message: format!("`{name}` is a reserved word") });
                }
                let place = self.start();
                if self.take("(") {
                    let args = self.arguments(")")?;
                    let function = if absolute { format!(".{name}") } else { name };
                    let call = self.node(start, ExprKind::Call { function, target: None, args })?;
                    return macros::expand(call.at(place)).and_then(within_depth);
                }
                self.node(start, ExprKind::Ident { name, absolute })
            }
            _ if absolute => Err(self.error("a name was expected behind the dot")),
            Token::Literal(literal) => {
                self.at += 1;
                self.node(start, ExprKind::Literal(literal))
            }
            Token::Symbol("(") => {
                self.at += 1;
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Symbol("[") => {
                self.at += 1;
                self.list(start)
            }
            Token::Symbol("{") => {
                self.at += 1;
                self.map(start)
            }
            _ => Err(self.error("a value was expected here")),
        }
    }

    fn list(&mut self, start: u32) -> Parsed {
        let mut elements = Vec::new();
        while !self.take("]") {
            let optional = self.take("?");
            elements.push((self.expression()?, optional));
            if !self.take(",") {
                self.expect("]")?;
                break;
            }
        }
        self.node(start, ExprKind::List(elements))
    }

    fn map(&mut self, start: u32) -> Parsed {
        let mut entries = Vec::new();
        while !self.take("}") {
            let optional = self.take("?");
            let key = self.expression()?;
            self.expect(":")?;
            let value = self.expression()?;
            entries.push(MapEntry { key, value, optional });
            if !self.take(",") {
                self.expect("}")?;
                break;
            }
        }
        self.node(start, ExprKind::Map(entries))
    }

    fn structure(&mut self, start: u32, name: String) -> Parsed {
        self.expect("{")?;
        let mut fields = Vec::new();
        while !self.take("}") {
            let optional = self.take("?");
            let field = match self.peek().clone() {
                Token::Ident(name) | Token::Quoted(name) => name,
                _ => return Err(self.error("a field name was expected here")),
            };
            self.at += 1;
            self.expect(":")?;
            fields.push((field, self.expression()?, optional));
            if !self.take(",") {
                self.expect("}")?;
                break;
            }
        }
        self.node(start, ExprKind::Struct { name, fields })
    }
}
