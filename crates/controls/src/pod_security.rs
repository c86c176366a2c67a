//! Pod security: the Pod Security Standards, and what namespaces ask of them.

mod privileged;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[&privileged::RULE];
