//! Python's specifiers, between commas, with their own idea of pre-releases, post-releases and local versions.

use std::cmp::Ordering;

use super::{Bound, Sign, sign};
use crate::version::pep440::{Version, compare, public};
use crate::version::{number, semver};

pub(super) fn read(text: &str) -> Result<Vec<Vec<Bound>>, String> {
    let mut bounds = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        bounds.extend(specifier(part).ok_or_else(|| part.to_owned())?);
    }
    Ok(vec![bounds])
}

fn specifier(text: &str) -> Option<Vec<Bound>> {
    if let Some(version) = text.strip_prefix("===") {
        return Some(vec![Bound::new(Sign::Text, version.trim())]);
    }
    if let Some(version) = text.strip_prefix("~=").map(str::trim) {
        let release = Version::of(version)?.release;
        let (start, _) = release.rsplit_once('.')?;
        let epoch = version.split_once('!').map(|(epoch, _)| format!("{epoch}!")).unwrap_or_default();
        return Some(vec![Bound::new(Sign::AtLeast, version), Bound::new(Sign::Begins, epoch + start)]);
    }
    let (sign, version) = sign(text);
    let sign = match (sign, version.strip_suffix(".*")) {
        (Some(Sign::Equal) | None, Some(_)) => Sign::Begins,
        (Some(Sign::NotEqual), Some(_)) => Sign::BeginsNot,
        (_, Some(_)) => return None,
        (sign, None) => sign.unwrap_or(Sign::Equal),
    };
    let version = version.strip_suffix(".*").unwrap_or(version);
    Version::of(version)?;
    Some(vec![Bound::new(sign, version)])
}

pub(super) fn holds(bound: &Bound, text: &str) -> bool {
    if bound.sign == Sign::Text {
        return bound.version.eq_ignore_ascii_case(text.trim());
    }
    // A version from before PEP 440 comes before every other.
    let (Some(version), Some(wanted)) = (Version::of(text), Version::of(&bound.version)) else {
        return bound.sign.allows(compare(text, &bound.version));
    };
    let order = public(&version, &wanted);
    let is_same_release =
        || is_same_epoch(&version, &wanted) && semver::numbers(version.release, wanted.release).is_eq();
    match bound.sign {
        Sign::Begins => begins(&version, &wanted),
        Sign::BeginsNot => !begins(&version, &wanted),
        Sign::Equal | Sign::NotEqual if wanted.local.is_some() => bound.sign.allows(compare(text, &bound.version)),
        // A pre-release of the bound itself is not before it, nor is a post-release of it behind it.
        Sign::Less if is_pre_release(&version) && !is_pre_release(&wanted) && is_same_release() => {
            order.is_lt() && wanted.post.is_some() && wanted.post != version.post
        }
        Sign::Greater if is_post_release(&version, &wanted) && is_same_release() => false,
        sign => sign.allows(order),
    }
}

fn is_pre_release(version: &Version<'_>) -> bool {
    version.pre.is_some() || version.dev.is_some()
}

/// Whether a version of the same release is a post-release of `wanted`, and `wanted` none.
fn is_post_release(version: &Version<'_>, wanted: &Version<'_>) -> bool {
    version.post.is_some() && wanted.post.is_none() && wanted.dev.is_none() && version.pre == wanted.pre
}

fn is_same_epoch(a: &Version<'_>, b: &Version<'_>) -> bool {
    number::compare(a.epoch, b.epoch) == Ordering::Equal
}

fn begins(version: &Version<'_>, wanted: &Version<'_>) -> bool {
    let mut numbers = version.release.split('.');
    let is_prefix =
        wanted.release.split('.').all(|part| number::compare(numbers.next().unwrap_or_default(), part).is_eq());
    is_same_epoch(version, wanted) && is_prefix
}
