//! What the expressions of mutating policies give: a configuration to apply, or the steps of a JSON patch.

use rampart_cel::value::List;
use rampart_cel::{StructType, Val};
use serde_json::Value as Tree;

use super::values::to_tree;

/// The types that such expressions write.
pub const TYPES: [StructType; 2] = [
    StructType { name: "Object", is_nested: true, fields: None },
    StructType { name: "JSONPatch", is_nested: false, fields: Some(&["op", "path", "from", "value"]) },
];

/// How deep a configuration may nest.
const DEPTH: u32 = 128;

/// A change to an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// To be merged as server-side apply does.
    Configuration(Tree),
    /// RFC 6902.
    Patch(Tree),
}

impl Change {
    /// The object with the change made.
    ///
    /// # Errors
    /// What the change asks for cannot be done to the object.
    pub fn make(&self, object: Tree) -> Result<Tree, String> {
        match self {
            Self::Configuration(configuration) => crate::patch::apply::apply(object, configuration),
            Self::Patch(patch) => crate::patch::json::apply(object, patch, crate::patch::json::STRICT),
        }
    }
}

/// The configuration that a value of `Object{..}` is.
///
/// # Errors
/// The value is none, or a type in it has the name of another place.
pub fn configuration(value: &Val<'_>) -> Result<Change, String> {
    match value {
        Val::Map(map) if map.type_name() == Some("Object") => {
            places(value, "Object", DEPTH)?;
            to_tree(value).map(Change::Configuration)
        }
        Val::Map(map) => Err(format!("the expression gives `{}`, not `Object`", map.type_name().unwrap_or("map"))),
        other => Err(format!("the expression gives a {}, not `Object`", other.type_name())),
    }
}

/// Whether each typed literal stands where its name says: `Object.spec` in the field `spec` of `Object`.
fn places(value: &Val<'_>, expected: &str, depth: u32) -> Result<(), String> {
    let depth = depth.checked_sub(1).ok_or("the configuration nests too deep")?;
    match value {
        Val::Map(map) => {
            if let Some(name) = map.type_name()
                && name != expected
            {
                return Err(format!("`{name}` stands where `{expected}` belongs"));
            }
            for (key, value) in map.entries() {
                if let Val::Str(key) = key {
                    places(&value, &format!("{expected}.{}", &*key), depth)?;
                }
            }
            Ok(())
        }
        Val::List(List::Items(items)) => items.iter().try_for_each(|item| places(item, expected, depth)),
        Val::Optional(Some(value)) => places(value, expected, depth),
        _ => Ok(()),
    }
}

/// The patch that a list of `JSONPatch{..}` is.
///
/// # Errors
/// The value is no such list.
pub fn patch(value: &Val<'_>) -> Result<Change, String> {
    let Val::List(steps) = value else {
        return Err(format!("the expression gives a {}, not a list of `JSONPatch`", value.type_name()));
    };
    let step = |step: Val<'_>| match &step {
        Val::Map(map) if map.type_name() == Some("JSONPatch") => to_tree(&step),
        other => Err(format!("the list has a {} and not only `JSONPatch`", other.type_name())),
    };
    Ok(Change::Patch(Tree::Array(steps.iter().map(step).collect::<Result<_, _>>()?)))
}
