//! npm: the `package.json` of an installed package, and `package-lock.json` in its three versions.

mod lock;

use serde_json::Value;

use super::basket::Basket;
use super::{Found, Kind, Package};

pub use lock::read as read_lock;

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

fn document(bytes: &[u8], basket: &mut Basket) -> Option<Value> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match serde_json::from_slice(bytes) {
        Ok(document) => Some(document),
        Err(error) => {
            basket.doubt(error.line(), "this is no JSON");
            None
        }
    }
}
