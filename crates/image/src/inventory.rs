//! The packages that files of an image name, one file per format.
//!
//! A reader takes bytes and gives packages and doubts; it never fails, and what it cannot read it says. The caller
//! bounds the size of a file; readers bound what they keep of it.

pub mod apk;
mod basket;
pub mod cargo;
pub mod composer;
pub mod dpkg;
pub mod gem;
pub mod go_mod;
mod headers;
mod json;
pub mod npm;
pub mod os_release;
pub mod python;
pub mod rpm;
mod tables;
#[cfg(test)]
mod tests;

use std::fmt;

pub use os_release::Distribution;

use crate::purl::{InvalidPurl, Parts, Purl};
use crate::version::Scheme;

/// What a reader found.
pub type Found = (Vec<Package>, Vec<Doubt>);

/// Whose package it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    Apk,
    Cargo,
    Composer,
    Dpkg,
    Gem,
    Go,
    Npm,
    Python,
    Rpm,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub kind: Kind,
    pub name: String,
    pub version: String,
    pub architecture: Option<String>,
    /// The source package, which advisories of distributions speak of.
    pub source: Option<Source>,
    pub licence: Option<String>,
    /// Files that the package owns, without a slash to begin with; empty where the format does not say.
    pub files: Vec<String>,
    /// True where the package is for development alone.
    pub is_development: bool,
    /// The line where it is named, from 1; 0 where the format has no lines to point at.
    pub line: usize,
}

/// A source package, with its version where it differs from the package's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub version: Option<String>,
}

/// Something that a reader could not make sense of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// From 1; 0 for the file as a whole.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

impl Kind {
    pub fn scheme(self) -> Scheme {
        match self {
            Self::Apk => Scheme::Apk,
            Self::Cargo => Scheme::Cargo,
            Self::Composer => Scheme::Composer,
            Self::Gem => Scheme::RubyGems,
            Self::Dpkg => Scheme::Dpkg,
            Self::Go => Scheme::Go,
            Self::Npm => Scheme::Npm,
            Self::Python => Scheme::Pep440,
            Self::Rpm => Scheme::Rpm,
        }
    }

    pub fn purl_type(self) -> &'static str {
        match self {
            Self::Apk => "apk",
            Self::Cargo => "cargo",
            Self::Composer => "composer",
            Self::Gem => "gem",
            Self::Dpkg => "deb",
            Self::Go => "golang",
            Self::Npm => "npm",
            Self::Python => "pypi",
            Self::Rpm => "rpm",
        }
    }
}

impl Package {
    fn new(kind: Kind, name: impl Into<String>, version: impl Into<String>, line: usize) -> Self {
        Self {
            kind,
            name: name.into(),
            version: version.into(),
            architecture: None,
            source: None,
            licence: None,
            files: Vec::new(),
            is_development: false,
            line,
        }
    }

    /// The package URL. A distribution's packages carry its name.
    ///
    /// # Errors
    /// The name is none that the type of package URL allows.
    pub fn purl(&self, distribution: Option<&Distribution>) -> Result<Purl, InvalidPurl> {
        let (namespace, name) = match self.kind {
            Kind::Composer | Kind::Go | Kind::Npm => match self.name.rsplit_once('/') {
                Some((namespace, name)) => (Some(namespace.to_owned()), name),
                None => (None, self.name.as_str()),
            },
            Kind::Apk | Kind::Dpkg | Kind::Rpm => {
                (distribution.map(|distribution| distribution.id.clone()), self.name.as_str())
            }
            Kind::Cargo | Kind::Gem | Kind::Python => (None, self.name.as_str()),
        };
        // In rpm's package URLs the epoch is a qualifier.
        let (epoch, version) = match self.version.split_once(':').filter(|_| self.kind == Kind::Rpm) {
            Some((epoch, version)) => (Some(epoch.to_owned()), version),
            None => (None, self.version.as_str()),
        };
        let mut parts = Parts {
            kind: self.kind.purl_type().to_owned(),
            namespace,
            name: name.to_owned(),
            version: Some(version.to_owned()),
            ..Parts::default()
        };
        if matches!(self.kind, Kind::Apk | Kind::Dpkg | Kind::Rpm) {
            let mut qualify = |key: &str, value: Option<String>| {
                parts.qualifiers.extend(value.map(|value| (key.to_owned(), value)));
            };
            qualify("arch", self.architecture.clone());
            qualify("epoch", epoch);
            qualify("distro", distribution.and_then(Distribution::release));
        }
        Purl::build(parts)
    }
}
