//! Rules for pod controllers made from a rule for pods, as Kyverno's CEL policies make them: by replacing text.
//!
//! The replacement is on the text of the whole specification, so `object.?spec` stays what it is: verdicts must be those
//! of Kyverno, which does the same.

use serde_json::Value as Tree;

use crate::constraint::MatchResources;
use crate::expression::items;

/// A controller: group, resource, kind.
const DEFAULTS: [(&str, &str, &str); 5] = [
    ("apps", "daemonsets", "DaemonSet"),
    ("apps", "deployments", "Deployment"),
    ("batch", "jobs", "Job"),
    ("apps", "replicasets", "ReplicaSet"),
    ("apps", "statefulsets", "StatefulSet"),
];
const CRONJOBS: [(&str, &str, &str); 1] = [("batch", "cronjobs", "CronJob")];

/// A rule that was made: its name, what it is about, and the specification with its text replaced.
#[derive(Debug, Clone)]
pub struct Generated {
    /// `defaults` or `cronjobs`.
    pub name: &'static str,
    pub constraints: MatchResources,
    pub spec: Tree,
}

/// The rules for controllers of a policy's specification; none where it is about other things than pods alone.
pub fn rules(spec: &Tree) -> Vec<Generated> {
    let Some(tree) = spec.get("matchConstraints") else { return Vec::new() };
    let constraints = MatchResources::read(tree);
    if !is_about_pods(&constraints) {
        return Vec::new();
    }
    let wanted = wanted(spec);
    let kinds =
        [("defaults", &DEFAULTS[..], "spec.template"), ("cronjobs", &CRONJOBS[..], "spec.jobTemplate.spec.template")];
    let made = kinds.into_iter().filter_map(|(name, controllers, template)| {
        let chosen: Vec<_> = controllers
            .iter()
            .filter(|(_, resource, _)| wanted.as_ref().is_none_or(|wanted| wanted.iter().any(|w| w == resource)))
            .collect();
        let pods = constraints.rules.first()?;
        let rules: Vec<_> = chosen.iter().map(|(group, resource, _)| pods.about(group, "v1", resource)).collect();
        let spec = rewritten(spec, template)?;
        (!rules.is_empty()).then(|| Generated { name, constraints: MatchResources::about(rules), spec })
    });
    made.collect()
}

/// The controllers that the policy chooses; none where it leaves that open.
fn wanted(spec: &Tree) -> Option<Vec<String>> {
    let chosen = spec.get("autogen")?.get("podControllers")?;
    chosen.get("controllers").filter(|list| list.is_array())?;
    Some(items(chosen, "controllers").filter_map(Tree::as_str).map(str::to_owned).collect())
}

fn is_about_pods(constraints: &MatchResources) -> bool {
    let [rule] = constraints.rules.as_slice() else { return false };
    !constraints.has_selectors()
        && constraints.excluded.is_empty()
        && !rule.names_objects()
        && rule.groups == [""]
        && rule.versions == ["v1"]
        && rule.resources == ["pods"]
}

/// The specification with the paths of a pod made paths of a pod's template.
pub(crate) fn rewritten(spec: &Tree, template: &str) -> Option<Tree> {
    let mut text = spec.to_string();
    for part in ["spec", "metadata"] {
        // `oldObject.` ends in `Object.`, which is another word than `object.`.
        for object in ["object", "oldObject"] {
            text = replace(&text, &format!("{object}.{part}"), &format!("{object}.{template}.{part}"));
        }
    }
    serde_json::from_str(&text).ok()
}

/// Replaces each `from`, but where a name or namespace follows, which the template does not have.
fn replace(text: &str, from: &str, to: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut pieces = text.split(from);
    made.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        made.push_str(if is_protected(piece) { from } else { to });
        made.push_str(piece);
    }
    made
}

fn is_protected(rest: &str) -> bool {
    [".namespace", ".name"].iter().any(|suffix| {
        rest.strip_prefix(suffix).is_some_and(|next| !next.starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(more: &str) -> Tree {
        let text = format!(
            r#"{{"matchConstraints":{{"resourceRules":[{{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods"]}}]}},
                "validations":[{{"expression":"object.spec.x && object.?spec.y && object.metadata.name == oldObject.metadata.labels.a"}}]{more}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn paths_of_a_pod_become_paths_of_its_template() {
        let made = rules(&policy(""));
        let expressions: Vec<_> = made
            .iter()
            .map(|rule| {
                (rule.name, rule.constraints.rules.len(), rule.spec["validations"][0]["expression"].as_str().unwrap())
            })
            .collect();
        assert_eq!(
            expressions,
            [
                (
                    "defaults",
                    5,
                    "object.spec.template.spec.x && object.?spec.y && object.metadata.name == oldObject.spec.template.metadata.labels.a"
                ),
                (
                    "cronjobs",
                    1,
                    "object.spec.jobTemplate.spec.template.spec.x && object.?spec.y && object.metadata.name == oldObject.spec.jobTemplate.spec.template.metadata.labels.a"
                ),
            ]
        );
    }

    #[test]
    fn a_policy_chooses_its_controllers() {
        let chosen = rules(&policy(r#","autogen":{"podControllers":{"controllers":["deployments"]}}"#));
        assert_eq!(
            chosen.iter().map(|rule| (rule.name, rule.constraints.rules.len())).collect::<Vec<_>>(),
            [("defaults", 1)]
        );
        assert!(rules(&policy(r#","autogen":{"podControllers":{"controllers":[]}}"#)).is_empty());
    }
}
