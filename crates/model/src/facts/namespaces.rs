//! Namespaces and their labels.

use super::Origin;
use crate::name::{Name, Names};
use crate::object::Object;

#[derive(Debug, Default, Clone)]
pub struct NamespaceFacts {
    pub namespaces: Vec<Namespace>,
}

#[derive(Debug, Clone)]
pub struct Namespace {
    pub origin: Origin,
    pub labels: Vec<(Name, Name)>,
}

impl Namespace {
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.iter().find(|(name, _)| &**name == key).map(|(_, value)| &**value)
    }
}

impl NamespaceFacts {
    pub(super) fn fold(&mut self, object: &Object<'_>, names: &mut Names) {
        if !object.is("", "Namespace") {
            return;
        }
        let labels = object.labels().map(|(key, value)| (names.intern(key), names.intern(value))).collect();
        self.namespaces.push(Namespace { origin: Origin::of(object, names), labels });
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.namespaces.extend(other.namespaces);
    }

    pub(super) fn sort(&mut self) {
        self.namespaces.sort_by(|a, b| a.origin.subject.cmp(&b.origin.subject));
    }
}
