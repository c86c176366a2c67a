//! `Cargo.lock`. Packages of the workspace, which have no source, are left out.

use super::basket::Basket;
use super::tables::packages;
use super::{Found, Kind, Package};

pub fn read(bytes: &[u8]) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut basket = Basket::default();
    for table in packages(&text) {
        if table.source.is_some() || table.name.is_none() {
            let (name, version) = (table.name.unwrap_or_default(), table.version.unwrap_or_default());
            basket.add(Package::new(Kind::Cargo, name, version, table.line));
        }
    }
    basket.found()
}
