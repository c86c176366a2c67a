//! A Kubernetes object inside a document: its type, its names, its metadata.

use crate::document::{Document, Value};
use crate::name::Name;
use crate::subject::Subject;

/// One object; `List` kinds are opened by [`Object::all`].
#[derive(Clone, Copy)]
pub struct Object<'d> {
    value: Value<'d>,
    api_version: &'d str,
    kind: &'d str,
}

/// Cluster-scoped kinds of Kubernetes itself. A namespaced object without a namespace is in `default`.
const CLUSTER_SCOPED: &[&str] = &[
    "APIService",
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterNetworkPolicy",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterTrustBundle",
    "ComponentStatus",
    "CustomResourceDefinition",
    "DeviceClass",
    "FlowSchema",
    "IPAddress",
    "IngressClass",
    "GatewayClass",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PodSecurityPolicy",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "RuntimeClass",
    "ServiceCIDR",
    "StorageClass",
    "StorageVersion",
    "StorageVersionMigration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
    "ResourceSlice",
];

/// Groups of Kubernetes itself; of other groups it is not known which kinds are namespaced.
fn is_builtin_group(group: &str) -> bool {
    matches!(group, "" | "apps" | "batch" | "autoscaling" | "policy" | "extensions") || group.ends_with(".k8s.io")
}

impl<'d> Object<'d> {
    /// Every object of a document, with `List` kinds opened; values that are no objects are left out.
    pub fn all(document: &'d Document) -> Vec<Object<'d>> {
        let mut found = Vec::new();
        collect(document.root(), document.listed_type(), &mut found);
        found
    }

    /// The object whose root is `value`, or none where apiVersion or kind is missing.
    pub fn of(value: Value<'d>) -> Option<Self> {
        let (api_version, kind) = (value.text_at(&["apiVersion"])?, value.text_at(&["kind"])?);
        Some(Self { value, api_version, kind })
    }

    pub fn value(&self) -> Value<'d> {
        self.value
    }

    pub fn api_version(&self) -> &'d str {
        self.api_version
    }

    pub fn group(&self) -> &'d str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    pub fn kind(&self) -> &'d str {
        self.kind
    }

    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.kind == kind && self.group() == group
    }

    pub fn metadata(&self) -> Option<Value<'d>> {
        self.value.field("metadata")
    }

    /// The name, or `generateName` with a star.
    pub fn name(&self) -> &'d str {
        let metadata = |key| self.value.text_at(&["metadata", key]);
        metadata("name").or_else(|| metadata("generateName")).unwrap_or("")
    }

    /// The namespace; `default` for a namespaced kind of Kubernetes without one, empty for cluster-scoped kinds.
    pub fn namespace(&self) -> &'d str {
        let given = self.value.text_at(&["metadata", "namespace"]).filter(|namespace| !namespace.is_empty());
        match given {
            _ if self.is_cluster_scoped() => "",
            Some(namespace) => namespace,
            None if is_builtin_group(self.group()) => "default",
            None => "",
        }
    }

    pub fn is_cluster_scoped(&self) -> bool {
        CLUSTER_SCOPED.contains(&self.kind)
            && (is_builtin_group(self.group()) || self.group() == "gateway.networking.k8s.io")
    }

    pub fn label(&self, key: &str) -> Option<&'d str> {
        self.value.text_at(&["metadata", "labels", key])
    }

    pub fn annotation(&self, key: &str) -> Option<&'d str> {
        self.value.text_at(&["metadata", "annotations", key])
    }

    pub fn labels(&self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        pairs(self.value.dig(&["metadata", "labels"]))
    }

    pub fn annotations(&self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        pairs(self.value.dig(&["metadata", "annotations"]))
    }

    /// Kind and name of the owner that controls this object.
    pub fn controller(&self) -> Option<(&'d str, &'d str)> {
        let owners = self.value.dig(&["metadata", "ownerReferences"])?;
        let owner = owners.items().find(|owner| owner.bool_at(&["controller"]) == Some(true))?;
        Some((owner.text_at(&["kind"])?, owner.text_at(&["name"])?))
    }

    pub fn subject(&self) -> Subject {
        Subject {
            api_version: Name::from(self.api_version),
            kind: Name::from(self.kind),
            namespace: Name::from(self.namespace()),
            name: Name::from(self.name()),
        }
    }
}

pub(crate) fn pairs<'d>(map: Option<Value<'d>>) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
    map.into_iter().flat_map(Value::entries).filter_map(|(key, value)| Some((key, value.str()?)))
}

/// `listed_type` is the apiVersion and item kind of the list around, for typed lists whose items leave both out.
fn collect<'d>(value: Value<'d>, listed_type: Option<(&'d str, &'d str)>, found: &mut Vec<Object<'d>>) {
    let api_version = value.text_at(&["apiVersion"]).or(listed_type.map(|(api_version, _)| api_version));
    let kind = value.text_at(&["kind"]).or(listed_type.map(|(_, kind)| kind));
    let (Some(api_version), Some(kind)) = (api_version, kind) else { return };
    match (kind.strip_suffix("List"), value.field("items")) {
        (Some(item_kind), Some(items))
            if items.kind() == crate::document::Kind::Array && value.get("spec").is_none() =>
        {
            let item_type = (!item_kind.is_empty()).then_some((api_version, item_kind));
            for item in items.items() {
                collect(item, item_type, found);
            }
        }
        _ => found.push(Object { value, api_version, kind }),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Limits, SourceText};

    #[test]
    fn item_cut_out_of_a_typed_list_has_the_type_of_the_list() {
        let text = SourceText::new("pods", r#"{"metadata":{"name":"web"}}"#);
        let document = Document::from_json(Arc::new(text), &Limits::STANDARD).unwrap();
        assert!(Object::all(&document).is_empty());
        let document = document.listed_as(Name::from("v1"), Name::from("Pod"));
        let objects = Object::all(&document);
        assert_eq!((objects[0].kind(), objects[0].name(), objects[0].namespace()), ("Pod", "web", "default"));
    }
}
