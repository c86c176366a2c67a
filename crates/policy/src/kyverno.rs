//! Kyverno's classic policies: the parts that are there. So far patterns with their anchors and operators, conditions, and
//! variables; nothing here reads a policy yet.

pub mod conditions;
pub mod pattern;
pub mod variables;
