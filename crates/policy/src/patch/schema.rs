//! How Kubernetes merges the lists and maps of its own types: the keys that tell elements apart, sets, and parts that
//! only change as a whole.
//!
//! The API's OpenAPI document says it field by field; what differs from "maps merge, lists are replaced" is little, and
//! stands here as a table. Of types that are not built in nothing is known: their lists are replaced.

use serde_json::Value as Tree;

/// How a list or map merges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Replaced as a whole; also what a list does of which nothing else is known.
    Atomic,
    /// Elements are told apart by these fields.
    Keyed(&'static [&'static str]),
    /// A set of scalars.
    Set,
    /// A map that merges field by field.
    Fields,
}

/// A type of the API, as far as the table knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A type without a special field, or one that is not built in.
    Plain,
    /// A built-in object: metadata, and a status with conditions.
    Object,
    Pod,
    /// Kinds with `spec.template`.
    Controller,
    ControllerSpec,
    CronJob,
    CronJobSpec,
    Job,
    Template,
    PodSpec,
    Container,
    EnvVar,
    EnvSource,
    Resources,
    Metadata,
    Service,
    ServiceSpec,
    ServiceAccount,
    Webhooks,
    Binding,
    Node,
    NodeSpec,
    Status,
    Claim,
    ClaimSpec,
}

/// The type of an object, by its apiVersion and kind.
pub fn type_of(object: &Tree) -> Type {
    let text = |field: &str| object.get(field).and_then(Tree::as_str).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let built_in = !group.contains('.') || group.ends_with(".k8s.io");
    match (group, kind) {
        ("", "Pod") => Type::Pod,
        ("", "PodTemplate") => Type::ControllerSpec,
        ("", "ReplicationController")
        | ("apps", "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet")
        | ("batch", "Job") => Type::Controller,
        ("batch", "CronJob") => Type::CronJob,
        ("", "Service") => Type::Service,
        ("", "ServiceAccount") => Type::ServiceAccount,
        ("", "PersistentVolumeClaim") => Type::Claim,
        ("", "Node") => Type::Node,
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => Type::Binding,
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration") => {
            Type::Webhooks
        }
        _ if built_in && !version.is_empty() => Type::Object,
        // Kinds of other groups still carry the metadata of every object.
        _ if object.get("metadata").is_some() => Type::Object,
        _ => Type::Plain,
    }
}

/// The type and the rule of a field. Lists of maps have the type of their elements.
pub fn field(of: Type, name: &str) -> (Type, Rule) {
    use Rule::{Atomic, Fields, Keyed, Set};
    let named = Keyed(&["name"]);
    match (of, name) {
        (Type::Metadata, "finalizers") => (Type::Plain, Set),
        (Type::Metadata, "ownerReferences") => (Type::Plain, Keyed(&["uid"])),
        (Type::Template, "metadata") => (Type::Metadata, Fields),
        (Type::Template | Type::Pod, "spec") => (Type::PodSpec, Fields),
        (Type::ControllerSpec, "template") => (Type::Template, Fields),
        (Type::Controller, "spec") => (Type::ControllerSpec, Fields),
        (Type::CronJob, "spec") => (Type::CronJobSpec, Fields),
        (Type::CronJobSpec, "jobTemplate") => (Type::Job, Fields),
        (Type::Job, "metadata") => (Type::Metadata, Fields),
        (Type::Job, "spec") => (Type::ControllerSpec, Fields),
        (Type::PodSpec, "containers" | "initContainers" | "ephemeralContainers") => (Type::Container, named),
        (Type::PodSpec, "volumes" | "imagePullSecrets" | "schedulingGates" | "resourceClaims") => (Type::Plain, named),
        (Type::PodSpec, "hostAliases") => (Type::Plain, Keyed(&["ip"])),
        (Type::PodSpec, "topologySpreadConstraints") => (Type::Plain, Keyed(&["topologyKey", "whenUnsatisfiable"])),
        (Type::PodSpec, "nodeSelector") => (Type::Plain, Atomic),
        (Type::Container, "env") => (Type::EnvVar, named),
        (Type::Container, "ports") => (Type::Plain, Keyed(&["containerPort", "protocol"])),
        (Type::Container, "volumeMounts") => (Type::Plain, Keyed(&["mountPath"])),
        (Type::Container, "volumeDevices") => (Type::Plain, Keyed(&["devicePath"])),
        (Type::PodSpec | Type::Container, "resources") => (Type::Resources, Fields),
        (Type::Resources, "claims") => (Type::Plain, named),
        (Type::EnvVar, "valueFrom") => (Type::EnvSource, Fields),
        (Type::EnvSource, "configMapKeyRef" | "secretKeyRef" | "fieldRef" | "resourceFieldRef" | "fileKeyRef") => {
            (Type::Plain, Atomic)
        }
        (Type::ControllerSpec | Type::ClaimSpec, "selector") => (Type::Plain, Atomic),
        (Type::Service, "spec") => (Type::ServiceSpec, Fields),
        (Type::ServiceSpec, "ports") => (Type::Plain, Keyed(&["port", "protocol"])),
        (Type::ServiceSpec, "selector") => (Type::Plain, Atomic),
        (Type::ServiceAccount, "secrets") => (Type::Plain, named),
        (Type::Webhooks, "webhooks") => (Type::Plain, named),
        (Type::Binding, "roleRef") => (Type::Plain, Atomic),
        (Type::Node, "spec") => (Type::NodeSpec, Fields),
        (Type::NodeSpec, "podCIDRs") => (Type::Plain, Set),
        (Type::Claim, "spec") => (Type::ClaimSpec, Fields),
        (Type::Status, "conditions") => (Type::Plain, Keyed(&["type"])),
        (
            Type::Object
            | Type::Pod
            | Type::Controller
            | Type::CronJob
            | Type::Service
            | Type::ServiceAccount
            | Type::Webhooks
            | Type::Binding
            | Type::Node
            | Type::Claim,
            "metadata",
        ) => (Type::Metadata, Fields),
        (Type::Pod | Type::Controller | Type::Service | Type::Node | Type::Claim, "status") => (Type::Status, Fields),
        _ => (Type::Plain, Fields),
    }
}

/// The values of an element's keys; none where it has none of them.
pub(super) fn identity(element: &Tree, keys: &[&str]) -> Option<Vec<Option<String>>> {
    let values: Vec<_> = keys.iter().map(|key| element.get(key).and_then(scalar)).collect();
    values.iter().any(Option::is_some).then_some(values)
}

fn scalar(value: &Tree) -> Option<String> {
    match value {
        Tree::String(text) => Some(text.clone()),
        Tree::Number(number) => Some(number.to_string()),
        Tree::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Rule, Type, field, type_of};

    #[test]
    fn a_cron_job_leads_down_to_its_containers() {
        let mut at = type_of(&json!({"apiVersion": "batch/v1", "kind": "CronJob"}));
        for name in ["spec", "jobTemplate", "spec", "template", "spec"] {
            at = field(at, name).0;
        }
        assert_eq!(field(at, "containers"), (Type::Container, Rule::Keyed(&["name"])));
    }

    #[test]
    fn nothing_is_known_of_the_lists_of_a_custom_kind() {
        let at = type_of(&json!({"apiVersion": "example.com/v1", "kind": "Pod", "metadata": {}}));
        assert_eq!(field(field(at, "spec").0, "containers"), (Type::Plain, Rule::Fields));
        assert_eq!(field(field(at, "metadata").0, "finalizers").1, Rule::Set);
    }
}
