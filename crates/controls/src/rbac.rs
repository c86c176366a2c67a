//! Role-based access control: roles and bindings that give more than anyone needs.

mod wildcard_verb;

use rampart_model::Rule;

pub(crate) const RULES: &[&Rule] = &[&wildcard_verb::RULE];
