//! What is remembered for the control `secrets`.

use crate::name::Names;
use crate::object::Object;

#[derive(Debug, Default, Clone)]
pub struct SecretFacts {}

impl SecretFacts {
    pub(super) fn fold(&mut self, _object: &Object<'_>, _names: &mut Names) {}

    pub(super) fn merge(&mut self, _other: Self) {}

    pub(super) fn sort(&mut self) {}
}
