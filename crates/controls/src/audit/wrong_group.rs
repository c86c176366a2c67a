//! Audit rules that name a resource under an API group that does not have it: they match nothing.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Remedy, Reporter, Rule, Severity, Standard, Value};

use super::policy::rules;

pub(crate) static RULE: Rule = Rule {
    id: "audit/wrong-group",
    control: Control::Audit,
    severity: Severity::Medium,
    title: "Audit rule names the wrong API group",
    why: "A rule for a resource under the wrong group matches no request, without an error: its events fall to a later \
          rule, with less detail or none.",
    fix: "Name the group that serves the resource, without a version: `\"\"` for pods, `apps` for deployments.",
    maps_to: &[Mapping(Standard::CisKubernetes, "3.2.2")],
    check: Check::Object { kinds: Kinds::Of(&["audit.k8s.io/Policy"]), run },
};

/// Where the resources live that audit policies speak of; old and new groups of the same resource both count.
const HOMES: &[(&[&str], &str)] = &[
    (
        &[""],
        "bindings configmaps endpoints limitranges namespaces nodes persistentvolumeclaims persistentvolumes pods \
         podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services",
    ),
    (&["", "events.k8s.io"], "events"),
    (&["apps", "extensions"], "daemonsets deployments replicasets"),
    (&["apps"], "controllerrevisions statefulsets"),
    (&["batch"], "cronjobs jobs"),
    (&["autoscaling"], "horizontalpodautoscalers"),
    (&["networking.k8s.io", "extensions"], "ingresses networkpolicies"),
    (&["networking.k8s.io"], "ingressclasses"),
    (&["policy"], "poddisruptionbudgets"),
    (&["policy", "extensions"], "podsecuritypolicies"),
    (&["rbac.authorization.k8s.io"], "clusterrolebindings clusterroles rolebindings roles"),
    (&["authentication.k8s.io"], "tokenreviews selfsubjectreviews"),
    (
        &["authorization.k8s.io"],
        "localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews",
    ),
    (
        &["admissionregistration.k8s.io"],
        "mutatingwebhookconfigurations validatingwebhookconfigurations validatingadmissionpolicies \
         validatingadmissionpolicybindings",
    ),
    (&["apiextensions.k8s.io"], "customresourcedefinitions"),
    (&["apiregistration.k8s.io"], "apiservices"),
    (&["certificates.k8s.io"], "certificatesigningrequests clustertrustbundles"),
    (&["coordination.k8s.io"], "leases"),
    (&["discovery.k8s.io"], "endpointslices"),
    (&["scheduling.k8s.io"], "priorityclasses"),
    (&["storage.k8s.io"], "csidrivers csinodes storageclasses volumeattachments"),
    (&["flowcontrol.apiserver.k8s.io"], "flowschemas prioritylevelconfigurations"),
];

/// Groups of Kubernetes; add-ons may serve a resource of the same name under a group of their own.
fn is_of_kubernetes(group: &str) -> bool {
    // `core`, `v1` and groups with a version are the usual slips.
    matches!(group, "core" | "v1") || group.contains('/') || HOMES.iter().any(|(groups, _)| groups.contains(&group))
}

fn run(policy: &Object<'_>, report: &mut Reporter<'_>) {
    for entry in rules(policy).flat_map(|rule| rule.value.field("resources")).flat_map(Value::items) {
        let group = entry.text_at(&["group"]).unwrap_or_default();
        if !is_of_kubernetes(group) {
            continue;
        }
        let resources = || entry.field("resources").into_iter().flat_map(Value::items);
        let known = |resource: Value<'_>| resource.str().and_then(homes);
        let mut misplaced =
            resources().filter(|resource| known(*resource).is_some_and(|homes| !homes.contains(&group))).peekable();
        let Some(home) = misplaced.peek().and_then(|first| known(*first)?.first()) else { continue };
        // One group for all of them: the entry can be mended by itself, else it has to be split.
        let is_shared = resources().all(|resource| known(resource).is_some_and(|homes| homes.contains(home)));
        let path = entry.path().join("group");
        for resource in misplaced {
            let name = resource.str().unwrap_or_default();
            let home = known(resource).and_then(|homes| homes.first()).copied().unwrap_or_default();
            let message = format!("`{name}` is not in group `{group}` but in `{home}`: the rule does not match it");
            let found = report.finding(&policy.subject(), resource, format!("{group} {name}"), message);
            if is_shared {
                found.remedy(Remedy::Set { path: path.clone(), json: format!("\"{home}\"") });
            }
        }
    }
}

/// The groups that serve `resource` (a subresource is where its resource is); none where it is not known.
fn homes(resource: &str) -> Option<&'static [&'static str]> {
    let name = resource.split('/').next()?;
    HOMES
        .iter()
        .find(|(_, resources)| resources.split_whitespace().any(|known| known == name))
        .map(|(groups, _)| *groups)
}
