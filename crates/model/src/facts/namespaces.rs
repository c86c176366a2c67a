//! Namespaces and their labels, and what stands in them for all of their workloads: quotas, limits, service accounts.

use super::Origin;
use crate::document::Value;
use crate::evidence::Evidence;
use crate::name::{Name, Names};
use crate::object::Object;

#[derive(Debug, Default, Clone)]
pub struct NamespaceFacts {
    pub namespaces: Vec<Namespace>,
    /// Namespaces that hold a ResourceQuota, once for each.
    pub quotas: Vec<Name>,
    /// Namespaces that hold a LimitRange, once for each.
    pub limit_ranges: Vec<Name>,
    pub service_accounts: Vec<ServiceAccount>,
}

#[derive(Debug, Clone)]
pub struct Namespace {
    pub origin: Origin,
    pub labels: Vec<(Name, Name)>,
    /// Where the labels stand that pod security admission reads, by their keys.
    pub pod_security: Vec<(Name, Evidence)>,
}

/// What the keys of labels for pod security admission begin with.
pub const POD_SECURITY: &str = "pod-security.kubernetes.io/";

#[derive(Debug, Clone)]
pub struct ServiceAccount {
    pub origin: Origin,
    /// `automountServiceAccountToken` as the account itself has it.
    pub automount_token: Option<bool>,
}

impl Namespace {
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.iter().find(|(name, _)| &**name == key).map(|(_, value)| &**value)
    }
}

impl NamespaceFacts {
    /// The ServiceAccount object of this name.
    pub fn service_account(&self, namespace: &str, name: &str) -> Option<&ServiceAccount> {
        let order =
            |account: &ServiceAccount| (account.origin.namespace(), account.origin.name()).cmp(&(namespace, name));
        self.service_accounts.binary_search_by(order).ok().and_then(|position| self.service_accounts.get(position))
    }

    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        match (object.group(), object.kind()) {
            ("", "Namespace") => {
                let labels = object.labels().map(|(key, value)| (names.intern(key), names.intern(value))).collect();
                let written = object.value().dig(&["metadata", "labels"]).into_iter().flat_map(Value::entries);
                let pod_security = written
                    .filter(|(key, _)| key.starts_with(POD_SECURITY))
                    .map(|(key, value)| (names.intern(key), Evidence::at(value)))
                    .collect();
                self.namespaces.push(Namespace { origin: Origin::of(object, names), labels, pod_security });
            }
            ("", "ResourceQuota") => self.quotas.push(names.intern(object.namespace())),
            ("", "LimitRange") => self.limit_ranges.push(names.intern(object.namespace())),
            ("", "ServiceAccount") => self.service_accounts.push(ServiceAccount {
                origin: Origin::of(object, names),
                automount_token: object.value().bool_at(&["automountServiceAccountToken"]),
            }),
            _ => {}
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.namespaces.extend(other.namespaces);
        self.quotas.extend(other.quotas);
        self.limit_ranges.extend(other.limit_ranges);
        self.service_accounts.extend(other.service_accounts);
    }

    pub(super) fn sort(&mut self) {
        self.namespaces.sort_by(|a, b| a.origin.cmp(&b.origin));
        for names in [&mut self.quotas, &mut self.limit_ranges] {
            names.sort();
            names.dedup();
        }
        self.service_accounts.sort_by(|a, b| a.origin.cmp(&b.origin));
    }
}
