//! The Pod Security Standards as a whole: a level and a release go in with a pod, what the level forbids comes out.
//!
//! Each control of the standard is a [`PodCheck`] in a file of its own, used twice: by its rule, which reports with
//! evidence, and here. A check says from which release on it exists; what changes later is decided inside it. The
//! restricted level asks everything that the baseline level asks and its own checks on top. (The admission plugin of
//! Kubernetes replaces some baseline checks there by stricter ones; the two differ only for pods that the API server
//! refuses as invalid, and so a pod that passes `restricted` passes `baseline` here without exception.)

use std::fmt;
use std::str::FromStr;

use rampart_model::facts::workloads::Standing;
use rampart_model::{ContainerKind, KubernetesVersion, Place, Pod, Remedy, Reporter, Severity, Value};

use super::view::PodView;
use super::{
    app_armor, capabilities, capabilities_restricted, host_namespaces, host_path_volumes, host_ports, host_probes,
    host_process, privilege_escalation, privileged, proc_mount, proc_mount_restricted, run_as_non_root, run_as_user,
    se_linux, seccomp, seccomp_restricted, sysctls, volume_types,
};

/// From the least to the most restrictive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Privileged,
    Baseline,
    Restricted,
}

impl Level {
    pub fn id(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Privileged, Self::Baseline, Self::Restricted]
            .into_iter()
            .find(|level| level.id() == text)
            .ok_or_else(|| format!("`{text}` is not a Pod Security level: use privileged, baseline or restricted"))
    }
}

/// Reads a policy version as Kubernetes writes it in labels: `latest` or `v1.31`, nothing else.
///
/// # Errors
/// What is wrong with the text, and how to write it.
pub fn policy_version(text: &str) -> Result<KubernetesVersion, String> {
    if text == "latest" {
        return Ok(KubernetesVersion::LATEST);
    }
    let minor = text
        .strip_prefix("v1.")
        .filter(|minor| minor.bytes().all(|byte| byte.is_ascii_digit()) && (*minor == "0" || !minor.starts_with('0')));
    minor
        .and_then(|minor| minor.parse().ok())
        .map(KubernetesVersion::minor)
        .ok_or_else(|| format!("`{text}` is not a policy version: write it as `v1.31` or `latest`"))
}

/// One control of the standard.
pub struct PodCheck {
    /// The id of the rule that reports it.
    pub rule: &'static str,
    pub level: Level,
    /// The first minor release whose standard has it.
    pub since: u32,
    pub run: for<'d> fn(&PodView<'d>, KubernetesVersion, &mut Violations<'d>),
}

/// Every control, the baseline ones first.
pub static CHECKS: [&PodCheck; 19] = [
    &privileged::CHECK,
    &host_namespaces::CHECK,
    &host_process::CHECK,
    &capabilities::CHECK,
    &host_path_volumes::CHECK,
    &host_ports::CHECK,
    &host_probes::CHECK,
    &app_armor::CHECK,
    &se_linux::CHECK,
    &proc_mount::CHECK,
    &seccomp::CHECK,
    &sysctls::CHECK,
    &volume_types::CHECK,
    &privilege_escalation::CHECK,
    &run_as_non_root::CHECK,
    &run_as_user::CHECK,
    &seccomp_restricted::CHECK,
    &capabilities_restricted::CHECK,
    &proc_mount_restricted::CHECK,
];

/// One thing in a pod that a control forbids.
pub struct Violation<'d> {
    /// The id of the rule of the control.
    pub rule: &'static str,
    pub level: Level,
    /// The first minor release whose standard forbids it.
    pub since: u32,
    pub place: Place<'d>,
    /// The container's name, or what else tells it from others of the same control.
    pub key: String,
    pub message: String,
    /// Where graver or milder than its rule.
    pub severity: Option<Severity>,
    /// Changes that together remove it.
    changes: Vec<Change<'d>>,
}

/// A remedy whose path is not spelled out yet.
#[derive(Clone, Copy)]
enum Change<'d> {
    Set(&'static str),
    Remove,
    SetBelow(Value<'d>, &'static str, &'static str),
    AppendTo(Value<'d>, &'static str),
}

impl<'d> Violation<'d> {
    /// Sets the field at the place to a JSON value.
    pub fn set(&mut self, json: &'static str) -> &mut Self {
        self.changes.push(Change::Set(json));
        self
    }

    /// Removes the field at the place.
    pub fn remove(&mut self) -> &mut Self {
        self.changes.push(Change::Remove);
        self
    }

    /// Sets the field at the dotted `suffix` below `parent`.
    pub fn set_below(&mut self, parent: Value<'d>, suffix: &'static str, json: &'static str) -> &mut Self {
        self.changes.push(Change::SetBelow(parent, suffix, json));
        self
    }

    pub fn append_to(&mut self, list: Value<'d>, json: &'static str) -> &mut Self {
        self.changes.push(Change::AppendTo(list, json));
        self
    }

    /// Forbidden by the standards from `release` on, later than those that have the control.
    pub fn since(&mut self, release: KubernetesVersion) -> &mut Self {
        self.since = release.minor;
        self
    }

    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = Some(severity);
        self
    }

    fn remedies(&self) -> impl Iterator<Item = Remedy> {
        let place = || match self.place {
            Place::At(value) | Place::Secret(value) => value.path(),
            Place::Missing(parent, suffix) => parent.path().join(suffix),
        };
        self.changes.iter().map(move |change| match *change {
            Change::Set(json) => Remedy::Set { path: place(), json: json.to_owned() },
            Change::Remove => Remedy::Remove { path: place() },
            Change::SetBelow(parent, suffix, json) => {
                Remedy::Set { path: parent.path().join(suffix), json: json.to_owned() }
            }
            Change::AppendTo(list, json) => Remedy::Append { path: list.path(), json: json.to_owned() },
        })
    }
}

/// What a check writes to.
pub struct Violations<'d> {
    check: &'static PodCheck,
    found: Vec<Violation<'d>>,
}

impl<'d> Violations<'d> {
    pub fn push(&mut self, place: Place<'d>, key: impl Into<String>, message: impl Into<String>) -> &mut Violation<'d> {
        self.found.push_mut(Violation {
            rule: self.check.rule,
            level: self.check.level,
            since: self.check.since,
            place,
            key: key.into(),
            message: message.into(),
            severity: None,
            changes: Vec::new(),
        })
    }

    /// At a field that is there.
    pub fn at(&mut self, value: Value<'d>, key: impl Into<String>, message: impl Into<String>) -> &mut Violation<'d> {
        self.push(Place::At(value), key, message)
    }
}

/// Everything in the pod that `level` forbids by the standard of `version`; empty where the pod is allowed.
pub fn evaluate<'d>(level: Level, version: KubernetesVersion, pod: &Pod<'d>) -> Vec<Violation<'d>> {
    judge(level, version, &PodView::of(pod), |_| true)
}

/// True where `level` allows the pod by the standard of `version`.
pub fn allows(level: Level, version: KubernetesVersion, pod: &Pod<'_>) -> bool {
    judge(level, version, &PodView::of(pod), <[_]>::is_empty).is_empty()
}

/// What `level` forbids in the pod's containers of one kind, without what is said of the whole pod.
pub fn evaluate_containers<'d>(
    level: Level,
    version: KubernetesVersion,
    pod: &Pod<'d>,
    kind: ContainerKind,
) -> Vec<Violation<'d>> {
    let mut view = PodView::of(pod);
    view.containers.retain(|container| container.container.kind == kind);
    view.context = None;
    view.volumes = None;
    let mut violations = judge(level, version, &view, |_| true);
    let is_within = |place: Place<'_>, container: Value<'_>| {
        let (Place::At(value) | Place::Missing(value, _) | Place::Secret(value)) = place;
        let ((start, end), (from, to)) = (value.span(), container.span());
        from <= start && end <= to
    };
    violations.retain(|violation| {
        view.containers.iter().any(|container| is_within(violation.place, container.container.value))
    });
    violations
}

/// From which release on each level forbids the pod, by the newest form of every check. (What a later release came to
/// allow, such as a sysctl that was found to be safe, counts as allowed for all.)
pub fn standing(pod: &Pod<'_>) -> Standing {
    let mut standing = Standing::default();
    for violation in evaluate(Level::Restricted, KubernetesVersion::LATEST, pod) {
        let earlier = |known: Option<u32>| Some(known.map_or(violation.since, |known| known.min(violation.since)));
        standing.restricted = earlier(standing.restricted);
        if violation.level == Level::Baseline {
            standing.baseline = earlier(standing.baseline);
        }
    }
    standing
}

/// Asks check after check as long as `go_on` wants more than what was found.
fn judge<'d>(
    level: Level,
    version: KubernetesVersion,
    view: &PodView<'d>,
    go_on: impl Fn(&[Violation<'d>]) -> bool,
) -> Vec<Violation<'d>> {
    let mut violations = Violations { check: CHECKS[0], found: Vec::new() };
    for check in CHECKS.into_iter().filter(|check| check.level <= level && check.exists_in(version)) {
        violations.check = check;
        (check.run)(view, version, &mut violations);
        if !go_on(&violations.found) {
            break;
        }
    }
    violations.found
}

impl PodCheck {
    pub fn exists_in(&self, version: KubernetesVersion) -> bool {
        version >= KubernetesVersion::minor(self.since)
    }

    /// Runs the check as a rule, by the release that the settings name.
    pub(super) fn report(&'static self, pod: &Pod<'_>, report: &mut Reporter<'_>) {
        let version = report.settings().kubernetes_version.unwrap_or(KubernetesVersion::LATEST);
        if !self.exists_in(version) {
            return report.not_concerned();
        }
        let mut violations = Violations { check: self, found: Vec::new() };
        (self.run)(&PodView::of(pod), version, &mut violations);
        if violations.found.is_empty() {
            return;
        }
        let subject = pod.object.subject();
        // A part of the cluster itself lives on its node and with its files; that is worth knowing and no failing.
        let is_node_part = is_part_of_kubernetes(pod);
        for violation in violations.found {
            let remedies: Vec<Remedy> = violation.remedies().collect();
            let mut entry = report.finding(&subject, violation.place, violation.key, violation.message);
            if let Some(severity) =
                violation.severity.filter(|_| !is_node_part).or(is_node_part.then_some(Severity::Info))
            {
                entry = entry.severity(severity);
            }
            for remedy in remedies {
                entry = entry.remedy(remedy);
            }
        }
    }
}

/// True for the control plane's own pods and for kube-proxy, in the namespace that only administrators write to.
fn is_part_of_kubernetes(pod: &Pod<'_>) -> bool {
    let label = |key: &str| pod.template.text_at(&["metadata", "labels", key]);
    let is_control_plane = label("tier") == Some("control-plane")
        && matches!(
            label("component"),
            Some("etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "cloud-controller-manager")
        );
    pod.object.namespace() == "kube-system" && (is_control_plane || label("k8s-app") == Some("kube-proxy"))
}
