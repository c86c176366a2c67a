//! Service accounts: the identities that the cluster itself gives out.

use super::Origin;
use crate::evidence::Evidence;
use crate::name::{Name, Names};
use crate::object::Object;

#[derive(Debug, Default, Clone)]
pub struct IdentityFacts {
    pub service_accounts: Vec<ServiceAccount>,
}

#[derive(Debug, Clone)]
pub struct ServiceAccount {
    pub origin: Origin,
    /// `automountServiceAccountToken`; none means yes.
    pub automount_token: Option<bool>,
    /// The Secrets that it lists, as token or as mountable.
    pub secrets: Box<[Name]>,
    pub cloud: Option<CloudIdentity>,
}

/// A role of a cloud provider that pods with this service account may take.
#[derive(Debug, Clone)]
pub struct CloudIdentity {
    pub provider: &'static str,
    /// The name of the role or account at the provider.
    pub role: Name,
    pub evidence: Evidence,
}

/// Annotations by which cloud providers give their own roles to pods.
const CLOUD_ANNOTATIONS: [(&str, &str); 3] = [
    ("eks.amazonaws.com/role-arn", "AWS"),
    ("iam.gke.io/gcp-service-account", "Google Cloud"),
    ("azure.workload.identity/client-id", "Azure"),
];

impl IdentityFacts {
    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        if !object.is("", "ServiceAccount") {
            return;
        }
        let annotations = object.value().dig(&["metadata", "annotations"]);
        let cloud = CLOUD_ANNOTATIONS.iter().find_map(|(annotation, provider)| {
            let value = annotations?.field(annotation)?;
            Some(CloudIdentity { provider, role: names.intern(value.str()?), evidence: Evidence::at(value) })
        });
        self.service_accounts.push(ServiceAccount {
            origin: Origin::of(object, names),
            automount_token: object.value().bool_at(&["automountServiceAccountToken"]),
            secrets: super::rbac::items(object.value().field("secrets"))
                .filter_map(|secret| secret.text_at(&["name"]))
                .map(|name| names.intern(name))
                .collect(),
            cloud,
        });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.service_accounts.extend(other.service_accounts);
    }

    pub(super) fn sort(&mut self) {
        self.service_accounts.sort_by(|a, b| a.origin.order().cmp(&b.origin.order()));
    }

    /// The service account of that name, where it is among the objects.
    pub fn service_account(&self, namespace: &str, name: &str) -> Option<&ServiceAccount> {
        // Sorted by subject: apiVersion and kind are the same for all, so names decide.
        let position = self
            .service_accounts
            .binary_search_by(|account| (account.origin.namespace(), account.origin.name()).cmp(&(namespace, name)))
            .ok()?;
        self.service_accounts.get(position)
    }
}
