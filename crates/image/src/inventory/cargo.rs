//! `Cargo.lock`, of which cargo writes every key on a line of its own. Packages of the workspace, which have no source,
//! are left out.

use super::basket::Basket;
use super::{Found, Kind, Package};

pub fn read(bytes: &[u8]) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut basket = Basket::default();
    let mut current: Option<(Package, bool)> = None;
    for (at, line) in text.lines().map(str::trim).enumerate() {
        if line.starts_with('[') {
            put(&mut basket, current.take());
            if line == "[[package]]" {
                current = Some((Package::new(Kind::Cargo, "", "", at + 1), false));
            }
            continue;
        }
        let Some((package, has_source)) = &mut current else { continue };
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = value.trim();
        let text = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        match (key.trim(), text) {
            ("name", Some(name)) => name.clone_into(&mut package.name),
            ("version", Some(version)) => version.clone_into(&mut package.version),
            ("source", Some(_)) => *has_source = true,
            ("name" | "version" | "source", None) => basket.doubt(at + 1, "a value that is no text"),
            _ => {}
        }
    }
    put(&mut basket, current);
    basket.found()
}

fn put(basket: &mut Basket, current: Option<(Package, bool)>) {
    match current {
        Some((package, has_source)) if has_source || package.name.is_empty() => basket.add(package),
        _ => {}
    }
}
