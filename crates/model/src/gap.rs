//! What could not be seen. A gap makes a verdict unknown; it never becomes a pass.

use crate::control::Control;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    pub control: Control,
    /// The rule that could not answer; empty where the whole control could not.
    pub rule: &'static str,
    /// What could not be seen and why, such as ``listing `secrets` is forbidden``.
    pub reason: String,
    /// What to do or to run to close it.
    pub remedy: String,
}
