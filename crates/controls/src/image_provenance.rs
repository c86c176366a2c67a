//! Image provenance: whether what runs is what was built, and comes from where it should.

mod docker_hub;
mod floating_tag;
mod invalid_reference;
mod latest_tag;
mod mixed_versions;
mod never_pulled;
mod no_digest;
mod registry_not_allowed;
mod signatures_not_enforced;
mod signatures_unverified;

use rampart_model::{Container, ImageReference, Pod, Rule};

pub(crate) const RULES: &[&Rule] = &[
    &docker_hub::RULE,
    &floating_tag::RULE,
    &invalid_reference::RULE,
    &latest_tag::RULE,
    &mixed_versions::RULE,
    &never_pulled::RULE,
    &no_digest::RULE,
    &registry_not_allowed::RULE,
    &signatures_not_enforced::RULE,
    &signatures_unverified::RULE,
];

/// The containers of a pod with the image that each names; what is no reference has a rule of its own.
fn images<'d>(pod: &Pod<'d>) -> impl Iterator<Item = (Container<'d>, ImageReference<'d>)> + use<'d> {
    pod.containers().filter_map(|container| {
        let image = container.image().filter(|image| !image.is_empty())?;
        Some((container, ImageReference::parse(image).ok()?))
    })
}

/// The policy that the API server sets where a container has none.
fn pull_policy<'d>(container: &Container<'d>, image: &ImageReference<'_>) -> &'d str {
    let default = if image.is_latest() { "Always" } else { "IfNotPresent" };
    container.value.text_at(&["imagePullPolicy"]).filter(|policy| !policy.is_empty()).unwrap_or(default)
}
