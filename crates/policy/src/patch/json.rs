//! JSON Patch (RFC 6902), with what Kyverno allows beyond it: indices from the end, `remove` of what is not there, and
//! `add` below parents that it makes.

use serde_json::{Map, Value as Tree};

/// Steps of one patch, and values that all its `copy`, `add` and padding may write: a patch that doubles an object
/// step by step must end.
const MOST_STEPS: usize = 10_000;
const MOST_VALUES: usize = 1_000_000;
const MOST_PADDING: usize = 10_000;

/// What a patch may do beyond the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// `-1` is the last element, and for `add` the place after it.
    pub from_end: bool,
    pub missing_remove: bool,
    pub make_parents: bool,
}

/// The standard, to the letter.
pub const STRICT: Options = Options { from_end: false, missing_remove: false, make_parents: false };
/// As the API server applies patches of policies.
pub const API_SERVER: Options = Options { from_end: true, missing_remove: false, make_parents: false };
/// As Kyverno applies patches.
pub const KYVERNO: Options = Options { from_end: true, missing_remove: true, make_parents: true };

/// `object` after all steps of `patch`; a step that can not be done is an error that names it.
pub fn apply(object: Tree, patch: &Tree, options: Options) -> Result<Tree, String> {
    let steps = patch.as_array().ok_or("a JSON patch must be a list of operations")?;
    if steps.len() > MOST_STEPS {
        return Err(format!("a JSON patch of {} operations is too long: at most {MOST_STEPS}", steps.len()));
    }
    let mut run = Run { object, options, left: MOST_VALUES };
    for (index, step) in steps.iter().enumerate() {
        run.step(step).map_err(|problem| format!("operation {index} of the JSON patch: {problem}"))?;
    }
    Ok(run.object)
}

struct Run {
    object: Tree,
    options: Options,
    left: usize,
}

impl Run {
    fn step(&mut self, step: &Tree) -> Result<(), String> {
        let text = |field: &str| {
            step.get(field).and_then(Tree::as_str).ok_or_else(|| format!("`{field}` is missing or not a text"))
        };
        let path = pointer(text("path")?)?;
        let value = || step.get("value").ok_or_else(|| "`value` is missing".to_owned());
        match text("op")? {
            "add" => {
                let value = self.charged(value()?)?;
                self.add(&path, value)
            }
            "replace" => {
                let value = self.charged(value()?)?;
                let options = self.options;
                let place = find_mut(&mut self.object, &path, options).ok_or_else(|| {
                    format!("`{}` does not exist, so it can not be replaced", text("path").unwrap_or(""))
                })?;
                *place = value;
                Ok(())
            }
            "remove" => self.remove(&path).map(drop),
            "test" => {
                let wanted = step.get("value").unwrap_or(&Tree::Null);
                let found = find(&self.object, &path, self.options).unwrap_or(&Tree::Null);
                if equal(found, wanted) { Ok(()) } else { Err(format!("the test of `{}` failed", text("path")?)) }
            }
            "copy" => {
                let from = pointer(text("from")?)?;
                let value = find(&self.object, &from, self.options)
                    .ok_or_else(|| format!("`{}` does not exist, so it can not be copied", text("from").unwrap_or("")))?
                    .clone();
                let value = self.charged(&value)?;
                self.add(&path, value)
            }
            "move" => {
                let from = pointer(text("from")?)?;
                if path.len() > from.len() && path.starts_with(&from) {
                    return Err(format!("`{}` can not be moved into itself", text("from")?));
                }
                let value = self.remove(&from)?.ok_or_else(|| {
                    format!("`{}` does not exist, so it can not be moved", text("from").unwrap_or(""))
                })?;
                self.add(&path, value)
            }
            other => Err(format!("`{other}` is not an operation: use add, remove, replace, move, copy or test")),
        }
    }

    fn charged(&mut self, value: &Tree) -> Result<Tree, String> {
        self.left = self
            .left
            .checked_sub(weight(value))
            .ok_or_else(|| format!("the patch writes more than {MOST_VALUES} values"))?;
        Ok(value.clone())
    }

    fn add(&mut self, path: &[String], value: Tree) -> Result<(), String> {
        let Some((last, parents)) = path.split_last() else {
            self.object = value;
            return Ok(());
        };
        let options = self.options;
        if options.make_parents {
            make_parents(&mut self.object, path, options)?;
        }
        match find_mut(&mut self.object, parents, options) {
            Some(Tree::Object(fields)) => {
                fields.insert(last.clone(), value);
                Ok(())
            }
            Some(Tree::Array(elements)) => {
                let at = if last == "-" { Some(elements.len()) } else { index(last, elements.len() + 1, options) };
                let at = at.ok_or_else(|| format!("`{last}` is not an index of a list of {}", elements.len()))?;
                elements.insert(at, value);
                Ok(())
            }
            _ => Err(format!("`/{}` is no map or list to add to", parents.join("/"))),
        }
    }

    fn remove(&mut self, path: &[String]) -> Result<Option<Tree>, String> {
        let options = self.options;
        let removed = match path.split_last() {
            None => Some(std::mem::take(&mut self.object)),
            Some((last, parents)) => match find_mut(&mut self.object, parents, options) {
                Some(Tree::Object(fields)) => fields.remove(last),
                Some(Tree::Array(elements)) => index(last, elements.len(), options).map(|at| elements.remove(at)),
                _ => None,
            },
        };
        if removed.is_none() && !options.missing_remove {
            return Err(format!("`/{}` does not exist, so it can not be removed", path.join("/")));
        }
        Ok(removed)
    }
}

/// A pointer's parts, unescaped.
pub fn pointer(text: &str) -> Result<Vec<String>, String> {
    match text.strip_prefix('/') {
        None if text.is_empty() => Ok(Vec::new()),
        None => Err(format!("the path `{text}` must begin with `/`")),
        Some(rest) => Ok(rest.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect()),
    }
}

fn index(part: &str, length: usize, options: Options) -> Option<usize> {
    let at = match part.strip_prefix('-') {
        Some(back) if options.from_end => length.checked_sub(back.parse::<usize>().ok().filter(|back| *back > 0)?)?,
        _ => part.parse().ok()?,
    };
    (at < length).then_some(at)
}

fn find<'t>(tree: &'t Tree, path: &[String], options: Options) -> Option<&'t Tree> {
    path.iter().try_fold(tree, |at, part| match at {
        Tree::Object(fields) => fields.get(part),
        Tree::Array(elements) => elements.get(index(part, elements.len(), options)?),
        _ => None,
    })
}

fn find_mut<'t>(tree: &'t mut Tree, path: &[String], options: Options) -> Option<&'t mut Tree> {
    path.iter().try_fold(tree, |at, part| match at {
        Tree::Object(fields) => fields.get_mut(part),
        Tree::Array(elements) => {
            let at = index(part, elements.len(), options)?;
            elements.get_mut(at)
        }
        _ => None,
    })
}

/// Makes what is missing on the way to the last part: a list where an index follows, else a map.
fn make_parents(tree: &mut Tree, path: &[String], options: Options) -> Result<(), String> {
    let mut at = tree;
    for (part, next) in path.iter().zip(path.iter().skip(1)) {
        at = match at {
            Tree::Object(fields) => {
                let place = fields.entry(part.clone()).or_insert(Tree::Null);
                if place.is_null() {
                    *place = parent_of(next)?;
                }
                place
            }
            Tree::Array(elements) => {
                let length = elements.len();
                let place = if part == "-" { Some(length) } else { index(part, length + 1, options) };
                let place = place.ok_or_else(|| format!("`{part}` is not an index of a list of {length}"))?;
                if place == length {
                    elements.push(Tree::Null);
                }
                let place = elements.get_mut(place).ok_or("an element is missing")?;
                if place.is_null() {
                    *place = parent_of(next)?;
                }
                place
            }
            _ => return Ok(()),
        };
    }
    Ok(())
}

fn parent_of(next: &str) -> Result<Tree, String> {
    if next == "-" || next == "-1" {
        return Ok(Tree::Array(Vec::new()));
    }
    match next.parse::<usize>() {
        Ok(index) if index > MOST_PADDING => Err(format!("the index `{next}` is too large for a new list")),
        Ok(index) => Ok(Tree::Array(vec![Tree::Null; index])),
        Err(_) => Ok(Tree::Object(Map::new())),
    }
}

/// Equality that does not mind whether a number is written with a fraction.
fn equal(left: &Tree, right: &Tree) -> bool {
    match (left, right) {
        (Tree::Number(left), Tree::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Tree::Array(left), Tree::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Tree::Object(left), Tree::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| equal(left, right)))
        }
        _ => left == right,
    }
}

fn weight(value: &Tree) -> usize {
    1 + match value {
        Tree::Array(elements) => elements.iter().map(weight).sum(),
        Tree::Object(fields) => fields.values().map(weight).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Tree, json};

    use super::{KYVERNO, STRICT, apply};

    fn kyverno(object: Tree, patch: Tree) -> Result<Tree, String> {
        apply(object, &patch, KYVERNO)
    }

    #[test]
    fn the_operations_of_the_standard_work() {
        let table = [
            (json!({"a": 1}), json!([{"op": "add", "path": "/b", "value": 2}]), json!({"a": 1, "b": 2})),
            (json!({"a": [1, 3]}), json!([{"op": "add", "path": "/a/1", "value": 2}]), json!({"a": [1, 2, 3]})),
            (json!({"a": [1]}), json!([{"op": "add", "path": "/a/-", "value": 2}]), json!({"a": [1, 2]})),
            (json!({"a": 1, "b": 2}), json!([{"op": "remove", "path": "/b"}]), json!({"a": 1})),
            (json!({"a/b": 1}), json!([{"op": "replace", "path": "/a~1b", "value": 2}]), json!({"a/b": 2})),
            (
                json!({"a": {"x": 1}}),
                json!([{"op": "copy", "from": "/a", "path": "/b"}]),
                json!({"a": {"x": 1}, "b": {"x": 1}}),
            ),
            (json!({"a": 1}), json!([{"op": "move", "from": "/a", "path": "/b"}]), json!({"b": 1})),
            (json!({"a": 1}), json!([{"op": "test", "path": "/a", "value": 1.0}]), json!({"a": 1})),
        ];
        for (object, patch, wanted) in table {
            assert_eq!(apply(object, &patch, STRICT).unwrap(), wanted);
        }
    }

    #[test]
    fn the_standard_refuses_what_kyverno_allows() {
        let table = [
            (json!({"a": 1}), json!([{"op": "remove", "path": "/b/c"}]), json!({"a": 1})),
            (json!({}), json!([{"op": "add", "path": "/a/b/c", "value": 1}]), json!({"a": {"b": {"c": 1}}})),
            (json!({}), json!([{"op": "add", "path": "/a/-", "value": 1}]), json!({"a": [1]})),
            (json!({}), json!([{"op": "add", "path": "/a/-1/b", "value": 1}]), json!({"a": [{"b": 1}]})),
            (json!({"a": [1, 2]}), json!([{"op": "replace", "path": "/a/-1", "value": 3}]), json!({"a": [1, 3]})),
            (json!({"a": [1, 2]}), json!([{"op": "add", "path": "/a/-1", "value": 3}]), json!({"a": [1, 2, 3]})),
        ];
        for (object, patch, wanted) in table {
            assert!(apply(object.clone(), &patch, STRICT).is_err(), "{patch}");
            assert_eq!(kyverno(object, patch).unwrap(), wanted);
        }
    }

    #[test]
    fn a_step_that_can_not_be_done_is_named() {
        let problem = kyverno(json!({}), json!([{"op": "replace", "path": "/a", "value": 1}])).unwrap_err();
        assert_eq!(problem, "operation 0 of the JSON patch: `/a` does not exist, so it can not be replaced");
        assert!(kyverno(json!({"a": 1}), json!([{"op": "test", "path": "/a", "value": 2}])).is_err());
        assert!(kyverno(json!({"a": {}}), json!([{"op": "move", "from": "/a", "path": "/a/b"}])).is_err());
        assert!(kyverno(json!({}), json!({"op": "add"})).is_err());
    }

    #[test]
    fn a_patch_that_doubles_the_object_ends() {
        let double = json!([{"op": "copy", "from": "/a", "path": "/a/-"}]);
        let wide: Vec<Tree> = (0..64).flat_map(|_| double.as_array().unwrap().clone()).collect();
        assert!(kyverno(json!({"a": [1, 2, 3]}), Tree::from(wide)).unwrap_err().contains("more than"));
    }
}
