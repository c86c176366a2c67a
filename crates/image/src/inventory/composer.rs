//! Composer's `composer.lock`, and the `installed.json` that it leaves beside what it installed.

use serde_json::Value;

use super::basket::Basket;
use super::json::document;
use super::{Found, Kind, Package};

pub fn read(bytes: &[u8]) -> Found {
    let mut basket = Basket::default();
    let Some(document) = document(bytes, &mut basket) else { return basket.found() };
    let list = |key: &str| document.get(key).and_then(Value::as_array);
    // Composer 1 wrote `installed.json` as a list.
    let sections = [(document.as_array(), false), (list("packages"), false), (list("packages-dev"), true)];
    for (packages, is_development) in sections {
        for package in packages.into_iter().flatten() {
            let text = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default();
            let licences = package.get("license").and_then(Value::as_array).into_iter().flatten();
            let licences: Vec<&str> = licences.filter_map(Value::as_str).collect();
            basket.add(Package {
                licence: (!licences.is_empty()).then(|| licences.join(" OR ")),
                is_development,
                ..Package::new(Kind::Composer, text("name"), text("version"), 0)
            });
        }
    }
    basket.found()
}
