//! Credentials in ConfigMaps: as an entry, or inside a file that an entry holds.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Evidence, Mapping, Object, Reporter, Rule, Severity, Standard, Value, secret};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/credential-in-config-map",
    control: Control::Secrets,
    severity: Severity::High,
    title: "Credential in a ConfigMap",
    why: "ConfigMaps are not encrypted at rest, are readable with the plain `view` role, and end up in logs and support \
          bundles, because everyone takes them for harmless.",
    fix: "Move the credential to a Secret or a vault and leave a reference or a variable in the file; then replace the \
          credential.",
    maps_to: &[
        Mapping(Standard::CisKubernetes, "5.4.2"),
        Mapping(Standard::MitreAttack, "T1552.001"),
        Mapping(Standard::MitreAttack, "T1552.007"),
    ],
    check: Check::Object { kinds: Kinds::Of(&["/ConfigMap"]), run },
};

/// One file full of credentials is one problem: more than so many lines of it tell nothing new.
const SHOWN: usize = 20;

fn run(map: &Object<'_>, report: &mut Reporter<'_>) {
    for (key, value) in map.value().field("data").into_iter().flat_map(Value::entries) {
        let Some(text) = value.str() else { continue };
        let sightings = secret::find(text);
        if sightings.is_empty() {
            if let Some(sighting) = secret::judge(key, text) {
                let message = format!("`{key}` holds a credential ({})", sighting.looks_like);
                report.finding(&map.subject(), Evidence::secret(value), key, message);
            }
            continue;
        }
        let is_file = text.trim_end().contains('\n');
        for sighting in sightings.into_iter().take(SHOWN) {
            let start = sighting.key.as_ref().map_or(sighting.range.start, |key| key.start);
            let number = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
            let setting = sighting.key.clone().and_then(|key| text.get(key));
            let place = match (is_file, setting) {
                (true, Some(setting)) => format!("`{key}` line {number}, `{setting}`,"),
                (true, None) => format!("`{key}` line {number}"),
                (false, Some(setting)) => format!("`{setting}` in `{key}`"),
                (false, None) => format!("`{key}`"),
            };
            report.finding(
                &map.subject(),
                Evidence::secret_within(value, start),
                format!("{key}/{}", setting.unwrap_or(sighting.looks_like)),
                format!("{place} holds a credential ({})", sighting.looks_like),
            );
        }
    }
}
