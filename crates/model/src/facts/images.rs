//! Which images run, by repository, and which policies of the cluster verify signatures.

use std::collections::BTreeMap;

use super::Origin;
use crate::document::Value;
use crate::image::ImageReference;
use crate::name::{Name, Names};
use crate::object::Object;
use crate::workload::Pod;

#[derive(Debug, Default, Clone)]
pub struct ImageFacts {
    /// By repository, then by tag and digest.
    pub repositories: BTreeMap<Name, BTreeMap<Name, Use>>,
    /// Objects that have images verified when pods are admitted.
    pub verifiers: Vec<Verifier>,
}

/// One version of an image in use.
#[derive(Debug, Clone)]
pub struct Use {
    pub containers: u64,
    /// The first workload, by name, that runs it.
    pub first: Origin,
}

#[derive(Debug, Clone)]
pub struct Verifier {
    pub origin: Origin,
    /// False where what fails verification is only written down.
    pub enforces: bool,
}

impl ImageFacts {
    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        if let Some(enforces) = verifies(object) {
            self.verifiers.push(Verifier { origin: Origin::of(object, names), enforces });
            return;
        }
        if Pod::is_made_by_scanned_controller(*object) {
            return;
        }
        for pod in Pod::all(*object) {
            for image in pod.containers().filter_map(|container| container.image()) {
                self.fold_image(object, image, names);
            }
        }
    }

    fn fold_image(&mut self, object: &Object<'_>, image: &str, names: &mut Names) {
        let Ok(reference) = ImageReference::parse(image) else { return };
        let version = match (reference.pulled_tag(), reference.digest) {
            (Some(tag), Some(digest)) => names.intern(&format!("{tag}@{digest}")),
            (Some(version), None) | (None, Some(version)) => names.intern(version),
            (None, None) => return,
        };
        let repository = names.intern(&reference.repository());
        let versions = self.repositories.entry(repository).or_default();
        match versions.get_mut(&version) {
            Some(known) => {
                known.containers += 1;
                // Places are costly to make and seldom needed: only where this workload comes first.
                let subject = super::subject(object, names);
                if subject < known.first.subject {
                    known.first = Origin::of(object, names);
                }
            }
            None => {
                versions.insert(version, Use { containers: 1, first: Origin::of(object, names) });
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (repository, versions) in other.repositories {
            let mine = self.repositories.entry(repository).or_default();
            for (version, theirs) in versions {
                match mine.get_mut(&version) {
                    Some(known) => {
                        known.containers += theirs.containers;
                        if theirs.first < known.first {
                            known.first = theirs.first;
                        }
                    }
                    None => {
                        mine.insert(version, theirs);
                    }
                }
            }
        }
        self.verifiers.extend(other.verifiers);
    }

    pub(super) fn sort(&mut self) {
        self.verifiers.sort_by(|a, b| a.origin.cmp(&b.origin));
    }
}

/// Words in the names of webhooks that verify images.
const WEBHOOKS: &[&str] = &["connaisseur", "policy.sigstore.dev", "cosigned", "portieris", "ratify", "notation"];

/// Whether the object has images verified, and if so whether it turns away what fails.
fn verifies(object: &Object<'_>) -> Option<bool> {
    let value = object.value();
    match (object.group(), object.kind()) {
        ("policy.sigstore.dev", "ClusterImagePolicy") => Some(value.text_at(&["spec", "mode"]) != Some("warn")),
        ("portieris.cloud.ibm.com" | "securityenforcement.admission.cloud.ibm.com", _) => Some(true),
        ("policies.kyverno.io", "ImageValidatingPolicy" | "NamespacedImageValidatingPolicy") => {
            let mut actions = value.dig(&["spec", "validationActions"]).into_iter().flat_map(Value::items).peekable();
            Some(actions.peek().is_none() || actions.any(|action| action.str() == Some("Deny")))
        }
        ("kyverno.io", "ClusterPolicy" | "Policy") => {
            let rules = || value.dig(&["spec", "rules"]).into_iter().flat_map(Value::items);
            let checks = || rules().filter_map(|rule| rule.field("verifyImages")).flat_map(Value::items);
            checks().next()?;
            let of_policy = value.text_at(&["spec", "validationFailureAction"]).unwrap_or("Audit");
            Some(
                checks().any(|check| {
                    check.text_at(&["failureAction"]).unwrap_or(of_policy).eq_ignore_ascii_case("enforce")
                }),
            )
        }
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration") => {
            let mut webhooks = value.field("webhooks").into_iter().flat_map(Value::items);
            let is_known = |name: &str| WEBHOOKS.iter().any(|word| name.contains(word));
            let by_name = is_known(object.name());
            let found = webhooks.find(|webhook| by_name || webhook.text_at(&["name"]).is_some_and(is_known))?;
            Some(found.text_at(&["failurePolicy"]) != Some("Ignore"))
        }
        _ => None,
    }
}
