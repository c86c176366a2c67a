//! Rules of the control `identity`.

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[];
