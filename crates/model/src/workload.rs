//! The pod inside a workload: the same view for a Pod, a Deployment, a CronJob and any custom kind with a pod template.

use crate::document::{Kind, Value};
use crate::object::{Object, pairs};

/// A pod as it stands in an object, as itself or as a template.
#[derive(Clone, Copy)]
pub struct Pod<'d> {
    /// The object that holds it; findings are about this one.
    pub object: Object<'d>,
    /// The value that holds `metadata` and `spec` of the pod: the object itself, or its template.
    pub template: Value<'d>,
    pub spec: Value<'d>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContainerKind {
    Init,
    Regular,
    Ephemeral,
}

#[derive(Clone, Copy)]
pub struct Container<'d> {
    pub kind: ContainerKind,
    pub value: Value<'d>,
}

/// Where the kinds of Kubernetes keep their pod template.
fn template_path(group: &str, kind: &str) -> Option<&'static [&'static str]> {
    match (group, kind) {
        ("", "Pod") => Some(&[]),
        ("", "PodTemplate") => Some(&["template"]),
        ("", "ReplicationController")
        | ("apps" | "extensions", "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet")
        | ("batch" | "extensions", "Job") => Some(&["spec", "template"]),
        ("batch", "CronJob") => Some(&["spec", "jobTemplate", "spec", "template"]),
        _ => None,
    }
}

impl<'d> Pod<'d> {
    /// The pods of an object. Custom kinds may hold several templates (one per role, say).
    pub fn all(object: Object<'d>) -> Vec<Pod<'d>> {
        if let Some(path) = template_path(object.group(), object.kind()) {
            let pod = object.value().dig(path).and_then(|template| Self::of(object, template));
            return pod.into_iter().collect();
        }
        if object.group().is_empty() || object.group().ends_with(".k8s.io") {
            return Vec::new();
        }
        let mut found = Vec::new();
        search(object, object.value(), 0, &mut found);
        found
    }

    fn of(object: Object<'d>, template: Value<'d>) -> Option<Self> {
        let spec = template.field("spec")?;
        Some(Self { object, template, spec })
    }

    /// True where a controller that is itself scanned made this pod or replica set: its template is judged, once.
    pub fn is_made_by_scanned_controller(object: Object<'d>) -> bool {
        match (object.kind(), object.controller()) {
            ("Pod", Some((owner, _))) => {
                matches!(owner, "ReplicaSet" | "ReplicationController" | "StatefulSet" | "DaemonSet" | "Job")
            }
            ("ReplicaSet", Some((owner, _))) => owner == "Deployment",
            ("Job", Some((owner, _))) => owner == "CronJob",
            _ => false,
        }
    }

    /// The labels of the pod that will run.
    pub fn labels(&self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        pairs(self.template.dig(&["metadata", "labels"]))
    }

    pub fn annotations(&self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        pairs(self.template.dig(&["metadata", "annotations"]))
    }

    pub fn annotation(&self, key: &str) -> Option<&'d str> {
        self.template.text_at(&["metadata", "annotations", key])
    }

    /// All containers: init, regular, ephemeral.
    pub fn containers(&self) -> impl Iterator<Item = Container<'d>> + use<'d> {
        let spec = self.spec;
        [
            ("initContainers", ContainerKind::Init),
            ("containers", ContainerKind::Regular),
            ("ephemeralContainers", ContainerKind::Ephemeral),
        ]
        .into_iter()
        .flat_map(move |(list, kind)| {
            let items = spec.field(list).into_iter().flat_map(Value::items);
            items.map(move |value| Container { kind, value })
        })
    }

    pub fn volumes(&self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        self.spec.field("volumes").into_iter().flat_map(Value::items)
    }

    /// The service account that the pod runs as; `default` where none is named.
    pub fn service_account(&self) -> &'d str {
        let named = |key| self.spec.text_at(&[key]).filter(|name| !name.is_empty());
        named("serviceAccountName").or_else(|| named("serviceAccount")).unwrap_or("default")
    }

    pub fn is_windows(&self) -> bool {
        self.spec.text_at(&["os", "name"]) == Some("windows")
    }
}

impl<'d> Container<'d> {
    pub fn name(&self) -> &'d str {
        self.value.text_at(&["name"]).unwrap_or("")
    }

    pub fn image(&self) -> Option<&'d str> {
        self.value.text_at(&["image"])
    }

    pub fn security_context(&self) -> Option<Value<'d>> {
        self.value.field("securityContext")
    }

    pub fn env(&self) -> impl Iterator<Item = Value<'d>> + use<'d> {
        self.value.field("env").into_iter().flat_map(Value::items)
    }
}

/// Custom kinds nest templates at most this deep (operators use 3 to 5).
const SEARCH_DEPTH: u32 = 8;

/// Finds maps with a `spec` whose `containers` is a list of maps with a name.
fn search<'d>(object: Object<'d>, value: Value<'d>, depth: u32, found: &mut Vec<Pod<'d>>) {
    if depth > SEARCH_DEPTH {
        return;
    }
    if let Some(containers) = value.dig(&["spec", "containers"])
        && containers.kind() == Kind::Array
        && !containers.is_empty()
        && containers.items().all(|container| container.text_at(&["name"]).is_some())
    {
        found.extend(Pod::of(object, value));
        return;
    }
    for (_, child) in value.entries() {
        search(object, child, depth + 1, found);
    }
    for child in value.items() {
        search(object, child, depth + 1, found);
    }
}
