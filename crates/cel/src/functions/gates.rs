//! Which release of Kubernetes brought what: the environment of an older API server does not declare it.

/// Syntax that came with a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feature {
    /// `.?`, `[?]`, `?element` and `optMap`.
    Optionals,
    /// Macros over an index or key and a value.
    TwoNames,
    /// `sortBy`.
    Lists,
}

impl Feature {
    /// The minor release of Kubernetes 1 that brought it.
    pub(crate) fn since(self) -> u32 {
        match self {
            Self::Optionals => 28,
            Self::TwoNames => 32,
            Self::Lists => 34,
        }
    }
}

/// The minor release of Kubernetes 1 that brought a function; 0 where all have it.
///
/// The mathematical, base64 and `regex.` functions belong to no release: the API server has none of them, other engines all.
pub(crate) fn introduced(name: &str) -> u32 {
    match name {
        "hasValue" | "value" | "or" | "orValue" | "first" | "last" | "unwrapOpt" => 28,
        "quantity" | "isQuantity" | "sign" | "isInteger" | "asInteger" | "asApproximateFloat" => 28,
        "add" | "sub" | "compareTo" | "isLessThan" | "isGreaterThan" => 28,
        // The second version of the string library.
        "format" | "strings.quote" => 29,
        "ip" | "isIP" | "cidr" | "isCIDR" | "family" | "containsIP" | "containsCIDR" | "masked" | "prefixLength" => 30,
        "isUnspecified" | "isLoopback" | "isLinkLocalMulticast" | "isLinkLocalUnicast" | "isGlobalUnicast" => 30,
        "ip.isCanonical" => 30,
        "validate" => 31,
        "semver" | "isSemver" | "major" | "minor" | "patch" => 33,
        "slice" | "flatten" | "sort" | "distinct" | "reverse" => 34,
        "includes" => 37,
        name => match name.split_once('.').map(|(namespace, _)| namespace) {
            Some("optional") => 28,
            Some("sets") => 29,
            Some("format") => 31,
            Some("lists") => 34,
            _ => 0,
        },
    }
}
