//! Policies of all kinds, in the order in which one resource meets them: what mutates, then what validates the outcome.

use rampart_model::{Document, KubernetesVersion, Object};

use super::context::parsed;
use crate::admission::AdmissionPolicy;
use crate::kyverno::Policy;
use crate::kyverno::policy::Mock;
use crate::policies::{Exception, GeneratingPolicy, MutatingPolicy, ValidatingPolicy};
use crate::{Answer, Review, World};

pub(super) enum Engine {
    Classic(Box<Policy>),
    Validating(Box<ValidatingPolicy>),
    Mutating(Box<MutatingPolicy>),
    Generating(Box<GeneratingPolicy>),
    Admission(Box<AdmissionPolicy>),
}

impl Engine {
    /// The policies of documents, and what could not be read.
    pub(super) fn read(documents: &[Document], exceptions: &[Document]) -> (Vec<Self>, Vec<String>) {
        let exceptions: Vec<Exception> = exceptions.iter().flat_map(Object::all).filter_map(Exception::read).collect();
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        for object in documents.iter().flat_map(Object::all) {
            if let Some(policy) = Policy::read(object) {
                found.push(Self::Classic(Box::new(policy)));
                continue;
            }
            let read = ValidatingPolicy::read(object, &exceptions)
                .map(|read| read.map(|policy| Self::Validating(Box::new(policy))))
                .or_else(|| {
                    MutatingPolicy::read(object).map(|read| read.map(|policy| Self::Mutating(Box::new(policy))))
                })
                .or_else(|| {
                    GeneratingPolicy::read(object).map(|read| read.map(|policy| Self::Generating(Box::new(policy))))
                })
                .or_else(|| {
                    AdmissionPolicy::read(object, KubernetesVersion::LATEST)
                        .map(|read| read.map(|policy| Self::Admission(Box::new(policy))))
                });
            match read {
                Some(Ok(policy)) => found.push(policy),
                Some(Err(refusal)) => refused.push(format!("{} `{}`: {refusal}", object.kind(), object.name())),
                None => refused.push(format!("{} `{}` is no policy that is run here", object.kind(), object.name())),
            }
        }
        (found, refused)
    }
}

pub(super) fn judge(policies: &[Engine], review: &Review<'_>, world: &World<'_>, mock: Mock<'_>) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut after = None;
    for policy in policies {
        if let Engine::Classic(policy) = policy {
            let document: Option<Document> = after.as_ref().and_then(parsed);
            let object = document.as_ref().and_then(|document| Object::of(document.root()));
            let here = Review { object: object.or(review.object), ..review.clone() };
            let (told, changed) = policy.mutations(&here, world, mock);
            answers.extend(told);
            after = changed.or(after);
        }
    }
    let document: Option<Document> = after.as_ref().and_then(parsed);
    let object = document.as_ref().and_then(|document| Object::of(document.root()));
    let outcome = Review { object: object.or(review.object), ..review.clone() };
    for policy in policies {
        answers.extend(match policy {
            Engine::Classic(policy) => policy.validations(&outcome, world, mock),
            Engine::Validating(policy) => policy.judge(&outcome, world),
            Engine::Mutating(policy) => policy.judge(&outcome, world),
            Engine::Generating(policy) => policy.judge(&outcome, world),
            Engine::Admission(policy) => {
                policy.judge_unbound(&outcome, world).into_iter().map(|decision| decision.answer).collect()
            }
        });
    }
    answers
}
