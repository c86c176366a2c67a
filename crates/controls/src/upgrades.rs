//! Rules of the control `upgrades`.

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[];
