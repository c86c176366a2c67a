//! Rules for pod controllers made from a rule for pods, as Kyverno makes them for its classic policies.

use serde_json::{Value as Tree, json};

use super::matching::texts;

const CONTROLLERS: [&str; 6] = ["DaemonSet", "Deployment", "Job", "ReplicaSet", "ReplicationController", "StatefulSet"];
const CRONJOB: &str = "CronJob";
/// Names of rules are cut at so many bytes.
const LONGEST_NAME: usize = 63;

/// The rules that a policy's rules bring about; `chosen` is its annotation on controllers.
pub fn rules(rules: &[Tree], chosen: Option<&str>) -> Vec<Tree> {
    if chosen == Some("none") || !rules.iter().all(allows) {
        return Vec::new();
    }
    let wanted: Option<Vec<&str>> = chosen
        .filter(|chosen| !chosen.is_empty() && *chosen != "all")
        .map(|chosen| chosen.split(',').map(str::trim).collect());
    let is_wanted = |kind: &&str| wanted.as_ref().is_none_or(|wanted| wanted.contains(kind));
    let controllers: Vec<&str> = CONTROLLERS.into_iter().filter(is_wanted).collect();
    let cronjobs: Vec<&str> = [CRONJOB].into_iter().filter(is_wanted).collect();
    let kinds = [
        ("autogen", &controllers, &["spec", "template"][..]),
        ("autogen-cronjob", &cronjobs, &["spec", "jobTemplate", "spec", "template"][..]),
    ];
    let mut made = Vec::new();
    for rule in rules.iter().filter(|rule| is_about_pods(rule)) {
        for (prefix, kinds, path) in &kinds {
            made.extend((!kinds.is_empty()).then(|| rewritten(rule, prefix, kinds, path)).flatten());
        }
    }
    made
}

/// The resource filters of a block.
fn filters(block: Option<&Tree>) -> Vec<&Tree> {
    let Some(block) = block else { return Vec::new() };
    let lists = ["any", "all"].into_iter().filter_map(|key| block.get(key)?.as_array()).flatten();
    lists.chain([block]).filter_map(|filter| filter.get("resources")).collect()
}

/// One rule that cannot be carried over keeps all of its policy from being so.
fn allows(rule: &Tree) -> bool {
    let mutate = rule.get("mutate");
    let is_patch = |tree: &Tree| tree.get("patchesJson6902").is_some();
    let foreach = mutate.and_then(|mutate| mutate.get("foreach")?.as_array());
    let resources = filters(rule.get("match")).into_iter().chain(filters(rule.get("exclude")));
    rule.get("generate").is_none()
        && !mutate.is_some_and(is_patch)
        && !foreach.is_some_and(|list| list.iter().any(is_patch))
        && resources.into_iter().all(|resources| {
            let kinds = texts(resources, "kinds");
            ["name", "names", "selector", "annotations"].iter().all(|key| resources.get(*key).is_none())
                && !(kinds.len() > 1 && kinds.contains(&"Pod"))
        })
}

fn is_about_pods(rule: &Tree) -> bool {
    let kinds = |block| -> Vec<&str> {
        filters(rule.get(block)).into_iter().flat_map(|resources| texts(resources, "kinds")).collect()
    };
    let excluded = kinds("exclude");
    kinds("match").contains(&"Pod") && (excluded.is_empty() || excluded.contains(&"Pod"))
}

fn rewritten(rule: &Tree, prefix: &str, kinds: &[&str], path: &[&str]) -> Option<Tree> {
    let dotted = path.join(".");
    let mut text = rule.to_string();
    for object in ["request.object", "request.oldObject"] {
        for part in ["spec", "metadata"] {
            text = text.replace(&format!("{object}.{part}"), &format!("{object}.{dotted}.{part}"));
        }
    }
    let mut made: Tree = serde_json::from_str(&text).ok()?;
    let name = format!("{prefix}-{}", rule.get("name").and_then(Tree::as_str).unwrap_or_default());
    let name: String = name.char_indices().take_while(|(at, _)| *at < LONGEST_NAME).map(|(_, next)| next).collect();
    made.as_object_mut()?.insert("name".to_owned(), Tree::String(name));
    for block in ["match", "exclude"] {
        if let Some(block) = made.get_mut(block) {
            retarget(block, kinds);
        }
    }
    // Expressions of CEL name the object itself.
    for key in ["validate", "celPreconditions"] {
        let part = made.get_mut(key).and_then(|part| if key == "validate" { part.get_mut("cel") } else { Some(part) });
        if let Some(part) = part {
            *part = crate::policies::autogen::rewritten(part, &dotted)?;
        }
    }
    let nest = |pattern: Tree| path.iter().rev().fold(pattern, |inner, key| json!({ *key: inner }));
    if let Some(validate) = made.get_mut("validate") {
        if let Some(pattern) = validate.get_mut("pattern") {
            *pattern = nest(pattern.take());
        }
        for pattern in validate.get_mut("anyPattern").and_then(Tree::as_array_mut).into_iter().flatten() {
            *pattern = nest(pattern.take());
        }
    }
    Some(made)
}

/// Filters on pods become filters on the controllers.
fn retarget(block: &mut Tree, kinds: &[&str]) {
    if let Some(found) = block.get_mut("resources").and_then(|resources| resources.get_mut("kinds"))
        && found.as_array().is_some_and(|found| found.iter().any(|kind| kind == "Pod"))
    {
        *found = json!(kinds);
    }
    for key in ["any", "all"] {
        for filter in block.get_mut(key).and_then(Tree::as_array_mut).into_iter().flatten() {
            if filter.get("resources").is_some() {
                retarget(filter, kinds);
            }
        }
    }
}
