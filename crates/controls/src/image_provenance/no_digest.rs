//! Images named by a version but not by what is in them.

use rampart_model::{Check, Control, Mapping, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/no-digest",
    control: Control::ImageProvenance,
    severity: Severity::Low,
    title: "Image not pinned by digest",
    why: "A tag can be pushed again with other content, by mistake or by an intruder of the registry; only a digest says \
          which bytes were reviewed, scanned and signed.",
    fix: "Append the digest to the tag, `image:1.2.3@sha256:..`; a bot that updates dependencies keeps both current.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.5.1"), Mapping(Standard::MitreAttack, "T1525")],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    // `latest` lacks even a version, which its own rule says.
    for (container, image) in super::images(pod).filter(|(_, image)| image.digest.is_none() && !image.is_latest()) {
        let Some(place) = container.value.field("image") else { continue };
        let name = container.name();
        let tag = image.tag.unwrap_or_default();
        let message = format!("container `{name}` runs `{}` by its tag `{tag}` alone", image.repository());
        report.finding(&pod.object.subject(), place, name, message);
    }
}
