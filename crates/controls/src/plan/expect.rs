//! What a remedy does to a value, apart from any text: the yardstick that an edit is proved against.

use rampart_model::{FieldPath, Remedy, Step};
use serde_json::Value;

pub(super) fn apply(value: &mut Value, remedy: &Remedy) -> Result<(), String> {
    match remedy {
        Remedy::Set { path, json } => *make(value, &path.0)? = read(json)?,
        Remedy::Append { path, json } => match make(value, &path.0)? {
            Value::Array(items) => items.push(read(json)?),
            absent @ Value::Null => *absent = Value::Array(vec![read(json)?]),
            _ => return Err(format!("`{path}` is not a list")),
        },
        Remedy::Remove { path } => remove(value, path)?,
        Remedy::Add { .. } => {}
    }
    Ok(())
}

pub(super) fn read(json: &str) -> Result<Value, String> {
    serde_json::from_str(json).map_err(|error| format!("the remedy's value is not JSON: {error}"))
}

/// The place at `steps`, with maps made on the way.
fn make<'v>(value: &'v mut Value, steps: &[Step]) -> Result<&'v mut Value, String> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => {
            if value.is_null() {
                *value = Value::Object(serde_json::Map::new());
            }
            let map = value.as_object_mut().ok_or_else(|| format!("`{key}` lies below a value that is no map"))?;
            Ok(map.entry(key.clone()).or_insert(Value::Null))
        }
        Step::Index(index) => value.get_mut(*index as usize).ok_or_else(|| format!("there is no element {index}")),
    })
}

fn remove(value: &mut Value, path: &FieldPath) -> Result<(), String> {
    let missing = || format!("`{path}` is not there");
    let (last, above) = path.0.split_last().ok_or_else(missing)?;
    let parent = above.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(key.as_ref()).ok_or_else(missing),
        Step::Index(index) => value.get_mut(*index as usize).ok_or_else(missing),
    })?;
    match (last, parent) {
        (Step::Key(key), Value::Object(map)) => map.remove(key.as_ref()).map(|_| ()).ok_or_else(missing),
        (Step::Index(index), Value::Array(items)) if (*index as usize) < items.len() => {
            items.remove(*index as usize);
            Ok(())
        }
        _ => Err(missing()),
    }
}
