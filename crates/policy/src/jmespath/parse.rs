//! Tokens to a tree, by binding powers.

use super::ast::{Argument, Call, Comparison, Node, Slice};
use super::functions::{self, Function, Pattern};
use super::lex::{Token, tokens};
use super::value::Val;
use super::{Mode, SyntaxError};

/// Nodes above each other: bounds the stack of everything that walks a tree.
const DEPTH: u32 = 150;

/// Operators that bind weaker than this end a projection.
const PROJECTION_STOP: u8 = 10;

/// A node and how many stand above each other in it.
type Parsed = Result<(Node, u32), SyntaxError>;

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    depth: u32,
    mode: Mode,
    doubts: Vec<SyntaxError>,
}

pub(super) fn parse(text: &str, mode: Mode) -> Result<(Node, Vec<SyntaxError>), SyntaxError> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, mode, doubts: Vec::new() };
    let (node, _) = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok((node, parser.doubts)),
        _ => Err(parser.error("the expression ends before this")),
    }
}

/// How strongly a token binds to what stands on its left; 0 where it does not.
fn power(token: &Token) -> u8 {
    match token {
        Token::Symbol("|") => 1,
        Token::Symbol("||") => 2,
        Token::Symbol("&&") => 3,
        Token::Symbol("==" | "!=" | "<" | "<=" | ">" | ">=") => 5,
        Token::Symbol("[]") => 9,
        Token::Symbol("*") => 20,
        Token::Symbol("[?") => 21,
        Token::Symbol(".") => 40,
        Token::Symbol("!") => 45,
        Token::Symbol("{") => 50,
        Token::Symbol("[") => 55,
        Token::Symbol("(") => 60,
        _ => 0,
    }
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(_, token)| token)
    }

    fn peek_behind(&self) -> &Token {
        self.tokens.get(self.at + 1).map_or(&Token::End, |(_, token)| token)
    }

    fn offset(&self) -> usize {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0, |(offset, _)| *offset)
    }

    fn error(&self, message: &str) -> SyntaxError {
        SyntaxError { offset: self.offset(), message: message.to_owned() }
    }

    fn is_at(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(found) if *found == symbol)
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = self.is_at(symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), SyntaxError> {
        if self.take(symbol) { Ok(()) } else { Err(self.error(&format!("`{symbol}` is missing here"))) }
    }

    /// A node above others, of which the deepest has `below` levels.
    fn above(&self, node: Node, below: u32) -> Parsed {
        match below < DEPTH {
            true => Ok((node, below + 1)),
            false => Err(self.error("the expression is nested too deeply; split it into variables")),
        }
    }

    fn expression(&mut self, least: u8) -> Parsed {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(self.error("the expression is nested too deeply; split it into variables"));
        }
        let mut left = self.prefix()?;
        while power(self.peek()) > least {
            left = self.infix(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Parsed {
        let token = self.peek().clone();
        let here = (Node::Current, 0);
        match token {
            Token::Literal(value) => {
                self.at += 1;
                Ok((Node::Literal(value), 1))
            }
            Token::Name(name) if matches!(self.peek_behind(), Token::Symbol("(")) => self.call(&name),
            Token::Name(name) => {
                self.at += 1;
                Ok((Node::Field(name), 1))
            }
            Token::Quoted(name) => {
                self.at += 1;
                match self.is_at("(") {
                    true => Err(self.error("a quoted name cannot be a function; write it without quotes")),
                    false => Ok((Node::Field(name), 1)),
                }
            }
            Token::Symbol("*") => {
                self.at += 1;
                self.values(here)
            }
            Token::Symbol("[?") => self.filter(here),
            Token::Symbol("[]") => self.flatten(here),
            Token::Symbol("@") => {
                self.at += 1;
                match self.is_at("(") {
                    true => Err(self.error("`@` is no function")),
                    false => Ok((Node::Current, 1)),
                }
            }
            Token::Symbol("!") => {
                self.at += 1;
                let (operand, depth) = self.expression(45)?;
                self.above(Node::Not(Box::new(operand)), depth)
            }
            Token::Symbol("(") => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Symbol("{") => self.map(),
            Token::Symbol("[") => match self.peek_behind() {
                Token::Number(_) | Token::Symbol(":") => self.bracket(here),
                Token::Symbol("*") if self.is_star_bracket() => self.bracket(here),
                _ => self.list(),
            },
            Token::End => Err(self.error("the expression ends too early")),
            _ => Err(self.error("a value is missing here")),
        }
    }

    fn is_star_bracket(&self) -> bool {
        matches!(self.tokens.get(self.at + 2), Some((_, Token::Symbol("]"))))
    }

    fn infix(&mut self, left: (Node, u32)) -> Parsed {
        let binary: fn(Box<Node>, Box<Node>) -> Node = match self.peek() {
            Token::Symbol(".") => {
                self.at += 1;
                if self.take("*") {
                    return self.values(left);
                }
                let right = self.behind_dot(40)?;
                return self.join(Node::Then, left, right);
            }
            Token::Symbol("[?") => return self.filter(left),
            Token::Symbol("[]") => return self.flatten(left),
            Token::Symbol("[") => return self.bracket(left),
            Token::Symbol("|") => Node::Pipe,
            Token::Symbol("||") => Node::Or,
            Token::Symbol("&&") => Node::And,
            Token::Symbol("==") => |left, right| Node::Compare(Comparison::Equal, left, right),
            Token::Symbol("!=") => |left, right| Node::Compare(Comparison::NotEqual, left, right),
            Token::Symbol("<") => |left, right| Node::Compare(Comparison::Less, left, right),
            Token::Symbol("<=") => |left, right| Node::Compare(Comparison::LessOrEqual, left, right),
            Token::Symbol(">") => |left, right| Node::Compare(Comparison::Greater, left, right),
            Token::Symbol(">=") => |left, right| Node::Compare(Comparison::GreaterOrEqual, left, right),
            _ => return Err(self.error("an operator is missing here")),
        };
        let power = power(self.peek());
        self.at += 1;
        let right = self.expression(power)?;
        self.join(binary, left, right)
    }

    fn join(&self, node: fn(Box<Node>, Box<Node>) -> Node, left: (Node, u32), right: (Node, u32)) -> Parsed {
        self.above(node(Box::new(left.0), Box::new(right.0)), left.1.max(right.1))
    }

    fn behind_dot(&mut self, power: u8) -> Parsed {
        match self.peek() {
            Token::Name(_) | Token::Quoted(_) | Token::Symbol("*") => self.expression(power),
            Token::Symbol("[") => match self.peek_behind() {
                Token::Number(_) | Token::Symbol(":") => Err(self.error("no dot stands before an index")),
                _ => self.list(),
            },
            Token::Symbol("{") => self.map(),
            _ => Err(self.error("a name, `*`, `[` or `{` is missing behind the dot")),
        }
    }

    /// What a projection does to each of its elements.
    fn projected(&mut self, power_of: u8) -> Parsed {
        match self.peek() {
            token if power(token) < PROJECTION_STOP => Ok((Node::Current, 0)),
            Token::Symbol("[" | "[?") => self.expression(power_of),
            Token::Symbol(".") => {
                self.at += 1;
                self.behind_dot(power_of)
            }
            _ => Err(self.error("a dot, `[` or the end is missing behind the projection")),
        }
    }

    fn values(&mut self, left: (Node, u32)) -> Parsed {
        let right = self.projected(20)?;
        self.join(Node::ProjectValues, left, right)
    }

    fn flatten(&mut self, left: (Node, u32)) -> Parsed {
        self.at += 1;
        let left = self.above(Node::Flatten(Box::new(left.0)), left.1)?;
        let right = self.projected(9)?;
        self.join(Node::Project, left, right)
    }

    fn filter(&mut self, left: (Node, u32)) -> Parsed {
        self.at += 1;
        let condition = self.expression(0)?;
        self.expect("]")?;
        let right = match self.is_at("[]") {
            true => (Node::Current, 0),
            false => self.projected(21)?,
        };
        let depth = left.1.max(right.1).max(condition.1);
        let node = Node::Filter { left: Box::new(left.0), right: Box::new(right.0), condition: Box::new(condition.0) };
        self.above(node, depth)
    }

    /// `[0]`, `[1:2]` or `[*]`.
    fn bracket(&mut self, left: (Node, u32)) -> Parsed {
        self.expect("[")?;
        if self.take("*") {
            self.expect("]")?;
            let right = self.projected(20)?;
            return self.join(Node::Project, left, right);
        }
        let start = self.index();
        if !self.is_at(":") {
            let Some(index) = start else { return Err(self.error("an index, a slice or `*` is missing here")) };
            self.expect("]")?;
            return self.join(Node::Then, left, (Node::Index(index), 1));
        }
        self.at += 1;
        let stop = self.index();
        let step = if self.take(":") { self.index() } else { None };
        self.expect("]")?;
        let slice = Node::Slice(Slice { start, stop, step: step.unwrap_or(1) });
        let left = self.join(Node::Then, left, (slice, 1))?;
        let right = self.projected(20)?;
        self.join(Node::Project, left, right)
    }

    fn index(&mut self) -> Option<i64> {
        let Token::Number(number) = *self.peek() else { return None };
        self.at += 1;
        Some(number)
    }

    fn list(&mut self) -> Parsed {
        self.expect("[")?;
        let (mut elements, mut depth) = (Vec::new(), 0);
        loop {
            let (element, below) = self.expression(0)?;
            elements.push(element);
            depth = depth.max(below);
            if !self.take(",") {
                break;
            }
        }
        self.expect("]")?;
        self.above(Node::List(elements), depth)
    }

    fn map(&mut self) -> Parsed {
        self.expect("{")?;
        let (mut entries, mut depth) = (Vec::new(), 0);
        loop {
            let (Token::Name(key) | Token::Quoted(key)) = self.peek().clone() else {
                return Err(self.error("a key is missing here"));
            };
            self.at += 1;
            self.expect(":")?;
            let (value, below) = self.expression(0)?;
            entries.push((key, value));
            depth = depth.max(below);
            if !self.take(",") {
                break;
            }
        }
        self.expect("}")?;
        self.above(Node::Map(entries), depth)
    }

    fn call(&mut self, name: &str) -> Parsed {
        let offset = self.offset();
        self.at += 2;
        let (mut args, mut depth) = (Vec::new(), 0);
        while !self.is_at(")") {
            let is_expression = self.take("&");
            let (argument, below) = self.expression(0)?;
            depth = depth.max(below);
            args.push(if is_expression { Argument::Expression(argument) } else { Argument::Value(argument) });
            if !self.take(",") {
                break;
            }
            if self.is_at(")") {
                return Err(self.error("an argument is missing here"));
            }
        }
        self.expect(")")?;
        let Some(function) = functions::find(name, self.mode) else {
            let message = format!("there is no function `{name}`");
            self.doubts.push(SyntaxError { offset, message });
            return Ok((Node::Unknown(name.to_owned()), 1));
        };
        if let Err(error) = function.takes(args.len()) {
            self.doubts.push(SyntaxError { offset, message: error.to_string() });
        }
        let pattern = literal_pattern(function, &args);
        if let Some(Err(message)) = &pattern {
            self.doubts.push(SyntaxError { offset, message: message.clone() });
        }
        let pattern = pattern.and_then(Result::ok);
        self.above(Node::Call(Call { function, args, pattern }), depth)
    }
}

fn literal_pattern(function: &Function, args: &[Argument]) -> Option<Result<Pattern, String>> {
    match args.first() {
        Some(Argument::Value(Node::Literal(Val::Text(text)))) if function.takes_pattern => Some(Pattern::compile(text)),
        _ => None,
    }
}
