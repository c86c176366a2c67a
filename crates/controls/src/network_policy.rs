//! Rules of the control `network_policy`.

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[];
