//! From a PodSecurityPolicy to the Pod Security level that takes its place.
//!
//! Each field of a policy asks for a level, and the weakest of them is the one under which every pod that the policy took
//! is still taken. What a policy fills into pods, and what it forbids that no level forbids, is lost with it and named.

use std::fmt;

use rampart_model::{Object, Value};

use super::standard::Level;
use super::{capabilities, se_linux};

/// What to put in the place of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub level: Level,
    /// The fields that keep the level from being a stricter one.
    pub because: Vec<&'static str>,
    /// What the policy fills into pods, and levels do not.
    pub fills_in: Vec<String>,
    /// What the policy forbids, and no level does.
    pub beyond: Vec<&'static str>,
}

impl Migration {
    pub fn of(policy: &Object<'_>) -> Self {
        let spec = policy.value().field("spec");
        let field = |keys: &[&str]| spec.and_then(|spec| spec.dig(keys));
        let annotation = |key: &str| policy.annotation(key);
        let judged = levels(&field, &annotation);
        let level = judged.iter().map(|(_, level)| *level).min().unwrap_or(Level::Restricted);
        let because = match level {
            Level::Restricted => Vec::new(),
            _ => judged.iter().filter(|(_, judged)| *judged == level).map(|(name, _)| *name).collect(),
        };
        Self { level, because, fills_in: fills_in(&field, &annotation), beyond: beyond(&field) }
    }
}

impl fmt::Display for Migration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        write!(f, "corresponds to the level `{}`", self.level)?;
        if !self.because.is_empty() {
            write!(f, " (by {})", quoted(&self.because))?;
        }
        match self.fills_in.as_slice() {
            [] => f.write_str("; it fills nothing into pods")?,
            fields => write!(f, "; it fills into pods {}", fields.join(", "))?,
        }
        match self.beyond.as_slice() {
            [] => Ok(()),
            fields => write!(f, "; no level checks {}", quoted(fields)),
        }
    }
}

type Field<'a, 'd> = dyn Fn(&[&str]) -> Option<Value<'d>> + 'a;
type Annotation<'a, 'd> = dyn Fn(&str) -> Option<&'d str> + 'a;

fn texts<'d>(list: Option<Value<'d>>) -> impl Iterator<Item = &'d str> {
    list.into_iter().flat_map(Value::items).filter_map(Value::str)
}

fn is_true(field: Option<Value<'_>>) -> bool {
    field.and_then(Value::bool) == Some(true)
}

fn rule_of<'d>(field: &Field<'_, 'd>, strategy: &str) -> Option<&'d str> {
    field(&[strategy, "rule"]).and_then(Value::str)
}

/// The level that each field which says anything about it asks for.
fn levels(field: &Field<'_, '_>, annotation: &Annotation<'_, '_>) -> Vec<(&'static str, Level)> {
    let mut judged = Vec::new();
    for name in ["privileged", "hostPID", "hostIPC", "hostNetwork"] {
        if is_true(field(&[name])) {
            judged.push((name, Level::Privileged));
        }
    }
    let ports = field(&["hostPorts"]).into_iter().flat_map(Value::items);
    if ports.into_iter().any(|range| range.i64_at(&["max"]) != Some(0)) {
        judged.push(("hostPorts", Level::Privileged));
    }
    for name in ["allowedCapabilities", "defaultAddCapabilities"] {
        let level = |capability: &str| match capability {
            "NET_BIND_SERVICE" => Level::Restricted,
            other if capabilities::ALLOWED.contains(&other) => Level::Baseline,
            _ => Level::Privileged,
        };
        judged.extend(texts(field(&[name])).map(level).min().map(|level| (name, level)));
    }
    if !texts(field(&["requiredDropCapabilities"])).any(|dropped| dropped == "ALL") {
        judged.push(("requiredDropCapabilities", Level::Baseline));
    }
    judged.extend(texts(field(&["volumes"])).map(volume).min().map(|level| ("volumes", level)));
    if field(&["allowPrivilegeEscalation"]).and_then(Value::bool) != Some(false) {
        judged.push(("allowPrivilegeEscalation", Level::Baseline));
    }
    if !forbids_root(field) {
        judged.push(("runAsUser", Level::Baseline));
    }
    // Without a label of its own a policy leaves SELinux to the nodes, as nearly all do; that asks for no level.
    if let Some(options) = field(&["seLinux", "seLinuxOptions"]) {
        let option = |key| options.text_at(&[key]).unwrap_or("");
        if !se_linux::ALLOWED.contains(&option("type")) || !option("user").is_empty() || !option("role").is_empty() {
            judged.push(("seLinux", Level::Privileged));
        }
    }
    if texts(field(&["allowedProcMountTypes"])).any(|kind| kind != "Default") {
        judged.push(("allowedProcMountTypes", Level::Privileged));
    }
    if texts(field(&["allowedUnsafeSysctls"])).next().is_some() {
        judged.push(("allowedUnsafeSysctls", Level::Privileged));
    }
    let is_known = |name: &str| {
        matches!(name.trim(), "runtime/default" | "docker/default") || name.trim().starts_with("localhost/")
    };
    match annotation("seccomp.security.alpha.kubernetes.io/allowedProfileNames") {
        // Without the annotation a pod can choose no profile; only a default then gives it one.
        None => judged.push(("seccomp", Level::Baseline)),
        Some(names) if names.split(',').all(is_known) => {}
        Some(_) => judged.push(("seccomp", Level::Privileged)),
    }
    if annotation("apparmor.security.beta.kubernetes.io/allowedProfileNames")
        .is_some_and(|names| !names.split(',').all(is_known))
    {
        judged.push(("apparmor", Level::Privileged));
    }
    judged
}

fn volume(kind: &str) -> Level {
    match kind {
        "configMap"
        | "csi"
        | "downwardAPI"
        | "emptyDir"
        | "ephemeral"
        | "persistentVolumeClaim"
        | "projected"
        | "secret" => Level::Restricted,
        "*" | "hostPath" => Level::Privileged,
        _ => Level::Baseline,
    }
}

fn forbids_root(field: &Field<'_, '_>) -> bool {
    match rule_of(field, "runAsUser") {
        Some("MustRunAsNonRoot") => true,
        Some("MustRunAs") => {
            let mut ranges = field(&["runAsUser", "ranges"]).into_iter().flat_map(Value::items).peekable();
            ranges.peek().is_some() && ranges.all(|range| range.i64_at(&["min"]).is_some_and(|least| least > 0))
        }
        _ => false,
    }
}

fn fills_in(field: &Field<'_, '_>, annotation: &Annotation<'_, '_>) -> Vec<String> {
    let mut filled = Vec::new();
    let list = |name| texts(field(&[name])).collect::<Vec<_>>().join(", ");
    for (name, target) in
        [("defaultAddCapabilities", "capabilities.add"), ("requiredDropCapabilities", "capabilities.drop")]
    {
        let names = list(name);
        if !names.is_empty() {
            filled.push(format!("`{target}: [{names}]`"));
        }
    }
    let default_escalation = field(&["defaultAllowPrivilegeEscalation"]).and_then(Value::bool);
    let forbidden = field(&["allowPrivilegeEscalation"]).and_then(Value::bool) == Some(false);
    if let Some(value) = default_escalation.or(forbidden.then_some(false)) {
        filled.push(format!("`allowPrivilegeEscalation: {value}`"));
    }
    if is_true(field(&["readOnlyRootFilesystem"])) {
        filled.push("`readOnlyRootFilesystem: true`".to_owned());
    }
    if rule_of(field, "runAsUser") == Some("MustRunAsNonRoot") {
        filled.push("`runAsNonRoot: true`".to_owned());
    }
    for (strategy, target) in [
        ("runAsUser", "runAsUser"),
        ("runAsGroup", "runAsGroup"),
        ("fsGroup", "fsGroup"),
        ("supplementalGroups", "supplementalGroups"),
    ] {
        let first = field(&[strategy, "ranges"]).and_then(|ranges| ranges.items().next());
        if rule_of(field, strategy) == Some("MustRunAs")
            && let Some(least) = first.and_then(|range| range.i64_at(&["min"]))
        {
            filled.push(format!("`{target}: {least}`"));
        }
    }
    if rule_of(field, "seLinux") == Some("MustRunAs") && field(&["seLinux", "seLinuxOptions"]).is_some() {
        filled.push("`seLinuxOptions`".to_owned());
    }
    if let Some(class) = field(&["runtimeClass", "defaultRuntimeClassName"]).and_then(Value::str) {
        filled.push(format!("`runtimeClassName: {class}`"));
    }
    for (key, target) in [
        ("seccomp.security.alpha.kubernetes.io/defaultProfileName", "seccomp profile"),
        ("apparmor.security.beta.kubernetes.io/defaultProfileName", "AppArmor profile"),
    ] {
        if let Some(profile) = annotation(key) {
            filled.push(format!("the {target} `{profile}`"));
        }
    }
    filled
}

fn beyond(field: &Field<'_, '_>) -> Vec<&'static str> {
    let lists = ["allowedHostPaths", "allowedFlexVolumes", "allowedCSIDrivers", "forbiddenSysctls"];
    let strategies = ["runAsGroup", "fsGroup", "supplementalGroups"];
    let mut beyond: Vec<&str> =
        lists.into_iter().filter(|name| field(&[name]).is_some_and(|list| !list.is_empty())).collect();
    beyond.extend(strategies.into_iter().filter(|name| !matches!(rule_of(field, name), None | Some("RunAsAny"))));
    beyond.extend(field(&["runtimeClass", "allowedRuntimeClassNames"]).is_some().then_some("runtimeClass"));
    beyond.extend(is_true(field(&["readOnlyRootFilesystem"])).then_some("readOnlyRootFilesystem"));
    beyond
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rampart_model::{Document, Limits, SourceText};

    use super::*;

    fn migration(rest: &str) -> Migration {
        let text = format!("apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\n{rest}");
        let (documents, error) = Document::all_from_yaml(&Arc::new(SourceText::new("p", text)), &Limits::STANDARD);
        assert_eq!(error, None);
        Migration::of(&Object::of(documents[0].root()).unwrap())
    }

    const STRICT: &str = "metadata:
  name: strict
  annotations:
    seccomp.security.alpha.kubernetes.io/allowedProfileNames: docker/default,runtime/default
    seccomp.security.alpha.kubernetes.io/defaultProfileName: runtime/default
spec:
  privileged: false
  allowPrivilegeEscalation: false
  requiredDropCapabilities: [ALL]
  volumes: [configMap, secret]
  runAsUser: {rule: MustRunAsNonRoot}
  seLinux: {rule: MustRunAs}
  fsGroup: {rule: MustRunAs, ranges: [{min: 1, max: 65535}]}
";

    #[test]
    fn a_strict_policy_becomes_restricted_and_says_what_it_filled_in() {
        let strict = migration(STRICT);
        assert_eq!((strict.level, strict.because.len()), (Level::Restricted, 0));
        assert_eq!(
            strict.to_string(),
            "corresponds to the level `restricted`; it fills into pods `capabilities.drop: [ALL]`, \
             `allowPrivilegeEscalation: false`, `runAsNonRoot: true`, `fsGroup: 1`, the seccomp profile \
             `runtime/default`; no level checks `fsGroup`"
        );
    }

    #[test]
    fn one_weak_field_makes_the_level_weak() {
        for (from, to, level, because) in [
            ("privileged: false", "privileged: true", Level::Privileged, "privileged"),
            ("privileged: false", "hostPID: true", Level::Privileged, "hostPID"),
            ("privileged: false", "hostPorts: [{min: 0, max: 65535}]", Level::Privileged, "hostPorts"),
            ("privileged: false", "hostPorts: [{min: 0, max: 0}]", Level::Restricted, ""),
            ("privileged: false", "allowedCapabilities: ['*']", Level::Privileged, "allowedCapabilities"),
            ("privileged: false", "allowedCapabilities: [CHOWN]", Level::Baseline, "allowedCapabilities"),
            ("privileged: false", "allowedUnsafeSysctls: [kernel.msg*]", Level::Privileged, "allowedUnsafeSysctls"),
            ("privileged: false", "allowedProcMountTypes: [Unmasked]", Level::Privileged, "allowedProcMountTypes"),
            ("[ALL]", "[NET_RAW]", Level::Baseline, "requiredDropCapabilities"),
            ("[configMap, secret]", "['*']", Level::Privileged, "volumes"),
            ("[configMap, secret]", "[nfs]", Level::Baseline, "volumes"),
            ("MustRunAsNonRoot", "RunAsAny", Level::Baseline, "runAsUser"),
            ("rule: MustRunAsNonRoot", "rule: MustRunAs, ranges: [{min: 1000, max: 2000}]", Level::Restricted, ""),
            ("rule: MustRunAsNonRoot", "rule: MustRunAs, ranges: [{min: 0, max: 2000}]", Level::Baseline, "runAsUser"),
            ("seLinux: {rule: MustRunAs}", "seLinux: {rule: RunAsAny}", Level::Restricted, ""),
            (
                "seLinux: {rule: MustRunAs}",
                "seLinux: {rule: MustRunAs, seLinuxOptions: {type: spc_t}}",
                Level::Privileged,
                "seLinux",
            ),
            ("docker/default,runtime/default", "'*'", Level::Privileged, "seccomp"),
            ("allowPrivilegeEscalation: false", "", Level::Baseline, "allowPrivilegeEscalation"),
        ] {
            let weaker = migration(&STRICT.replace(from, to));
            assert_eq!(weaker.level, level, "{to}");
            assert_eq!(weaker.because.first().copied().unwrap_or(""), because, "{to}");
        }
    }
}
