//! The Kubernetes library for URLs.

use super::{Entry, MeteredEntry, invalid, no, string};
use crate::meter::Meter;
use crate::url::Url;
use crate::value::{Map, Opaque, Outcome, Val};

pub(super) const GLOBALS: &[Entry] = &[("url", url), ("isURL", is_url)];

pub(super) const METHODS: &[Entry] = &[
    ("getScheme", |name, args| part(name, args, |url| &url.scheme)),
    ("getHost", |name, args| part(name, args, |url| &url.host)),
    ("getHostname", |name, args| part(name, args, Url::hostname)),
    ("getPort", |name, args| part(name, args, Url::port)),
    ("getEscapedPath", |name, args| part(name, args, |url| &url.escaped_path)),
];

pub(super) const METERED_METHODS: &[MeteredEntry] = &[("getQuery", query)];

/// Bytes that a key with a value takes, beside their text.
const PAIR: usize = 256;

fn url<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    let [Val::Str(text)] = args else { return no(name, args) };
    match Url::parse(text) {
        Ok(url) => Ok(Val::opaque(Opaque::Url(url))),
        Err(fault) => invalid(format!("`{}` is no URL: {fault}", &**text)),
    }
}

fn is_url<'a>(name: &str, args: &[Val<'a>]) -> Outcome<'a> {
    match args {
        [Val::Str(text)] => Ok(Val::Bool(Url::parse(text).is_ok())),
        _ => no(name, args),
    }
}

fn of<'v>(args: &'v [Val<'_>]) -> Option<&'v Url> {
    match args {
        [Val::Opaque(opaque)] => match &**opaque {
            Opaque::Url(url) => Some(url),
            _ => None,
        },
        _ => None,
    }
}

fn part<'a>(name: &str, args: &[Val<'a>], get: fn(&Url) -> &str) -> Outcome<'a> {
    of(args).map_or_else(|| no(name, args), |url| string(get(url)))
}

fn query<'a>(name: &str, args: &[Val<'a>], meter: &mut Meter) -> Outcome<'a> {
    let Some(url) = of(args) else { return no(name, args) };
    let pairs = url.pairs();
    meter.pay(pairs as u64)?;
    meter.make(pairs.saturating_mul(PAIR))?;
    let list = |values: Vec<String>| Val::list(values.into_iter().map(Val::text).collect());
    Map::of(url.query().into_iter().map(|(key, values)| (Val::text(key), list(values))).collect()).map(Val::Map)
}
