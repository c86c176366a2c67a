//! Rules of the control `secrets`.

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[];
