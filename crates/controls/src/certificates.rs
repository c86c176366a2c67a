//! Rules of the control `certificates`.

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[];
