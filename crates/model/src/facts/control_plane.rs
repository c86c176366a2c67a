//! The components of Kubernetes itself, where their pods are among the objects: flags, versions and the documents that
//! flags point at.
//!
//! Managed clusters hide their control plane, and folders seldom hold it: rules must take "no API server was seen" as a
//! gap, never as a pass.

mod command;

use super::{Facts, Origin};
use crate::document::Value;
use crate::evidence::Evidence;
use crate::kubernetes_version::KubernetesVersion;
use crate::name::{Name, Names};
use crate::object::Object;
use crate::reporter::Reporter;
use crate::workload::{Container, ContainerKind, Pod};

#[derive(Debug, Default, Clone)]
pub struct ControlPlaneFacts {
    pub components: Vec<Component>,
    /// `audit.k8s.io` policies.
    pub audit_policies: Vec<Origin>,
    /// `apiserver.config.k8s.io` (or older) configurations of encryption at rest.
    pub encryption_configurations: Vec<Origin>,
    pub nodes: Vec<Node>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    ApiServer,
    ControllerManager,
    Scheduler,
    Etcd,
    Proxy,
}

impl Role {
    pub const ALL: [Role; 5] = [Self::ApiServer, Self::ControllerManager, Self::Scheduler, Self::Etcd, Self::Proxy];

    /// The name of the program.
    pub fn id(self) -> &'static str {
        match self {
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Etcd => "etcd",
            Self::Proxy => "kube-proxy",
        }
    }
}

/// One container that runs a component.
#[derive(Debug, Clone)]
pub struct Component {
    pub role: Role,
    pub origin: Origin,
    /// The release that the image's tag names; none for etcd, digests and foreign tags.
    pub version: Option<KubernetesVersion>,
    /// The place of the image; of the container where it names none.
    pub image: Evidence,
    /// The list that holds the flags, where a missing one would be added.
    pub list: Evidence,
    /// False where flags stand inside a shell script, which cannot be edited word by word.
    pub is_word_list: bool,
    /// In the order of the command line.
    pub flags: Vec<Flag>,
    /// Paths in the container that outlive it: mounts of anything but `emptyDir`.
    pub lasting_mounts: Vec<Name>,
}

#[derive(Debug, Clone)]
pub struct Flag {
    /// Without dashes in front, `_` turned into `-`.
    pub name: Name,
    /// `true` for a flag without a value.
    pub value: Name,
    pub evidence: Evidence,
    /// True where name and value are one word of the list, so that the word can be replaced.
    pub is_one_word: bool,
}

/// What a Node object says of the machine behind it.
#[derive(Debug, Clone)]
pub struct Node {
    pub origin: Origin,
    pub kubelet: Option<KubernetesVersion>,
    pub kubelet_evidence: Evidence,
    /// Such as `containerd://1.7.2`; empty where not reported.
    pub runtime: Name,
    pub runtime_evidence: Evidence,
    /// Such as `5.4.0-42-generic`.
    pub kernel: Name,
    pub kernel_evidence: Evidence,
}

impl Component {
    /// The flag `name` that counts: the last one.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|flag| &*flag.name == name)
    }

    /// The value of the flag `name`, where it is given and not empty.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.flag(name).map(|flag| &*flag.value).filter(|value| !value.is_empty())
    }

    /// The members of a comma-separated flag.
    pub fn list_of(&self, name: &str) -> impl Iterator<Item = &str> {
        self.value(name).unwrap_or_default().split(',').map(str::trim).filter(|member| !member.is_empty())
    }

    /// A boolean flag; none where it is not given or no boolean.
    pub fn is_on(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
            _ => None,
        }
    }

    /// What the flag says where it is given, else the list that lacks it.
    pub fn evidence(&self, name: &str) -> Evidence {
        self.flag(name).map_or_else(|| self.list.clone(), |flag| flag.evidence.clone())
    }

    /// True where an absent flag may be set in a file that we do not see.
    pub fn has_hidden_settings(&self) -> bool {
        self.flag("openshift-config").is_some() || self.flags.iter().any(|flag| flag.name.starts_with("$("))
    }
}

impl ControlPlaneFacts {
    pub fn of(&self, role: Role) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(move |component| component.role == role)
    }

    pub fn api_servers(&self) -> impl Iterator<Item = &Component> {
        self.of(Role::ApiServer)
    }

    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        match (object.group(), object.kind()) {
            ("", "Pod") | ("apps" | "extensions", "Deployment" | "StatefulSet" | "DaemonSet") => {
                self.fold_pods(object, names);
            }
            ("audit.k8s.io", "Policy") => self.audit_policies.push(Origin::of(object, names)),
            (_, "EncryptionConfiguration") | ("", "EncryptionConfig") => {
                self.encryption_configurations.push(Origin::of(object, names));
            }
            ("", "Node") => self.fold_node(object, names),
            _ => {}
        }
    }

    fn fold_pods(&mut self, object: &Object<'_>, names: &mut Names) {
        for pod in Pod::all(*object) {
            for container in pod.containers().filter(|container| container.kind == ContainerKind::Regular) {
                self.components.extend(component(&pod, container, names));
            }
        }
    }

    fn fold_node(&mut self, object: &Object<'_>, names: &mut Names) {
        let Some(info) = object.value().dig(&["status", "nodeInfo"]) else { return };
        let at = |key: &str| info.field(key).map_or_else(|| Evidence::missing(info, key), Evidence::at);
        let mut text = |key: &str| names.intern(info.text_at(&[key]).unwrap_or_default());
        let (runtime, kernel) = (text("containerRuntimeVersion"), text("kernelVersion"));
        self.nodes.push(Node {
            origin: Origin::of(object, names),
            kubelet: info.text_at(&["kubeletVersion"]).and_then(|version| version.parse().ok()),
            kubelet_evidence: at("kubeletVersion"),
            runtime,
            runtime_evidence: at("containerRuntimeVersion"),
            kernel,
            kernel_evidence: at("kernelVersion"),
        });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.components.extend(other.components);
        self.audit_policies.extend(other.audit_policies);
        self.encryption_configurations.extend(other.encryption_configurations);
        self.nodes.extend(other.nodes);
    }

    pub(super) fn sort(&mut self) {
        let by_origin = |a: &Origin, b: &Origin| (&a.subject, &a.evidence).cmp(&(&b.subject, &b.evidence));
        self.components.sort_by(|a, b| a.role.cmp(&b.role).then_with(|| by_origin(&a.origin, &b.origin)));
        self.audit_policies.sort_by(by_origin);
        self.encryption_configurations.sort_by(by_origin);
        self.nodes.sort_by(|a, b| by_origin(&a.origin, &b.origin));
    }
}

impl Facts {
    /// The components of `role` for a rule to judge, counted as examined; where there is none, or where one keeps its
    /// settings elsewhere, a gap says so.
    pub fn components(&self, role: Role, report: &mut Reporter<'_>) -> Vec<&Component> {
        let (hidden, plain): (Vec<_>, Vec<_>) =
            self.control_plane.of(role).partition(|component| component.has_hidden_settings());
        let name = role.id();
        if let Some(component) = hidden.first() {
            report.gap(
                format!("`{name}` of {} keeps settings outside its command line", component.origin.subject),
                "run `rampart node benchmark` on the control-plane nodes",
            );
        } else if plain.is_empty() && report.sees(self, &["Pod"]) {
            report.gap(
                format!("no `{name}` pod was seen: the control plane is managed, or its manifest is not here"),
                format!(
                    "scan the static pod manifests of a control-plane node too, or ask the provider how `{name}` is set"
                ),
            );
        }
        report.examined(plain.len());
        plain
    }
}

fn component(pod: &Pod<'_>, container: Container<'_>, names: &mut Names) -> Option<Component> {
    let line = command::read(container, names)?;
    let object = &pod.object;
    // Applications bring their own etcd; only that of the cluster is meant.
    if line.role == Role::Etcd && object.namespace() != "kube-system" && object.label("tier") != Some("control-plane") {
        return None;
    }
    let version = container.image().and_then(tag).filter(|_| line.role != Role::Etcd);
    Some(Component {
        role: line.role,
        origin: Origin::of(object, names),
        version: version.and_then(|tag| tag.parse().ok()),
        image: Evidence::at(container.value.field("image").unwrap_or(container.value)),
        list: line.list,
        is_word_list: line.is_word_list,
        flags: line.flags,
        lasting_mounts: lasting_mounts(pod, container, names),
    })
}

fn lasting_mounts(pod: &Pod<'_>, container: Container<'_>, names: &mut Names) -> Vec<Name> {
    let lasts = |name: &str| {
        pod.volumes().any(|volume| volume.text_at(&["name"]) == Some(name) && volume.field("emptyDir").is_none())
    };
    let mounts = container.value.field("volumeMounts").into_iter().flat_map(Value::items);
    let lasting = mounts.filter(|mount| mount.text_at(&["name"]).is_some_and(lasts));
    lasting.filter_map(|mount| Some(names.intern(mount.text_at(&["mountPath"])?))).collect()
}

/// The tag of an image reference.
fn tag(image: &str) -> Option<&str> {
    let named = image.split('@').next()?;
    let (_, tag) = named.rsplit('/').next()?.rsplit_once(':')?;
    Some(tag)
}
