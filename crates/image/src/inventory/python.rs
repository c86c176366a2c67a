//! The `METADATA` of a wheel and the `PKG-INFO` of an egg, one package each; and lock files.

mod lock;

use super::basket::Basket;
use super::headers::stanzas;
use super::{Found, Kind, Package};

pub use lock::{read_pipfile, read_tables};

pub fn read(bytes: &[u8]) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut basket = Basket::default();
    // What follows the first blank line is the description, in which anything may stand.
    let Some(stanza) = stanzas(&text, ["Name", "Version", "License-Expression", "License"]).next() else {
        basket.doubt(0, "no fields");
        return basket.found();
    };
    let [name, version, expression, licence] = stanza.values;
    let is_known = |licence: &&str| !licence.is_empty() && !licence.eq_ignore_ascii_case("unknown");
    basket.add(Package {
        licence: expression.or(licence).filter(is_known).map(str::to_owned),
        ..Package::new(Kind::Python, name.unwrap_or_default(), version.unwrap_or_default(), stanza.line)
    });
    basket.found()
}
