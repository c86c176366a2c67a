//! The checklist: three layers, two phases, fifteen controls.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    Application,
    Cluster,
    Infrastructure,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    Build,
    Operate,
}

/// One of the fifteen controls, in the order of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    ImageScanning,
    ImageProvenance,
    Secrets,
    Namespaces,
    NetworkPolicy,
    Rbac,
    Audit,
    Certificates,
    PodSecurity,
    Identity,
    Upgrades,
    CisKubernetes,
    MinimalOs,
    OsHardening,
    CisDocker,
}

impl Layer {
    pub const ALL: [Layer; 3] = [Self::Application, Self::Cluster, Self::Infrastructure];

    pub fn id(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Cluster => "cluster",
            Self::Infrastructure => "infrastructure",
        }
    }
}

impl Phase {
    pub const ALL: [Phase; 2] = [Self::Build, Self::Operate];

    pub fn id(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Operate => "operate",
        }
    }
}

impl Control {
    pub const ALL: [Control; 15] = [
        Self::ImageScanning,
        Self::ImageProvenance,
        Self::Secrets,
        Self::Namespaces,
        Self::NetworkPolicy,
        Self::Rbac,
        Self::Audit,
        Self::Certificates,
        Self::PodSecurity,
        Self::Identity,
        Self::Upgrades,
        Self::CisKubernetes,
        Self::MinimalOs,
        Self::OsHardening,
        Self::CisDocker,
    ];

    /// The stable name in reports, rule ids (with `-` for `_`) and settings.
    pub fn id(self) -> &'static str {
        match self {
            Self::ImageScanning => "image_scanning",
            Self::ImageProvenance => "image_provenance",
            Self::Secrets => "secrets",
            Self::Namespaces => "namespaces",
            Self::NetworkPolicy => "network_policy",
            Self::Rbac => "rbac",
            Self::Audit => "audit",
            Self::Certificates => "certificates",
            Self::PodSecurity => "pod_security",
            Self::Identity => "identity",
            Self::Upgrades => "upgrades",
            Self::CisKubernetes => "cis_kubernetes",
            Self::MinimalOs => "minimal_os",
            Self::OsHardening => "os_hardening",
            Self::CisDocker => "cis_docker",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::ImageScanning => "Image scanning",
            Self::ImageProvenance => "Image provenance",
            Self::Secrets => "Secrets",
            Self::Namespaces => "Namespaces",
            Self::NetworkPolicy => "Network policy",
            Self::Rbac => "RBAC",
            Self::Audit => "Audit",
            Self::Certificates => "Certificates",
            Self::PodSecurity => "Pod security",
            Self::Identity => "Identity",
            Self::Upgrades => "Upgrades",
            Self::CisKubernetes => "CIS Kubernetes",
            Self::MinimalOs => "Minimal OS",
            Self::OsHardening => "OS hardening",
            Self::CisDocker => "CIS Docker",
        }
    }

    pub fn layer(self) -> Layer {
        match self {
            Self::ImageScanning | Self::ImageProvenance | Self::Secrets | Self::Namespaces | Self::NetworkPolicy => {
                Layer::Application
            }
            Self::Rbac
            | Self::Audit
            | Self::Certificates
            | Self::PodSecurity
            | Self::Identity
            | Self::Upgrades
            | Self::CisKubernetes => Layer::Cluster,
            Self::MinimalOs | Self::OsHardening | Self::CisDocker => Layer::Infrastructure,
        }
    }

    pub fn phase(self) -> Phase {
        match self {
            Self::ImageScanning
            | Self::Rbac
            | Self::Audit
            | Self::Certificates
            | Self::PodSecurity
            | Self::MinimalOs
            | Self::OsHardening => Phase::Build,
            Self::ImageProvenance
            | Self::Secrets
            | Self::Namespaces
            | Self::NetworkPolicy
            | Self::Identity
            | Self::Upgrades
            | Self::CisKubernetes
            | Self::CisDocker => Phase::Operate,
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.id() == id)
    }
}

impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_has_its_own_id_that_reads_back() {
        for control in Control::ALL {
            assert_eq!(Control::from_id(control.id()), Some(control));
        }
    }

    #[test]
    fn every_cell_of_the_matrix_holds_a_control() {
        for layer in Layer::ALL {
            for phase in Phase::ALL {
                assert!(Control::ALL.iter().any(|control| control.layer() == layer && control.phase() == phase));
            }
        }
    }
}
