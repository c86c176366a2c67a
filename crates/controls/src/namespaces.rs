//! Rules of the control `namespaces`.

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[];
