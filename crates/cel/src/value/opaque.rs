//! Values of the Kubernetes libraries that are seen only through their functions.

use crate::named_format::NamedFormat;
use crate::quantity::Quantity;
use crate::semver::Semver;
use crate::url::Url;

#[derive(Debug, Clone, PartialEq)]
pub enum Opaque {
    Quantity(Quantity),
    Url(Url),
    Semver(Semver),
    Format(NamedFormat),
}

impl Opaque {
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Quantity(_) => "kubernetes.Quantity",
            Self::Url(_) => "kubernetes.URL",
            Self::Semver(_) => "kubernetes.Semver",
            Self::Format(_) => "kubernetes.NamedFormat",
        }
    }
}
