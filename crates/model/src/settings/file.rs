//! `.rampart.yaml`: settings and waivers as a team keeps them beside its manifests.
//!
//! ```yaml
//! kubernetes_version: v1.36
//! allowed_registries: [registry.example.com, "*.registry.example.com/team"]
//! annotation_waivers: true
//! waivers:
//! - rule: pod-security/host-path-volumes
//!   kind: DaemonSet
//!   namespace: monitoring
//!   name: node-exporter
//!   reason: reads /proc of the node
//!   owner: team-observability
//!   expires: 2027-03-31
//! ```

use std::sync::Arc;

use super::Settings;
use crate::document::{Document, Kind, Limits, Value};
use crate::source::{Diagnostic, SourceText};
use crate::waiver::{SubjectSelector, Waiver};

/// Reads the text of a settings file into `settings`. What cannot be understood is left out and said, with its place.
pub fn read(name: &str, text: &str, settings: &mut Settings) -> Vec<Diagnostic> {
    let source = Arc::new(SourceText::new(name, text));
    let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
    let mut doubts: Vec<Diagnostic> = error.into_iter().collect();
    for document in &documents {
        doubts.extend(document.notices().iter().cloned());
        let root = document.root();
        if !matches!(root.kind(), Kind::Object | Kind::Null) {
            doubts.push(doubt(root, format!("a {} where a map of settings was expected", root.kind())));
        }
        for (key, value) in root.entries() {
            if let Err(message) = setting(key, value, settings, &mut doubts) {
                doubts.push(doubt(value, message));
            }
        }
    }
    doubts
}

fn doubt(value: Value<'_>, message: String) -> Diagnostic {
    let (start, _) = value.key_span().unwrap_or_else(|| value.span());
    Diagnostic::at(value.document().source(), start, message, false)
}

fn setting(key: &str, value: Value<'_>, settings: &mut Settings, doubts: &mut Vec<Diagnostic>) -> Result<(), String> {
    match key {
        "kubernetes_version" => {
            // An unquoted `1.30` is a number in YAML; its literal still says what was meant.
            let text = value.str().or_else(|| value.number()).ok_or("write the version as `v1.36`")?;
            settings.kubernetes_version = Some(text.parse()?);
        }
        "allowed_registries" => settings.allowed_registries = texts(key, value)?,
        "namespaces" => settings.namespaces = texts(key, value)?,
        "annotation_waivers" => settings.annotation_waivers = value.bool().ok_or("write `true` or `false`")?,
        "waivers" if value.kind() != Kind::Array => {
            return Err(format!("`waivers` is a {}, so no waiver counts; write a list of waivers", value.kind()));
        }
        "waivers" => {
            for entry in value.items() {
                match waiver(entry) {
                    Ok(waiver) => settings.waivers.push(waiver),
                    Err(message) => doubts.push(doubt(entry, format!("this waiver does not count: {message}"))),
                }
            }
        }
        _ => {
            return Err(format!(
                "unknown setting `{key}`: known are kubernetes_version, allowed_registries, namespaces, annotation_waivers and waivers"
            ));
        }
    }
    Ok(())
}

fn texts(key: &str, value: Value<'_>) -> Result<Vec<String>, String> {
    if value.kind() != Kind::Array {
        return Err(format!("`{key}` is a {}; write a list of texts", value.kind()));
    }
    value
        .items()
        .map(|item| item.str().map(str::to_owned).ok_or_else(|| format!("`{key}` holds a {}", item.kind())))
        .collect()
}

fn waiver(entry: Value<'_>) -> Result<Waiver, String> {
    const KNOWN: [&str; 8] = ["rule", "kind", "namespace", "name", "key", "reason", "owner", "expires"];
    if let Some((unknown, _)) = entry.entries().find(|(key, _)| !KNOWN.contains(key)) {
        return Err(format!("unknown field `{unknown}`; known are {}", KNOWN.join(", ")));
    }
    let optional = |key: &str| entry.text_at(&[key]).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let required = |key: &str| {
        optional(key).ok_or_else(|| format!("`{key}` is missing; every waiver needs rule, reason, owner and expires"))
    };
    let expires = required("expires")?;
    Ok(Waiver {
        rule: required("rule")?,
        subject: SubjectSelector {
            kind: optional("kind"),
            namespace: optional("namespace"),
            name: optional("name"),
            key: optional("key"),
        },
        reason: required("reason")?,
        owner: required("owner")?,
        expires: expires.parse().map_err(|_| format!("`{expires}` is not a day; write it as `2027-03-31`"))?,
        origin: entry.location().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> (Settings, Vec<Diagnostic>) {
        let mut settings = Settings::new(jiff::Timestamp::UNIX_EPOCH);
        let doubts = read(".rampart.yaml", text, &mut settings);
        (settings, doubts)
    }

    #[test]
    fn settings_and_waivers_are_read() {
        let (settings, doubts) = settings(
            "kubernetes_version: 1.30\nallowed_registries: [a.example]\nwaivers:\n- {rule: rbac/*, reason: r, owner: o, expires: 2027-01-31}\n",
        );
        assert_eq!(doubts, Vec::new());
        assert_eq!(settings.kubernetes_version.unwrap().to_string(), "v1.30");
        assert_eq!(settings.waivers[0].expires.to_string(), "2027-01-31");
        assert_eq!(settings.waivers[0].origin, ".rampart.yaml:4:3");
    }

    #[test]
    fn waivers_that_are_no_list_are_named() {
        let (_, doubts) = settings("waivers: 3\n");
        assert_eq!(doubts.iter().map(|doubt| (doubt.line, doubt.column)).collect::<Vec<_>>(), [(1, 1)]);
        assert!(doubts[0].message.contains("no waiver counts"), "{}", doubts[0].message);
    }

    #[test]
    fn a_waiver_without_owner_does_not_count_and_says_so_with_its_place() {
        let (settings, doubts) = settings("waivers:\n- {rule: x/y, reason: r, expires: 2027-01-31}\nwrong: 1\n");
        assert_eq!(settings.waivers.len(), 0);
        assert_eq!((doubts[0].line, doubts[1].line), (2, 3));
        assert!(
            doubts[0].message.contains("`owner` is missing") && doubts[1].message.contains("unknown setting `wrong`")
        );
    }
}
