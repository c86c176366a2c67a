//! `package-lock.json`: version 1 nests `dependencies`; versions 2 and 3 list `packages` by their folder.

use serde_json::{Map, Value};

use super::super::basket::Basket;
use super::super::json::document;
use super::super::{Found, Kind, Package};

pub fn read(bytes: &[u8]) -> Found {
    let mut basket = Basket::default();
    let Some(document) = document(bytes, &mut basket) else { return basket.found() };
    match (document.get("packages").and_then(Value::as_object), document.get("dependencies").and_then(Value::as_object))
    {
        (Some(packages), _) => by_folder(packages, &mut basket),
        (None, Some(dependencies)) => nested(dependencies, &mut basket),
        (None, None) if document.get("lockfileVersion").is_some() => {}
        (None, None) => basket.doubt(0, "neither `packages` nor `dependencies`: this is no package-lock.json"),
    }
    basket.found()
}

fn by_folder(packages: &Map<String, Value>, basket: &mut Basket) {
    for (folder, entry) in packages {
        // Folders outside of node_modules are the project's own, and links point at them.
        let Some((_, name)) = folder.rsplit_once("node_modules/") else { continue };
        if is_true(entry, "link") {
            continue;
        }
        let name = entry.get("name").and_then(Value::as_str).unwrap_or(name);
        add(name, entry, basket);
    }
}

/// Walks nested dependencies; the JSON reader bounds how deep they are.
fn nested(dependencies: &Map<String, Value>, basket: &mut Basket) {
    let mut open = vec![dependencies];
    while let Some(dependencies) = open.pop() {
        for (name, entry) in dependencies {
            add(name, entry, basket);
            open.extend(entry.get("dependencies").and_then(Value::as_object));
        }
    }
}

fn add(name: &str, entry: &Value, basket: &mut Basket) {
    let Some(version) = entry.get("version").and_then(Value::as_str) else {
        return basket.doubt(0, format!("`{}` has no version", name.escape_debug()));
    };
    // `npm:other@1.2.3` is another package under this name.
    let alias = version.strip_prefix("npm:").and_then(|other| other.rsplit_once('@'));
    let (name, version) = alias.unwrap_or((name, version));
    if version.contains(':') {
        return basket.doubt(0, format!("`{}` comes from an address, its version is unknown", name.escape_debug()));
    }
    basket.add(Package {
        licence: entry.get("license").and_then(Value::as_str).map(str::to_owned),
        is_development: is_true(entry, "dev"),
        ..Package::new(Kind::Npm, name, version, 0)
    });
}

fn is_true(entry: &Value, key: &str) -> bool {
    entry.get(key).and_then(Value::as_bool) == Some(true)
}
