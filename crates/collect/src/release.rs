//! What release a target runs, asked before it is read: rules judge the first object by it.

use rampart_model::KubernetesVersion;

use crate::collected::Refusal;
use crate::options::Options;
use crate::target::Target;
use crate::{cluster, snapshot};

/// The release of a cluster or of the cluster that a snapshot was taken of; none for files, and where it is not told.
///
/// # Errors
/// The target as a whole cannot be read.
pub fn release(target: &Target, options: &Options) -> Result<Option<KubernetesVersion>, Refusal> {
    match target {
        Target::Folder(_) | Target::File(_) | Target::Stdin => Ok(None),
        Target::Context { name, kubeconfig } => cluster::release(name.as_deref(), kubeconfig.as_deref(), options),
        Target::Snapshot(path) => Ok(snapshot::head(path, options)?.server_version),
    }
}
