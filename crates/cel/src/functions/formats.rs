//! The Kubernetes library of named formats: `format.dns1123Label().validate(..)`.

use super::{Entry, no};
use crate::named_format::NamedFormat;
use crate::value::{Opaque, Outcome, Val};

pub(super) const GLOBALS: &[Entry] = &[
    ("format.named", named),
    ("format.dns1123Label", constant),
    ("format.dns1123Subdomain", constant),
    ("format.dns1035Label", constant),
    ("format.qualifiedName", constant),
    ("format.dns1123LabelPrefix", constant),
    ("format.dns1123SubdomainPrefix", constant),
    ("format.dns1035LabelPrefix", constant),
    ("format.labelValue", constant),
    ("format.uri", constant),
    ("format.uuid", constant),
    ("format.byte", constant),
    ("format.date", constant),
    ("format.datetime", constant),
];

pub(super) const METHODS: &[Entry] = &[("validate", validate)];

fn constant<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match NamedFormat::named(name.trim_start_matches("format.")) {
        Some(format) if args.is_empty() => Ok(Val::opaque(Opaque::Format(format))),
        _ => no(name, args),
    }
}

fn named<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Str(wanted)] = args else { return no(name, args) };
    let format = NamedFormat::named(wanted);
    Ok(format.map_or(Val::Optional(None), |format| Val::some(Val::opaque(Opaque::Format(format)))))
}

/// What is wrong with a text; none where nothing is.
fn validate<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Opaque(opaque), Val::Str(text)] = args else { return no(name, args) };
    let Opaque::Format(format) = &**opaque else { return no(name, args) };
    let faults = format.faults(text);
    if faults.is_empty() {
        return Ok(Val::Optional(None));
    }
    Ok(Val::some(Val::list(faults.into_iter().map(Val::text).collect())))
}
