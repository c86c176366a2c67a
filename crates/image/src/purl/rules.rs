//! What every package URL must be, and what its type adds: case, needed and forbidden parts.

use super::{InvalidPurl, Parts};

pub(super) fn normalise(mut parts: Parts, is_lenient: bool) -> Result<Parts, InvalidPurl> {
    parts.kind.make_ascii_lowercase();
    if !is_kind(&parts.kind) {
        return Err(InvalidPurl::Kind);
    }
    parts.namespace = parts.namespace.as_deref().map(|path| segments(path, false)).filter(|path| !path.is_empty());
    parts.subpath = parts.subpath.as_deref().map(|path| segments(path, true)).filter(|path| !path.is_empty());
    parts.version = parts.version.filter(|version| !version.is_empty());
    parts.name = parts.name.trim_matches('/').to_owned();
    if parts.name.is_empty() {
        return Err(InvalidPurl::NoName);
    }
    qualifiers(&mut parts, is_lenient)?;
    of_type(&mut parts)?;
    Ok(parts)
}

fn is_kind(kind: &str) -> bool {
    kind.starts_with(|first: char| first.is_ascii_lowercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'))
}

/// A path without empty segments and, in a subpath, without those that would climb.
fn segments(path: &str, is_subpath: bool) -> String {
    let is_left_out = |segment: &str| segment.is_empty() || (is_subpath && matches!(segment, "." | ".."));
    path.split('/').filter(|segment| !is_left_out(segment)).collect::<Vec<_>>().join("/")
}

fn qualifiers(parts: &mut Parts, is_lenient: bool) -> Result<(), InvalidPurl> {
    // Two types state that their keys are written in lower case; in the others the case is put right.
    let is_strict = !is_lenient && matches!(parts.kind.as_str(), "gem" | "rpm");
    let mut kept = std::collections::BTreeMap::new();
    for (key, value) in std::mem::take(&mut parts.qualifiers) {
        let lower = key.to_ascii_lowercase();
        let is_key = lower.starts_with(|first: char| first.is_ascii_lowercase())
            && lower.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        if !is_key || (is_strict && lower != key) {
            return Err(InvalidPurl::QualifierKey);
        }
        if !value.is_empty() {
            kept.insert(lower, value);
        }
    }
    parts.qualifiers = kept;
    Ok(())
}

fn lower(text: &mut String) {
    *text = text.to_lowercase();
}

fn of_type(parts: &mut Parts) -> Result<(), InvalidPurl> {
    match parts.kind.as_str() {
        "alpm" | "apk" | "bitbucket" | "bitnami" | "brew" | "composer" | "deb" | "github" | "hex" | "luarocks"
        | "oci" | "otp" | "pub" | "vscode-extension" => {
            lower(&mut parts.name);
            parts.namespace.iter_mut().for_each(lower);
        }
        "git" => git(parts),
        "qpkg" | "rpm" => parts.namespace.iter_mut().for_each(lower),
        "huggingface" => parts.version.iter_mut().for_each(lower),
        "pypi" => parts.name = parts.name.to_lowercase().replace('_', "-"),
        "cpan" => {
            parts.namespace.iter_mut().for_each(|author| author.make_ascii_uppercase());
            // Distributions have hyphens; colons are those of modules.
            if parts.name.contains("::") {
                return Err(InvalidPurl::Name);
            }
        }
        // Databricks takes names in any case, other stores do not.
        "mlflow" if parts.qualifiers.get("repository_url").is_some_and(|url| url.contains("azuredatabricks.net")) => {
            lower(&mut parts.name);
        }
        "chrome-extension" => chrome(parts)?,
        "julia" if !parts.qualifiers.contains_key("uuid") => return Err(InvalidPurl::NoQualifier("uuid")),
        _ => {}
    }
    match (parts.kind.as_str(), &parts.namespace) {
        ("swift" | "vscode-extension", None) => Err(InvalidPurl::NoNamespace),
        ("otp" | "vcpkg", Some(_)) => Err(InvalidPurl::Namespace),
        _ => Ok(()),
    }
}

/// The namespace is the host alone; the name is the path of the repository there.
fn git(parts: &mut Parts) {
    let path = format!("{}/{}", parts.namespace.as_deref().unwrap_or_default(), parts.name).to_lowercase();
    let path = path.trim_start_matches('/');
    let (host, name) = path.split_once('/').map_or((None, path), |(host, name)| (Some(host.to_owned()), name));
    (parts.namespace, parts.name) = (host, name.to_owned());
}

/// The identifier of an extension is 32 letters from `a` to `p`; its version up to four numbers.
fn chrome(parts: &Parts) -> Result<(), InvalidPurl> {
    if parts.name.len() != 32 || !parts.name.bytes().all(|byte| byte.is_ascii_lowercase() && byte <= b'p') {
        return Err(InvalidPurl::Name);
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match &parts.version {
        Some(version) if version.split('.').count() > 4 || !version.split('.').all(is_number) => {
            Err(InvalidPurl::Version)
        }
        _ => Ok(()),
    }
}
