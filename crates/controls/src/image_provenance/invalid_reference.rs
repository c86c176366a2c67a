//! Images that no container engine can pull.

use rampart_model::{Check, Control, ImageReference, Mapping, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/invalid-reference",
    control: Control::ImageProvenance,
    severity: Severity::Low,
    title: "Image reference is not valid",
    why: "The pod will stay in `InvalidImageName`; and a name that tools read differently slips past lists of allowed \
          registries.",
    fix: "Write `registry/path:tag@digest`, in lower case and without a scheme.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.5.1")],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    for container in pod.containers() {
        // An absent image is filled in by a controller, or refused by the API server.
        let Some(place) = container.value.field("image") else { continue };
        let Some(image) = place.str().filter(|image| !image.is_empty()) else { continue };
        if let Err(why) = ImageReference::parse(image) {
            let name = container.name();
            report.finding(&pod.object.subject(), place, name, format!("container `{name}` names no image: {why}"));
        }
    }
}
