//! What cluster rules need to know of all objects, kept small: objects themselves are dropped after their own checks.
//!
//! Each domain has its file: what it keeps, how an object folds into it, how two readers' facts are joined. The order in
//! which objects came leaves no trace: lists are sorted before any rule looks.

pub mod certificates;
pub mod control_plane;
pub mod images;
pub mod namespaces;
pub mod network;
pub mod rbac;
pub mod secrets;
pub mod workloads;

use std::collections::BTreeMap;

use crate::evidence::Evidence;
use crate::kubernetes_version::KubernetesVersion;
use crate::name::{Name, Names};
use crate::object::Object;
use crate::subject::Subject;

#[derive(Debug, Default, Clone)]
pub struct Facts {
    names: Names,
    /// What judges each pod for [`workloads::Workload::standing`]; without it every pod is in good standing.
    judge: Option<workloads::Judge>,
    /// True where the objects came from a live cluster or a snapshot of one.
    pub is_cluster: bool,
    /// What the cluster says of itself; none for files.
    pub server_version: Option<KubernetesVersion>,
    /// Objects by `group/Kind` (`Kind` for the core group).
    pub kinds: BTreeMap<Name, u64>,
    /// Kinds that could not be listed, by `Kind`, and why.
    pub unseen: BTreeMap<String, String>,
    pub certificates: certificates::CertificateFacts,
    pub control_plane: control_plane::ControlPlaneFacts,
    pub images: images::ImageFacts,
    pub namespaces: namespaces::NamespaceFacts,
    pub network: network::NetworkFacts,
    pub rbac: rbac::RbacFacts,
    pub secrets: secrets::SecretFacts,
    pub workloads: workloads::WorkloadFacts,
}

/// An object remembered by its names and place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    pub subject: Subject,
    pub evidence: Evidence,
}

impl Origin {
    /// The object's names and the place of its `metadata.name`.
    pub fn of(object: &Object<'_>, names: &mut Names) -> Self {
        let at = object.value().dig(&["metadata", "name"]).unwrap_or(object.value());
        Self { subject: subject(object, names), evidence: Evidence::at(at) }
    }

    pub fn namespace(&self) -> &str {
        &self.subject.namespace
    }

    pub fn name(&self) -> &str {
        &self.subject.name
    }
}

/// As [`Object::subject`], with shared strings.
pub fn subject(object: &Object<'_>, names: &mut Names) -> Subject {
    Subject {
        api_version: names.intern(object.api_version()),
        kind: names.intern(object.kind()),
        namespace: names.intern(object.namespace()),
        name: names.intern(object.name()),
    }
}

impl Facts {
    /// No facts yet; pods will be judged by `judge`.
    pub fn judged_by(judge: workloads::Judge) -> Self {
        Self { judge: Some(judge), ..Self::default() }
    }

    pub fn fold(&mut self, object: &Object<'_>) {
        let names = &mut self.names;
        let group_kind = match object.group() {
            "" => names.intern(object.kind()),
            group => names.intern(&format!("{group}/{}", object.kind())),
        };
        *self.kinds.entry(group_kind).or_default() += 1;
        self.certificates.fold(object, names);
        self.control_plane.fold(object, names);
        self.images.fold(object, names);
        self.namespaces.fold(object, names);
        self.network.fold(object, names);
        self.rbac.fold(object, names);
        self.secrets.fold(object, names);
        self.workloads.fold(object, names, self.judge);
    }

    /// The object's names, shared with all that was seen before.
    pub fn subject(&mut self, object: &Object<'_>) -> Subject {
        subject(object, &mut self.names)
    }

    pub fn merge(&mut self, other: Facts) {
        let Facts {
            names: _,
            judge: _,
            is_cluster,
            server_version,
            kinds,
            unseen,
            certificates,
            control_plane,
            images,
            namespaces,
            network,
            rbac,
            secrets,
            workloads,
        } = other;
        self.is_cluster |= is_cluster;
        self.server_version = self.server_version.or(server_version);
        for (kind, count) in kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
        self.unseen.extend(unseen);
        self.certificates.merge(certificates);
        self.control_plane.merge(control_plane);
        self.images.merge(images);
        self.namespaces.merge(namespaces);
        self.network.merge(network);
        self.rbac.merge(rbac);
        self.secrets.merge(secrets);
        self.workloads.merge(workloads);
    }

    /// Puts every list in the order of names, so that the order of reading leaves no trace.
    pub fn sort(&mut self) {
        self.certificates.sort();
        self.control_plane.sort();
        self.images.sort();
        self.namespaces.sort();
        self.network.sort();
        self.rbac.sort();
        self.secrets.sort();
        self.workloads.sort();
    }

    pub fn count(&self, group_kind: &str) -> u64 {
        self.kinds.get(group_kind).copied().unwrap_or(0)
    }
}
