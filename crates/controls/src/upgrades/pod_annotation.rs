//! Pod annotations of alpha and beta times that Kubernetes no longer reads.

use rampart_model::rule::Check;
use rampart_model::{Control, FieldPath, Mapping, Pod, Remedy, Reporter, Rule, Severity, Standard, Step, Value};

use super::target;

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/pod-annotation",
    control: Control::Upgrades,
    severity: Severity::Medium,
    title: "Pod annotation is no longer read",
    why: "The annotation looks like protection or placement but has no effect since the release that moved it into a \
          field: a pod believed to have a seccomp profile runs without one.",
    fix: "Set the field that took the annotation's place and remove the annotation.",
    maps_to: &[Mapping(Standard::PodSecurityStandards, "Seccomp"), Mapping(Standard::CisKubernetes, "5.6.2")],
    check: Check::Pod { run },
};

const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APPARMOR_CONTAINER: &str = "container.apparmor.security.beta.kubernetes.io/";

/// Annotation, the release that stopped reading it, the field that took over.
const REST: [(&str, u32, &str); 6] = [
    ("scheduler.alpha.kubernetes.io/critical-pod", 16, "priorityClassName"),
    ("scheduler.alpha.kubernetes.io/affinity", 8, "affinity"),
    ("scheduler.alpha.kubernetes.io/tolerations", 8, "tolerations"),
    ("pod.beta.kubernetes.io/init-containers", 8, "initContainers"),
    ("pod.alpha.kubernetes.io/init-containers", 8, "initContainers"),
    ("security.alpha.kubernetes.io/sysctls", 11, "securityContext.sysctls"),
];

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    let Some(annotations) = pod.template.dig(&["metadata", "annotations"]) else { return };
    for (key, value) in annotations.entries() {
        // The common case is a foreign annotation: be quick.
        if !key.contains(".kubernetes.io/") {
            continue;
        }
        let at = Annotation { pod, key, value };
        if key == SECCOMP_POD {
            at.seccomp(pod.spec, report);
        } else if let Some(name) = key.strip_prefix(SECCOMP_CONTAINER) {
            if let Some(container) = pod.containers().find(|container| container.name() == name) {
                at.seccomp(container.value, report);
            }
        } else if let Some(name) = key.strip_prefix(APPARMOR_CONTAINER) {
            at.apparmor(name, report);
        } else if let Some((_, read_until, field)) = REST.iter().find(|(known, ..)| *known == key)
            && *read_until <= target(report)
            && pod.spec.dig(&field.split('.').collect::<Vec<_>>()).is_none()
        {
            let message = format!("`{key}` is not read since v1.{read_until}: set `spec.{field}`");
            report.finding(&pod.object.subject(), value, key, message);
        }
    }
}

struct Annotation<'a, 'd> {
    pod: &'a Pod<'d>,
    key: &'d str,
    value: Value<'d>,
}

impl Annotation<'_, '_> {
    /// `holder` is the pod's spec or a container. Old servers write annotation and field beside each other, so that an
    /// annotation counts only where its field is absent.
    fn seccomp(&self, holder: Value<'_>, report: &mut Reporter<'_>) {
        if target(report) < 27 || holder.dig(&["securityContext", "seccompProfile"]).is_some() {
            return;
        }
        let message = format!(
            "`{}` is not read since v1.27: set `securityContext.seccompProfile`, or no profile applies",
            self.key
        );
        let entry = report.finding(&self.pod.object.subject(), self.value, self.key, message);
        if let Some(json) = self.value.str().and_then(profile) {
            let path = holder.path().join("securityContext.seccompProfile");
            entry.remedy(Remedy::Set { path, json }).remedy(Remedy::Remove { path: self.value.path() });
        }
    }

    fn apparmor(&self, name: &str, report: &mut Reporter<'_>) {
        let Some(container) = self.pod.containers().find(|container| container.name() == name) else { return };
        let has_field = |holder: Value<'_>| holder.dig(&["securityContext", "appArmorProfile"]).is_some();
        if target(report) < 30 || has_field(container.value) || has_field(self.pod.spec) {
            return;
        }
        let message = format!("`{}` is deprecated since v1.30: set `securityContext.appArmorProfile`", self.key);
        let entry = report.finding(&self.pod.object.subject(), self.value, self.key, message).severity(Severity::Low);
        if let Some(json) = self.value.str().and_then(profile) {
            let path = container.value.path().join("securityContext.appArmorProfile");
            let FieldPath(mut steps) = self.value.path();
            // The last step is the annotation's key, which holds dots.
            steps.pop();
            steps.push(Step::key(self.key));
            entry.remedy(Remedy::Set { path, json }).remedy(Remedy::Remove { path: FieldPath(steps) });
        }
    }
}

/// The profile field that means the same as the annotation's value; none for `unconfined`, which must not be written
/// anew: `pod-security/app-armor` puts it right first.
fn profile(value: &str) -> Option<String> {
    match value {
        "runtime/default" | "docker/default" => Some(r#"{"type":"RuntimeDefault"}"#.to_owned()),
        "unconfined" => None,
        _ => {
            let name =
                value.strip_prefix("localhost/").filter(|name| !name.is_empty() && !name.contains(['"', '\\']))?;
            Some(format!(r#"{{"type":"Localhost","localhostProfile":"{name}"}}"#))
        }
    }
}
