//! Images that nodes must already have.

use rampart_model::{Check, Control, Mapping, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/never-pulled",
    control: Control::ImageProvenance,
    severity: Severity::Low,
    title: "Image is taken from the node, unasked",
    why: "With `imagePullPolicy: Never` the container runs whatever lies on the node under that name: no registry is asked, \
          no credentials are checked, and whoever can load images on a node chooses the code.",
    fix: "Pull from a registry (`IfNotPresent` or `Always`), or pin the digest so that only those bytes run.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.5.1"), Mapping(Standard::MitreAttack, "T1525")],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    for (container, image) in super::images(pod).filter(|(_, image)| image.digest.is_none()) {
        let Some(policy) = container.value.field("imagePullPolicy").filter(|policy| policy.str() == Some("Never"))
        else {
            continue;
        };
        let name = container.name();
        let message = format!("container `{name}` runs what the node has as `{image}`");
        report.finding(&pod.object.subject(), policy, name, message);
    }
}
