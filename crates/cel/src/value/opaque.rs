//! Values of the Kubernetes libraries, and of an embedder, that are seen only through functions.

use std::sync::Arc;

use crate::host::Foreign;
use crate::named_format::NamedFormat;
use crate::quantity::Quantity;
use crate::semver::Semver;
use crate::url::Url;

/// A value of a Kubernetes library.
#[derive(Debug, Clone, PartialEq)]
pub enum Opaque {
    Quantity(Quantity),
    Url(Url),
    Semver(Semver),
    Format(NamedFormat),
    Host(Arc<dyn Foreign>),
}

impl Opaque {
    /// The name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Quantity(_) => "kubernetes.Quantity",
            Self::Url(_) => "kubernetes.URL",
            Self::Semver(_) => "kubernetes.Semver",
            Self::Format(_) => "kubernetes.NamedFormat",
            Self::Host(value) => value.type_name(),
        }
    }
}
