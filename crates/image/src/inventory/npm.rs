//! npm: the `package.json` of an installed package, `package-lock.json` in its three versions, and `yarn.lock`.

mod lock;
mod yarn;

use serde_json::Value;

use super::basket::Basket;
use super::json::document;
use super::{Found, Kind, Package};

pub use lock::read as read_lock;
pub use yarn::read as read_yarn;

/// Reads an installed package's `package.json`. One without name and version, as folders inside of packages have it, is
/// no package.
pub fn read_manifest(bytes: &[u8]) -> Found {
    let mut basket = Basket::default();
    let Some(document) = document(bytes, &mut basket) else { return basket.found() };
    let text = |key: &str| document.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    if let (Some(name), Some(version)) = (text("name"), text("version")) {
        let licence = text("license").or_else(|| document.get("license")?.get("type")?.as_str());
        basket.add(Package { licence: licence.map(str::to_owned), ..Package::new(Kind::Npm, name, version, 0) });
    }
    basket.found()
}
