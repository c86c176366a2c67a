//! Images from Docker Hub, where everybody may publish.

use rampart_model::image::DOCKER_HUB;
use rampart_model::{Check, Control, Mapping, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/docker-hub",
    control: Control::ImageProvenance,
    severity: Severity::Low,
    title: "Image straight from Docker Hub",
    why: "Everybody may publish there, names come and go with their owners, and anonymous pulls are rate-limited: a node that \
          has to pull in an outage may not be allowed to.",
    fix: "Mirror the image into a registry of your own, scan and sign it there, and list that registry in \
          `allowed_registries`.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.5.1"), Mapping(Standard::MitreAttack, "T1195.002")],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    // Whoever lists registries has decided about this one too.
    if !report.settings().allowed_registries.is_empty() {
        return report.not_concerned();
    }
    for (container, image) in super::images(pod).filter(|(_, image)| image.registry == DOCKER_HUB) {
        let Some(place) = container.value.field("image") else { continue };
        let name = container.name();
        let is_official = image.path().next() == Some("library");
        let (whose, severity) = match is_official {
            true => ("an official image", Severity::Info),
            false => ("an image that anyone may have published", Severity::Low),
        };
        let message = format!("container `{name}` pulls `{}` from Docker Hub, {whose}", image.repository());
        report.finding(&pod.object.subject(), place, name, message).severity(severity);
    }
}
