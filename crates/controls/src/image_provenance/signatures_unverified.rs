//! What only the images and their registry can tell.

use rampart_model::{Check, Control, Mapping, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/signatures-unverified",
    control: Control::ImageProvenance,
    severity: Severity::Info,
    title: "Image signatures were not verified",
    why: "Manifests name images; whether the right party signed them shows only in the registry.",
    fix: "Run the command that the gap names on the images of this cluster.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.5.1")],
    check: Check::Elsewhere { command: "rampart image verify REF" },
};
