//! Between the values of expressions and trees: what mocks hold goes in, what a policy makes comes out.

use rampart_cel::Val;
use rampart_cel::value::Map;
use serde_json::Value as Tree;

/// How deep a value may nest that is written out.
const DEPTH: u32 = 128;
/// How many parts a value may have that is written out: values share parts, and sharing ends here.
const PARTS: u32 = 1_000_000;

/// A map with text keys.
pub fn map<'a>(entries: impl IntoIterator<Item = (&'static str, Val<'a>)>) -> Val<'a> {
    let entries = entries.into_iter().map(|(key, value)| (Val::text(key), value)).collect();
    Map::of(entries).map_or(Val::Null, Val::Map)
}

pub fn texts<'a, T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Val<'a> {
    Val::list(texts.into_iter().map(|text| Val::text(text.as_ref())).collect())
}

/// The value of a tree.
pub fn of_tree<'a>(tree: &Tree) -> Val<'a> {
    match tree {
        Tree::Null => Val::Null,
        Tree::Bool(value) => Val::Bool(*value),
        Tree::Number(number) => {
            number.as_i64().map_or_else(|| Val::Double(number.as_f64().unwrap_or(f64::NAN)), Val::Int)
        }
        Tree::String(text) => Val::text(text.as_str()),
        Tree::Array(items) => Val::list(items.iter().map(of_tree).collect()),
        Tree::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| (Val::text(key.as_str()), of_tree(value)));
            Map::of(entries.collect()).map_or(Val::Null, Val::Map)
        }
    }
}

/// The tree of a value.
///
/// # Errors
/// A value that JSON has no form for, or one that is too large.
pub fn to_tree(value: &Val<'_>) -> Result<Tree, String> {
    write(value, DEPTH, &mut { PARTS })
}

fn write(value: &Val<'_>, depth: u32, parts: &mut u32) -> Result<Tree, String> {
    let too_large = || "the value is too large to be written out".to_owned();
    let depth = depth.checked_sub(1).ok_or_else(too_large)?;
    *parts = parts.checked_sub(1).ok_or_else(too_large)?;
    Ok(match value {
        Val::Null => Tree::Null,
        Val::Bool(value) => Tree::Bool(*value),
        Val::Int(value) => Tree::from(*value),
        Val::UInt(value) => Tree::from(*value),
        Val::Double(value) => Tree::from(*value),
        Val::Str(text) => Tree::from(&**text),
        Val::List(list) => Tree::Array(list.iter().map(|item| write(&item, depth, parts)).collect::<Result<_, _>>()?),
        Val::Map(map) => {
            let entry = |(key, value): (Val<'_>, Val<'_>)| match key {
                Val::Str(key) => Ok((key.to_string(), write(&value, depth, parts)?)),
                other => Err(format!("a key of the type {} has no form in JSON; use a string", other.type_name())),
            };
            Tree::Object(map.entries().map(entry).collect::<Result<_, _>>()?)
        }
        Val::Optional(Some(value)) => write(value, depth, parts)?,
        Val::Optional(None) => Tree::Null,
        other => return Err(format!("a value of the type {} has no form in JSON", other.type_name())),
    })
}
