//! Kyverno's anchors in a strategic patch, resolved against the object before the patch is merged: `(key)` and
//! `<(key)` are conditions, `+(key)` adds what is not there, and elements with anchors stand for every element of the
//! object's list that meets them.

use serde_json::{Map, Value as Tree};

/// Asked whether a value of the object meets a pattern.
pub type Meets<'a> = dyn Fn(&Tree, &Tree) -> bool + 'a;

/// Which condition was not met: one that counts where it stands, or one that takes the whole rule out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unmet {
    Here,
    Global,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    Condition,
    Global,
    Add,
}

/// The anchor of a key and the key inside it; the anchors that only patterns know are none here.
fn anchor(key: &str) -> Option<(Anchor, &str)> {
    let inner = key.strip_suffix(')')?;
    let (kind, inner) = match inner.strip_prefix('(') {
        Some(inner) => (Anchor::Condition, inner),
        None => match (inner.strip_prefix("<("), inner.strip_prefix("+(")) {
            (Some(inner), _) => (Anchor::Global, inner),
            (_, Some(inner)) => (Anchor::Add, inner),
            _ => return None,
        },
    };
    (!inner.is_empty()).then_some((kind, inner))
}

fn is_condition(key: &str) -> bool {
    anchor(key).is_some_and(|(kind, _)| kind != Anchor::Add)
}

/// The patch without anchors, as it is to be merged into `object`; none where its conditions take the object out.
pub fn resolve(patch: &Tree, object: &Tree, meets: &Meets<'_>) -> Option<Tree> {
    let mut patch = patch.clone();
    prepare(&mut patch, Some(object), meets).ok()?;
    if let Tree::Object(fields) = &mut patch {
        let all = std::mem::take(fields);
        for (name, mut value) in all {
            let condition = is_condition(&name);
            if !strip(&mut value, condition) {
                let name = anchor(&name).map_or(name.as_str(), |(_, inner)| inner).to_owned();
                fields.insert(name, value);
            }
        }
    }
    Some(patch)
}

fn prepare(patch: &mut Tree, object: Option<&Tree>, meets: &Meets<'_>) -> Result<(), Unmet> {
    match patch {
        Tree::Object(fields) => {
            add_missing(fields, object);
            conditions(fields, object, Anchor::Global, meets).map_err(|()| Unmet::Global)?;
            conditions(fields, object, Anchor::Condition, meets).map_err(|()| Unmet::Here)?;
            for (name, value) in fields.iter_mut().filter(|(name, _)| anchor(name).is_none()) {
                prepare(value, object.and_then(|object| object.get(name)), meets)?;
            }
            Ok(())
        }
        Tree::Array(elements) if elements.first().is_some_and(Tree::is_object) => each(elements, object, meets),
        _ => Ok(()),
    }
}

/// `+(key)`: gone where the object has the key, plain where it lacks it. Says whether there was one.
fn add_missing(fields: &mut Map<String, Tree>, object: Option<&Tree>) -> bool {
    let added: Vec<_> = fields
        .keys()
        .filter_map(|key| {
            anchor(key).filter(|(kind, _)| *kind == Anchor::Add).map(|(_, inner)| (key.clone(), inner.to_owned()))
        })
        .collect();
    let found = !added.is_empty();
    for (key, inner) in added {
        let value = fields.remove(&key);
        if let (Some(value), None) = (value, object.and_then(|object| object.get(&inner))) {
            fields.insert(inner, value);
        }
    }
    found
}

fn conditions(
    fields: &mut Map<String, Tree>,
    object: Option<&Tree>,
    wanted: Anchor,
    meets: &Meets<'_>,
) -> Result<(), ()> {
    for (key, pattern) in fields.iter_mut() {
        let Some((_, inner)) = anchor(key).filter(|(kind, _)| *kind == wanted) else { continue };
        let value = object.and_then(|object| object.get(inner)).ok_or(())?;
        // A condition whose value only adds what is missing holds where the field is there.
        let adds = pattern.as_object_mut().is_some_and(|pattern| add_missing(pattern, Some(value)));
        if !adds && !meets(pattern, value) {
            return Err(());
        }
    }
    Ok(())
}

/// Elements with anchors make one element, named as the object's, for each of the object's that meets them.
fn each(elements: &mut Vec<Tree>, object: Option<&Tree>, meets: &Meets<'_>) -> Result<(), Unmet> {
    let found = object.and_then(Tree::as_array).map_or(&[][..], Vec::as_slice);
    let mut made = Vec::new();
    for element in elements.iter().filter(|element| has_anchors(element, &|kind| kind.is_some())) {
        let global = has_anchors(element, &|kind| kind == Some(Anchor::Global));
        let (mut passed, mut refused) = (false, false);
        for candidate in found {
            let mut copy = element.clone();
            match prepare(&mut copy, Some(candidate), meets) {
                Err(Unmet::Here) => {}
                Err(Unmet::Global) => refused = true,
                Ok(()) if global => passed = true,
                Ok(()) => made.extend(named(copy, candidate)),
            }
        }
        if object.is_none_or(Tree::is_null) && prepare(&mut element.clone(), None, meets) == Err(Unmet::Global) {
            return Err(Unmet::Global);
        }
        if refused && !passed {
            return Err(Unmet::Global);
        }
    }
    elements.extend(made);
    Ok(())
}

/// The element without its conditions, with the name by which the merge finds the object's element.
fn named(mut element: Tree, candidate: &Tree) -> Option<Tree> {
    let name = candidate.get("name").filter(|name| name.as_str().is_some_and(|name| !name.is_empty()))?.clone();
    if strip(&mut element, true) {
        return None;
    }
    element.as_object_mut()?.insert("name".to_owned(), name);
    Some(element)
}

fn has_anchors(patch: &Tree, wanted: &dyn Fn(Option<Anchor>) -> bool) -> bool {
    match patch {
        Tree::Object(fields) => fields
            .iter()
            .any(|(key, value)| anchor(key).is_some_and(|(kind, _)| wanted(Some(kind))) || has_anchors(value, wanted)),
        Tree::Array(elements) => elements.iter().any(|element| has_anchors(element, wanted)),
        _ => false,
    }
}

/// Takes the conditions out; true where nothing but conditions was there, so that the merge must not see it.
fn strip(patch: &mut Tree, scalar: bool) -> bool {
    match patch {
        Tree::Object(fields) if fields.is_empty() => scalar,
        Tree::Object(fields) => {
            for (name, mut value) in std::mem::take(fields) {
                let inner = anchor(&name).filter(|(kind, _)| *kind != Anchor::Add).map(|(_, inner)| inner.to_owned());
                if !strip(&mut value, inner.is_some()) {
                    fields.insert(inner.unwrap_or(name), value);
                }
            }
            fields.is_empty()
        }
        Tree::Array(elements) => {
            let before = elements.len();
            elements.retain_mut(|element| !has_anchors(element, &|kind| kind.is_some()) && !strip(element, false));
            elements.is_empty() && before > 0
        }
        _ => scalar,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Tree, json};

    use super::resolve;
    use crate::wildcard::matches;

    fn meets(pattern: &Tree, value: &Tree) -> bool {
        match (pattern, value) {
            (Tree::String(pattern), Tree::String(value)) => matches(pattern, value),
            (Tree::Object(pattern), _) => {
                pattern.iter().all(|(key, pattern)| value.get(key).is_some_and(|value| meets(pattern, value)))
            }
            _ => pattern == value,
        }
    }

    fn resolved(patch: Tree, object: Tree) -> Option<Tree> {
        resolve(&patch, &object, &meets)
    }

    #[test]
    fn what_is_there_is_not_added() {
        let patch = json!({"metadata": {"labels": {"+(a)": "1", "+(b)": "2", "c": "3"}}});
        let wanted = json!({"metadata": {"labels": {"b": "2", "c": "3"}}});
        assert_eq!(resolved(patch, json!({"metadata": {"labels": {"a": "x"}}})), Some(wanted));
    }

    #[test]
    fn an_element_with_a_condition_stands_for_all_that_meet_it() {
        let patch = json!({"spec": {"containers": [{"(image)": "*:latest", "imagePullPolicy": "Always"}]}});
        let object = json!({"spec": {"containers": [
            {"name": "a", "image": "x:latest"}, {"name": "b", "image": "x:1"}, {"name": "c", "image": "y:latest"}]}});
        let wanted = json!({"spec": {"containers": [
            {"name": "a", "imagePullPolicy": "Always"}, {"name": "c", "imagePullPolicy": "Always"}]}});
        assert_eq!(resolved(patch, object), Some(wanted));
    }

    #[test]
    fn a_condition_outside_a_list_takes_the_object_out() {
        let patch = json!({"spec": {"(hostNetwork)": true, "dnsPolicy": "Default"}});
        assert_eq!(resolved(patch.clone(), json!({"spec": {}})), None);
        assert_eq!(
            resolved(patch, json!({"spec": {"hostNetwork": true}})),
            Some(json!({"spec": {"dnsPolicy": "Default"}}))
        );
    }

    #[test]
    fn a_global_condition_needs_one_element_that_meets_it() {
        let patch = json!({"spec": {"containers": [{"<(image)": "mine/*"}], "imagePullSecrets": [{"name": "s"}]}});
        let object = |image: &str| json!({"spec": {"containers": [{"name": "a", "image": image}, {"name": "b", "image": "other"}]}});
        assert_eq!(
            resolved(patch.clone(), object("mine/x")),
            Some(json!({"spec": {"imagePullSecrets": [{"name": "s"}]}}))
        );
        assert_eq!(resolved(patch, object("x")), None);
    }

    #[test]
    fn additions_are_judged_element_by_element() {
        let patch = json!({"spec": {"containers": [{"(name)": "*", "+(imagePullPolicy)": "Always"}]}});
        let object = json!({"spec": {"containers": [{"name": "a", "imagePullPolicy": "Never"}, {"name": "b"}]}});
        let after = resolved(patch, object).unwrap();
        let containers = after["spec"]["containers"].as_array().unwrap();
        assert!(containers.contains(&json!({"name": "b", "imagePullPolicy": "Always"})));
        assert!(
            !containers.iter().any(|container| container["name"] == "a" && container.get("imagePullPolicy").is_some())
        );
    }

    #[test]
    fn maps_that_are_empty_on_purpose_stay() {
        let patch = json!({"spec": {"volumes": [{"name": "a", "emptyDir": {}}]}});
        assert_eq!(resolved(patch.clone(), json!({"spec": {}})), Some(patch));
    }
}
