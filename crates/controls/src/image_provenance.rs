//! Rules of the control `image_provenance`.

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[];
