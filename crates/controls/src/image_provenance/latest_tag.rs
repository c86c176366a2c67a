//! Images with the tag `latest`, by name or for want of another.

use rampart_model::{Check, Control, Mapping, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/latest-tag",
    control: Control::ImageProvenance,
    severity: Severity::Medium,
    title: "Image without a fixed version",
    why: "`latest` is whatever was pushed last: two pods of one workload may run different code, a rollback brings nothing \
          back, and whoever can push to the registry changes what runs at the next restart.",
    fix: "Name the version, and best its digest too: `image:1.2.3@sha256:..`.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.5.1"), Mapping(Standard::MitreAttack, "T1525")],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    for (container, image) in super::images(pod).filter(|(_, image)| image.is_latest()) {
        let Some(place) = container.value.field("image") else { continue };
        let name = container.name();
        let how = if image.tag.is_some() { "the tag `latest`" } else { "no tag, which means `latest`" };
        let message = format!("container `{name}` runs `{}` with {how}", image.repository());
        report.finding(&pod.object.subject(), place, name, message);
    }
}
