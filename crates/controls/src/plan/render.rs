//! JSON values as YAML text: flow style on one line, or block style below a key.

use serde_json::Value;

/// Flow style. `strict` is JSON itself, for JSON files.
pub(super) fn flow(value: &Value, strict: bool) -> String {
    if strict {
        return value.to_string();
    }
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| flow(item, false)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(map) => {
            let entries: Vec<_> =
                map.iter().map(|(key, value)| format!("{}: {}", text(key), flow(value, false))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::String(string) => text(string),
        scalar => scalar.to_string(),
    }
}

/// The lines of `key: value` in block style, from column `indent` on.
pub(super) fn block(key: &str, value: &Value, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let key = text(key);
    match value {
        Value::Object(map) if !map.is_empty() => {
            let body: Vec<_> = map.iter().map(|(key, value)| block(key, value, indent + 2)).collect();
            format!("{pad}{key}:\n{}", body.join("\n"))
        }
        Value::Array(items) if !items.is_empty() => {
            let body: Vec<_> = items.iter().map(|item| format!("{pad}- {}", flow(item, false))).collect();
            format!("{pad}{key}:\n{}", body.join("\n"))
        }
        value => format!("{pad}{key}: {}", flow(value, false)),
    }
}

/// A string, plain where every YAML reader takes it for a string.
pub(super) fn text(string: &str) -> String {
    let first = string.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let rest = string.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/'));
    let word = matches!(
        string.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null" | "nan" | "inf"
    );
    if first && rest && !word { string.to_owned() } else { Value::String(string.to_owned()).to_string() }
}
