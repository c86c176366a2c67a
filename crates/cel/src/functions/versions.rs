//! The Kubernetes library for semantic versions.

use super::{Entry, invalid, no};
use crate::semver::Semver;
use crate::value::{Opaque, Outcome, Val};

pub(super) const GLOBALS: &[Entry] = &[("semver", semver), ("isSemver", is_semver)];

pub(super) const METHODS: &[Entry] = &[
    ("major", |name, args| part(name, args, |version| version.major)),
    ("minor", |name, args| part(name, args, |version| version.minor)),
    ("patch", |name, args| part(name, args, |version| version.patch)),
];

/// What the arguments name: a text, and perhaps whether it is to be read tolerantly.
fn read(args: &[Val<'_>]) -> Option<Option<Semver>> {
    match args {
        [Val::Str(text)] | [Val::Str(text), Val::Bool(false)] => Some(Semver::parse(text)),
        [Val::Str(text), Val::Bool(true)] => Some(Semver::parse_tolerantly(text)),
        _ => None,
    }
}

fn semver<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match read(args) {
        Some(Some(version)) => Ok(Val::opaque(Opaque::Semver(version))),
        Some(None) => invalid("the text is no semantic version; write it as `1.2.3`"),
        None => no(name, args),
    }
}

fn is_semver<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    read(args).map_or_else(|| no(name, args), |version| Ok(Val::Bool(version.is_some())))
}

fn part<'a>(name: &str, args: &[Val<'a>], get: fn(&Semver) -> u64) -> Outcome<'a> {
    match args {
        [Val::Opaque(opaque)] => match &**opaque {
            Opaque::Semver(version) => Ok(Val::Int(get(version).cast_signed())),
            _ => no(name, args),
        },
        _ => no(name, args),
    }
}
