//! Signatures as text: `size(string) int`, and with a target `string :: size() int`. A capital letter is any one type.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::types::Type;

/// One way to call a function.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signature {
    pub(super) is_method: bool,
    /// The types of the arguments, that of a method's target first.
    pub(super) arguments: Vec<Type>,
    pub(super) result: Type,
}

/// The signatures of functions by name.
pub(super) type Table = BTreeMap<String, Vec<Signature>>;

/// Reads one signature into a table.
///
/// # Errors
/// The text is no signature.
pub(super) fn declare(table: &mut Table, text: &str) -> Result<(), String> {
    let (target, rest) = match text.split_once("::") {
        Some((target, rest)) => (Some(target.trim()), rest.trim()),
        None => (None, text.trim()),
    };
    let fault = || format!("`{text}` is no signature; write it as `name(string) int`");
    let (name, rest) = rest.split_once('(').ok_or_else(fault)?;
    let mut reader = Reader { rest };
    let mut arguments = Vec::new();
    if let Some(target) = target {
        arguments.push(whole(target).ok_or_else(fault)?);
    }
    arguments.extend(reader.types().ok_or_else(fault)?);
    let result = whole(reader.rest).ok_or_else(fault)?;
    let signature = Signature { is_method: target.is_some(), arguments, result };
    table.entry(name.trim().to_owned()).or_default().push(signature);
    Ok(())
}

/// The type that a text is.
pub(super) fn whole(text: &str) -> Option<Type> {
    let mut reader = Reader { rest: text };
    reader.one(0).filter(|_| reader.rest.trim().is_empty())
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    /// Types with commas between them up to a closing parenthesis, which is taken.
    fn types(&mut self) -> Option<Vec<Type>> {
        self.types_at(0)
    }

    fn types_at(&mut self, depth: u32) -> Option<Vec<Type>> {
        let mut found = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(')') {
                self.rest = rest;
                return Some(found);
            }
            found.push(self.one(depth)?);
            self.rest = self.rest.trim_start();
            self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest);
        }
    }

    fn one(&mut self, depth: u32) -> Option<Type> {
        if depth > 20 {
            return None;
        }
        self.rest = self.rest.trim_start();
        let is_name = |character: char| character.is_ascii_alphanumeric() || "._".contains(character);
        let end = self.rest.find(|character| !is_name(character)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
        self.rest = rest;
        let parameters = match rest.strip_prefix('(') {
            Some(rest) => {
                self.rest = rest;
                self.types_at(depth + 1)?
            }
            None => Vec::new(),
        };
        Some(named(name, parameters))
    }
}

fn named(name: &str, parameters: Vec<Type>) -> Type {
    match (name, parameters.as_slice()) {
        ("dyn", []) => Type::Dyn,
        ("null", []) => Type::Null,
        ("bool", []) => Type::Bool,
        ("int", []) => Type::Int,
        ("uint", []) => Type::UInt,
        ("double", []) => Type::Double,
        ("string", []) => Type::String,
        ("bytes", []) => Type::Bytes,
        ("duration", []) => Type::Duration,
        ("timestamp", []) => Type::Timestamp,
        ("list", [element]) => Type::list(element.clone()),
        ("map", [key, value]) => Type::map(key.clone(), value.clone()),
        ("type", [of]) => Type::Type(Arc::new(of.clone())),
        (name, []) if name.len() == 1 && name.chars().all(|letter| letter.is_ascii_uppercase()) => {
            Type::Param(name.into())
        }
        _ => Type::Opaque(name.into(), parameters),
    }
}
