//! Package URLs: `pkg:type/namespace/name@version?qualifiers#subpath`, read, built and written in canonical form.
//!
//! A [`Purl`] is always valid and normalised, so that two of them are the same package exactly where they are equal.

mod percent;
mod read;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

/// The parts of a package URL, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Parts {
    /// The type, such as `deb` or `npm`.
    pub kind: String,
    /// Segments between slashes.
    pub namespace: Option<String>,
    pub name: String,
    pub version: Option<String>,
    pub qualifiers: BTreeMap<String, String>,
    /// Segments between slashes.
    pub subpath: Option<String>,
}

/// A valid package URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purl(Parts);

/// Why a text or its parts are no package URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidPurl {
    TooLong,
    Scheme,
    Kind,
    Encoding,
    NoName,
    Name,
    Version,
    NoNamespace,
    Namespace,
    QualifierKey,
    NoQualifier(&'static str),
}

impl fmt::Display for InvalidPurl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "it is longer than 8192 bytes",
            Self::Scheme => "it does not begin with `pkg:`",
            Self::Kind => "its type is not of letters, digits, `.` and `-` with a letter to begin with",
            Self::Encoding => "its percent signs do not encode UTF-8",
            Self::NoName => "it has no name",
            Self::Name => "its name is none that its type allows",
            Self::Version => "its version is none that its type allows",
            Self::NoNamespace => "it has no namespace, which its type needs",
            Self::Namespace => "it has a namespace, which its type does not have",
            Self::QualifierKey => "a qualifier's key is not of lower-case letters, digits, `.`, `-` and `_`",
            Self::NoQualifier(key) => return write!(f, "it has no qualifier `{key}`, which its type needs"),
        })
    }
}

impl std::error::Error for InvalidPurl {}

impl Purl {
    /// Reads a package URL.
    ///
    /// # Errors
    /// The first part that is not as the specification, or the rules of its type, want it.
    pub fn parse(text: &str) -> Result<Self, InvalidPurl> {
        rules::normalise(read::read(text)?, false).map(Self)
    }

    /// Reads a package URL of which the case of qualifiers' keys is put right in every type.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_leniently(text: &str) -> Result<Self, InvalidPurl> {
        rules::normalise(read::read(text)?, true).map(Self)
    }

    /// Makes a package URL of its decoded parts.
    ///
    /// # Errors
    /// The first part that is not as the specification, or the rules of its type, want it.
    pub fn build(parts: Parts) -> Result<Self, InvalidPurl> {
        rules::normalise(parts, false).map(Self)
    }

    pub fn parts(&self) -> &Parts {
        &self.0
    }

    pub fn into_parts(self) -> Parts {
        self.0
    }
}

impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { kind, namespace, name, version, qualifiers, subpath } = &self.0;
        write!(f, "pkg:{kind}/")?;
        if let Some(namespace) = namespace {
            percent::encode_path(f, namespace)?;
            f.write_str("/")?;
        }
        match kind.as_str() {
            "git" => percent::encode_path(f, name)?,
            _ => percent::encode(f, name)?,
        }
        if let Some(version) = version {
            f.write_str("@")?;
            percent::encode(f, version)?;
        }
        for (at, (key, value)) in qualifiers.iter().enumerate() {
            write!(f, "{}{key}=", if at == 0 { "?" } else { "&" })?;
            percent::encode(f, value)?;
        }
        if let Some(subpath) = subpath {
            f.write_str("#")?;
            percent::encode_path(f, subpath)?;
        }
        Ok(())
    }
}
