//! Credentials in the values of Helm releases that a controller installs: Flux, Argo CD, k3s.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Evidence, Mapping, Object, Reporter, Rule, Severity, Standard, Value, secret};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/credential-in-values",
    control: Control::Secrets,
    severity: Severity::High,
    title: "Credential in Helm values",
    why: "The object that asks for the release keeps its values in clear text in Git and in etcd, and everyone who may read \
          that custom resource reads them.",
    fix: "Let the release take the value from a Secret (`valuesFrom`, `existingSecret` or the like); then replace the \
          credential.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.4.2"), Mapping(Standard::MitreAttack, "T1552.001")],
    check: Check::Object {
        kinds: Kinds::Of(&[
            "helm.toolkit.fluxcd.io/HelmRelease",
            "helm.fluxcd.io/HelmRelease",
            "helm.cattle.io/HelmChart",
            "helm.cattle.io/HelmChartConfig",
            "argoproj.io/Application",
            "argoproj.io/ApplicationSet",
        ]),
        run,
    },
};

fn run(release: &Object<'_>, report: &mut Reporter<'_>) {
    if let Some(spec) = release.value().field("spec") {
        walk(release, spec, &mut String::new(), report);
    }
}

fn walk(release: &Object<'_>, value: Value<'_>, path: &mut String, report: &mut Reporter<'_>) {
    let length = path.len();
    for (key, child) in value.entries() {
        let parent = path.len();
        path.push_str(if parent == 0 { "" } else { "." });
        path.push_str(key);
        match child.str() {
            // `{name: db.password, value: ..}` is how Argo CD writes parameters.
            Some(text) => judge(release, child, name_of(value, key), text, path, report),
            None => walk(release, child, path, report),
        }
        path.truncate(parent);
    }
    for item in value.items() {
        walk(release, item, path, report);
    }
    path.truncate(length);
}

fn name_of<'d>(parent: Value<'d>, key: &'d str) -> &'d str {
    if key == "value" { parent.text_at(&["name"]).unwrap_or(key) } else { key }
}

fn judge(release: &Object<'_>, value: Value<'_>, name: &str, text: &str, path: &str, report: &mut Reporter<'_>) {
    let sightings = secret::find(text);
    if sightings.is_empty() {
        if let Some(sighting) = secret::judge(name, text) {
            let shown = if path.ends_with(name) { path } else { name };
            let message = format!("`{shown}` holds a credential ({})", sighting.looks_like);
            report.finding(&release.subject(), Evidence::secret(value), shown, message);
        }
        return;
    }
    for sighting in sightings {
        let start = sighting.key.as_ref().map_or(sighting.range.start, |key| key.start);
        let setting = sighting.key.clone().and_then(|key| text.get(key)).unwrap_or(sighting.looks_like);
        let message = format!("`{path}` holds a credential ({}): {setting}", sighting.looks_like);
        let key = format!("{path}/{setting}");
        report.finding(&release.subject(), Evidence::secret_within(value, start), key, message);
    }
}
