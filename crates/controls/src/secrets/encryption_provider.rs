//! Configurations of encryption at rest that encrypt too little, or with too little.

use rampart_model::rule::{Check, Kinds};
use rampart_model::{Control, Mapping, Object, Place, Reporter, Rule, Severity, Standard, Value};

pub(crate) static RULE: Rule = Rule {
    id: "secrets/encryption-provider",
    control: Control::Secrets,
    severity: Severity::High,
    title: "Encryption at rest leaves Secrets in clear text or weakly encrypted",
    why: "The API server writes with the first provider: `identity` writes clear text, old modes give an attacker with access \
          to etcd ways to alter or guess contents, and a key in a file lies beside what it protects.",
    fix: "Name `secrets` and put a KMS v2 provider (or `secretbox`) first, keep `identity` last for old entries, then rewrite \
          all Secrets once.",
    maps_to: &[Mapping(Standard::CisKubernetes, "1.2.28"), Mapping(Standard::MitreAttack, "T1552.007")],
    check: Check::Object {
        kinds: Kinds::Of(&["apiserver.config.k8s.io/EncryptionConfiguration", "/EncryptionConfig"]),
        run,
    },
};

fn run(configuration: &Object<'_>, report: &mut Reporter<'_>) {
    let root = configuration.value();
    let subject = configuration.subject();
    // The first entry that takes a resource decides for it.
    let entries = root.field("resources").into_iter().flat_map(Value::items);
    let Some(entry) = entries.into_iter().find(|entry| takes_secrets(*entry)) else {
        let place = root.field("resources").map_or(Place::At(root), Place::At);
        report.finding(&subject, place, "resources", "no entry names `secrets`: they are written in clear text");
        return;
    };
    let providers: Vec<Value<'_>> = entry.field("providers").into_iter().flat_map(Value::items).collect();
    let Some((kind, first)) = providers.first().and_then(|provider| provider.entries().next()) else {
        report.finding(&subject, entry, "providers", "`secrets` have no provider");
        return;
    };
    match kind {
        "identity" => {
            report.finding(&subject, first, "identity", "`identity` comes first: Secrets are written in clear text");
        }
        "aescbc" => {
            let message = "`aescbc` comes first: it does not notice altered contents, and its key lies in this file";
            report.finding(&subject, first, "aescbc", message).severity(Severity::Medium);
        }
        "aesgcm" => {
            let message = "`aesgcm` comes first: it is safe only while its key is renewed every 200,000 writes";
            report.finding(&subject, first, "aesgcm", message).severity(Severity::Medium);
        }
        "secretbox" => {
            let message = "`secretbox` encrypts well, but its key lies in a file of the control-plane nodes";
            report.finding(&subject, first, "secretbox", message).severity(Severity::Info);
        }
        "kms" if first.text_at(&["apiVersion"]) != Some("v2") => {
            let place = first.field("apiVersion").map_or(Place::Missing(first, "apiVersion"), Place::At);
            let message = "the KMS provider speaks v1, which is deprecated and off by default since Kubernetes 1.29";
            report.finding(&subject, place, "kms v1", message).severity(Severity::Medium);
        }
        _ => {}
    }
}

fn takes_secrets(entry: Value<'_>) -> bool {
    let mut resources = entry.field("resources").into_iter().flat_map(Value::items);
    // `*.` is every resource of the core group, `*.*` every resource.
    resources.any(|resource| matches!(resource.str(), Some("secrets" | "secrets." | "*." | "*.*")))
}
