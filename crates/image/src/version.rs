//! The order of versions, exactly as each ecosystem's own tools have it.
//!
//! One file per order. Texts are compared where they lie, numbers as digits of any length, so that no version is too
//! long to be compared and none can overflow.

mod apk;
mod bitnami;
mod composer;
mod dpkg;
mod generic;
mod go;
mod maven;
mod nuget;
mod number;
mod numeric;
mod pep440;
pub mod range;
mod rpm;
mod rubygems;
mod semver;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;

/// Whose rules order two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Scheme {
    Apk,
    Bitnami,
    Cargo,
    Composer,
    Cran,
    Dpkg,
    Generic,
    Go,
    Hackage,
    Maven,
    Npm,
    NuGet,
    Pep440,
    Pub,
    Rpm,
    RubyGems,
    Semver,
}

/// A text that a scheme's rules give no place in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub scheme: Scheme,
    pub version: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no version of the {} order: it has no number to begin with", self.version, self.scheme)
    }
}

impl std::error::Error for Unreadable {}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Apk => "apk",
            Self::Bitnami => "Bitnami",
            Self::Cargo => "cargo",
            Self::Composer => "Composer",
            Self::Cran => "CRAN",
            Self::Dpkg => "dpkg",
            Self::Generic => "generic",
            Self::Go => "Go",
            Self::Hackage => "Hackage",
            Self::Maven => "Maven",
            Self::Npm => "npm",
            Self::NuGet => "NuGet",
            Self::Pep440 => "PEP 440",
            Self::Pub => "pub",
            Self::Rpm => "rpm",
            Self::RubyGems => "RubyGems",
            Self::Semver => "semver",
        })
    }
}

impl Scheme {
    pub const ALL: [Self; 17] = [
        Self::Apk,
        Self::Bitnami,
        Self::Cargo,
        Self::Composer,
        Self::Cran,
        Self::Dpkg,
        Self::Generic,
        Self::Go,
        Self::Hackage,
        Self::Maven,
        Self::Npm,
        Self::NuGet,
        Self::Pep440,
        Self::Pub,
        Self::Rpm,
        Self::RubyGems,
        Self::Semver,
    ];

    /// The order of a package URL's type; [`Scheme::Generic`] for types that state none.
    pub fn of_purl_type(kind: &str) -> Self {
        match kind {
            "apk" | "alpine" => Self::Apk,
            "bitnami" => Self::Bitnami,
            "cargo" => Self::Cargo,
            "composer" => Self::Composer,
            "cran" => Self::Cran,
            "deb" => Self::Dpkg,
            "golang" => Self::Go,
            "hackage" => Self::Hackage,
            "maven" => Self::Maven,
            "npm" => Self::Npm,
            "nuget" => Self::NuGet,
            "pypi" => Self::Pep440,
            "pub" => Self::Pub,
            "rpm" => Self::Rpm,
            "gem" => Self::RubyGems,
            "hex" | "swift" | "github" | "conan" | "julia" => Self::Semver,
            _ => Self::Generic,
        }
    }

    /// The order of an ecosystem as OSV advisories name it, a release behind a colon left aside: `Debian:12`.
    pub fn of_ecosystem(ecosystem: &str) -> Self {
        match ecosystem.split(':').next().unwrap_or_default() {
            "Alpine" | "Alpaquita" | "BellSoft Hardened Containers" | "Chainguard" | "MinimOS" | "Wolfi" => Self::Apk,
            "Bitnami" => Self::Bitnami,
            "crates.io" => Self::Cargo,
            "Packagist" => Self::Composer,
            "CRAN" | "Bioconductor" => Self::Cran,
            "Debian" | "Echo" | "Ubuntu" => Self::Dpkg,
            "Go" => Self::Go,
            "Hackage" | "GHC" => Self::Hackage,
            "Maven" => Self::Maven,
            "npm" => Self::Npm,
            "NuGet" => Self::NuGet,
            "PyPI" => Self::Pep440,
            "Pub" => Self::Pub,
            "AlmaLinux" | "Azure Linux" | "Mageia" | "Photon OS" | "Red Hat" | "Rocky Linux" | "SUSE" | "openEuler"
            | "openSUSE" => Self::Rpm,
            "RubyGems" => Self::RubyGems,
            "ConanCenter" | "Hex" | "Julia" | "Kubernetes" | "SwiftURL" => Self::Semver,
            _ => Self::Generic,
        }
    }
}

/// The order of two versions. White space around them is left aside.
///
/// # Errors
/// A text that the scheme cannot place. Orders that are made for any text (those of distributions, PyPI with its
/// versions from before PEP 440, Maven, RubyGems, Composer) have none.
pub fn compare(scheme: Scheme, a: &str, b: &str) -> Result<Ordering, Unreadable> {
    let (a, b) = (a.trim(), b.trim());
    let order = match scheme {
        Scheme::Apk => Ok(apk::compare(a, b)),
        Scheme::Bitnami => bitnami::compare(a, b),
        Scheme::Cargo | Scheme::Npm | Scheme::Semver => semver::compare(a, b),
        Scheme::Composer => Ok(composer::compare(a, b)),
        Scheme::Cran | Scheme::Hackage => numeric::compare(a, b),
        Scheme::Dpkg => Ok(dpkg::compare(a, b)),
        Scheme::Generic => Ok(generic::compare(a, b)),
        Scheme::Go => go::compare(a, b),
        Scheme::Maven => Ok(maven::compare(a, b)),
        Scheme::NuGet => nuget::compare(a, b),
        Scheme::Pep440 => Ok(pep440::compare(a, b)),
        Scheme::Pub => semver::compare_with_build(a, b),
        Scheme::Rpm => Ok(rpm::compare(a, b)),
        Scheme::RubyGems => Ok(rubygems::compare(a, b)),
    };
    order.map_err(|version: &str| Unreadable { scheme, version: version.to_owned() })
}
