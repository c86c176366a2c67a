//! Pods placed by node labels that are deprecated or gone.

use rampart_model::rule::Check;
use rampart_model::{Control, FieldPath, Pod, Remedy, Reporter, Rule, Severity, Step, Value};

use super::target;

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/deprecated-node-label",
    control: Control::Upgrades,
    severity: Severity::Low,
    title: "Pod is placed by a deprecated node label",
    why: "Nodes lose the old label with an upgrade of the installer, kubelet or cloud controller; pods that ask for it \
          then stay pending, or spread over one zone only.",
    fix: "Use the label that replaced it, such as kubernetes.io/os or topology.kubernetes.io/zone.",
    maps_to: &[],
    check: Check::Pod { run },
};

struct Label {
    old: &'static str,
    new: &'static str,
    deprecated: u32,
    /// The release whose nodes do not carry it any more; 0 where they still do.
    gone: u32,
}

const fn label(old: &'static str, new: &'static str, deprecated: u32, gone: u32) -> Label {
    Label { old, new, deprecated, gone }
}

static LABELS: [Label; 6] = [
    label("beta.kubernetes.io/os", "kubernetes.io/os", 14, 0),
    label("beta.kubernetes.io/arch", "kubernetes.io/arch", 14, 0),
    label("beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type", 17, 0),
    label("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone", 17, 0),
    label("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region", 17, 0),
    label("node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane", 20, 24),
];

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    if let Some(selector) = pod.spec.field("nodeSelector") {
        for (key, value) in selector.entries() {
            complain(pod, key, value, Fix::Rename(selector), report);
        }
    }
    for constraint in list(pod.spec.field("topologySpreadConstraints")) {
        term(pod, constraint, "topologyKey", report);
    }
    let Some(affinity) = pod.spec.field("affinity") else { return };
    if let Some(node) = affinity.field("nodeAffinity") {
        let required = node.dig(&["requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]);
        let preferred = list(node.field("preferredDuringSchedulingIgnoredDuringExecution"));
        for terms in list(required).chain(preferred.filter_map(|preferred| preferred.field("preference"))) {
            for expression in list(terms.field("matchExpressions")) {
                term(pod, expression, "key", report);
            }
        }
    }
    for affinity in ["podAffinity", "podAntiAffinity"].into_iter().filter_map(|key| affinity.field(key)) {
        for required in list(affinity.field("requiredDuringSchedulingIgnoredDuringExecution")) {
            term(pod, required, "topologyKey", report);
        }
        for preferred in list(affinity.field("preferredDuringSchedulingIgnoredDuringExecution")) {
            if let Some(preferred) = preferred.field("podAffinityTerm") {
                term(pod, preferred, "topologyKey", report);
            }
        }
    }
}

fn list<'d>(value: Option<Value<'d>>) -> impl Iterator<Item = Value<'d>> + use<'d> {
    value.into_iter().flat_map(Value::items)
}

enum Fix<'d> {
    /// The label is a key of this map.
    Rename(Value<'d>),
    /// The label is the text of the field.
    Replace,
}

fn term(pod: &Pod<'_>, holder: Value<'_>, key: &str, report: &mut Reporter<'_>) {
    if let Some(value) = holder.field(key)
        && let Some(name) = value.str()
    {
        complain(pod, name, value, Fix::Replace, report);
    }
}

fn complain(pod: &Pod<'_>, name: &str, place: Value<'_>, fix: Fix<'_>, report: &mut Reporter<'_>) {
    let target = target(report);
    let Some(label) = LABELS.iter().find(|label| label.old == name && label.deprecated <= target) else { return };
    let is_gone = label.gone != 0 && label.gone <= target;
    let state = if is_gone {
        format!("is not set on nodes since v1.{}", label.gone)
    } else {
        format!("is deprecated since v1.{}", label.deprecated)
    };
    let message = format!("node label `{name}` {state}: use `{}`", label.new);
    let mut entry = report.finding(&pod.object.subject(), place, name, message);
    if is_gone {
        entry = entry.severity(Severity::Medium);
    }
    match fix {
        Fix::Replace => {
            entry.set(&format!("\"{}\"", label.new));
        }
        Fix::Rename(map) => {
            let text = place.str().unwrap_or_default();
            if !text.contains(['"', '\\']) && map.get(label.new).is_none() {
                let FieldPath(mut steps) = map.path();
                steps.push(Step::key(label.new));
                entry
                    .remedy(Remedy::Set { path: FieldPath(steps), json: format!("\"{text}\"") })
                    .remedy(Remedy::Remove { path: place.path() });
            }
        }
    }
}
