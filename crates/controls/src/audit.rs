//! Rules of the control `audit`.

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[];
