//! A text cut into the parts of a package URL, from its right end to its left, each decoded.

use std::collections::BTreeMap;

use super::percent::decode;
use super::{InvalidPurl, Parts};

/// Longer texts are nobody's package.
const LONGEST: usize = 8192;

pub(super) fn read(text: &str) -> Result<Parts, InvalidPurl> {
    if text.len() > LONGEST {
        return Err(InvalidPurl::TooLong);
    }
    let (scheme, rest) = text.split_once(':').ok_or(InvalidPurl::Scheme)?;
    if !scheme.eq_ignore_ascii_case("pkg") {
        return Err(InvalidPurl::Scheme);
    }
    let (rest, subpath) = rest.rsplit_once('#').map_or((rest, None), |(rest, subpath)| (rest, Some(subpath)));
    let (rest, query) = rest.rsplit_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let (kind, rest) = rest.trim_start_matches('/').split_once('/').ok_or(InvalidPurl::NoName)?;
    let (path, version) = version(rest);
    let path = path.trim_matches('/');
    let (namespace, name) = path.rsplit_once('/').map_or((None, path), |(namespace, name)| (Some(namespace), name));
    Ok(Parts {
        kind: kind.to_owned(),
        namespace: namespace.map(decode_path).transpose()?,
        name: decode(name)?.into_owned(),
        version: version.map(|version| decode(version).map(Into::into)).transpose()?,
        qualifiers: query.map(qualifiers).transpose()?.unwrap_or_default(),
        subpath: subpath.map(decode_path).transpose()?,
    })
}

/// Cuts off the version. An `@` that begins a segment, with more to follow, is the scope of an npm package.
fn version(rest: &str) -> (&str, Option<&str>) {
    match rest.rsplit_once('@') {
        Some((before, behind)) if (before.is_empty() || before.ends_with('/')) && behind.contains('/') => (rest, None),
        // A name that is missing must not be hidden by trimming slashes: `swift/a/b/@1`.
        Some((before, _)) if before.ends_with('/') => ("", None),
        Some((before, behind)) => (before, Some(behind)),
        None => (rest, None),
    }
}

fn decode_path(path: &str) -> Result<String, InvalidPurl> {
    let segments = path.split('/').map(decode).collect::<Result<Vec<_>, _>>()?;
    Ok(segments.join("/"))
}

fn qualifiers(query: &str) -> Result<BTreeMap<String, String>, InvalidPurl> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((key.to_owned(), decode(value)?.into_owned()))
        })
        .collect()
}
