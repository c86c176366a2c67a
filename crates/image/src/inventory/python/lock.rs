//! What Python's tools lock: `poetry.lock` and `uv.lock` in tables, `Pipfile.lock` in JSON.

use serde_json::Value;

use super::super::basket::Basket;
use super::super::json::document;
use super::super::tables::packages;
use super::super::{Found, Kind, Package};

/// Reads `poetry.lock` and `uv.lock`. The project itself, whose source is a folder, is left out.
pub fn read_tables(bytes: &[u8]) -> Found {
    let text = String::from_utf8_lossy(bytes);
    let mut basket = Basket::default();
    for table in packages(&text) {
        let is_folder = |source: &str| ["editable", "virtual", "directory"].iter().any(|kind| source.contains(kind));
        if !table.source.is_some_and(is_folder) {
            let (name, version) = (table.name.unwrap_or_default(), table.version.unwrap_or_default());
            basket.add(Package::new(Kind::Python, name, version, table.line));
        }
    }
    basket.found()
}

pub fn read_pipfile(bytes: &[u8]) -> Found {
    let mut basket = Basket::default();
    let Some(document) = document(bytes, &mut basket) else { return basket.found() };
    for (section, is_development) in [("default", false), ("develop", true)] {
        for (name, entry) in document.get(section).and_then(Value::as_object).into_iter().flatten() {
            match entry.get("version").and_then(Value::as_str).and_then(|version| version.strip_prefix("==")) {
                Some(version) => {
                    basket.add(Package { is_development, ..Package::new(Kind::Python, name, version, 0) });
                }
                None => basket.doubt(0, format!("`{}` has no exact version", name.escape_debug())),
            }
        }
    }
    basket.found()
}
