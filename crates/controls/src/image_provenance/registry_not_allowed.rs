//! Images from registries that are not on the list.

mod allowed;

use rampart_model::{Check, Control, Mapping, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/registry-not-allowed",
    control: Control::ImageProvenance,
    severity: Severity::High,
    title: "Image from a registry that is not allowed",
    why: "What was never mirrored was never scanned, signed or reviewed; its publisher, or whoever takes over the name, \
          decides what runs here.",
    fix: "Mirror the image into an allowed registry, or add its registry to `allowed_registries` after review.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.5.1"), Mapping(Standard::MitreAttack, "T1195.002")],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    let list = &report.settings().allowed_registries;
    if list.is_empty() {
        report.not_concerned();
        return report.gap(
            "no list of allowed registries is configured",
            "add `allowed_registries: [registry.example.com, \"mirror.example.com/*\"]` to `.rampart.yaml`",
        );
    }
    for (container, image) in super::images(pod).filter(|(_, image)| !allowed::is_allowed(list, image)) {
        let Some(place) = container.value.field("image") else { continue };
        let name = container.name();
        let message =
            format!("container `{name}` pulls `{}`, which is not from an allowed registry", image.repository());
        report.finding(&pod.object.subject(), place, name, message);
    }
}
