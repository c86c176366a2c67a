//! What a policy says to a review. No answer of a rule means that it did not apply, which is not the same as a pass.

use serde_json::Value as Tree;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Pass,
    Fail,
    /// A precondition, an anchor or an exception took the object out.
    Skip,
    /// Fails, in a policy that says it is not scored.
    Warn,
    /// The rule could not be evaluated; the message says why.
    Error,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Skip => "skip",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Pass, Self::Fail, Self::Skip, Self::Warn, Self::Error].into_iter().find(|status| status.name() == name)
    }
}

/// What a rule does, which tells how its answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    Validate,
    Mutate,
    Generate,
    VerifyImages,
    Delete,
}

/// The answer of one rule to one review.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The policy's name, `namespace/name` for a namespaced one.
    pub policy: String,
    /// The rule that answered; empty where a policy is its own only rule.
    pub rule: String,
    pub action: Action,
    pub status: Status,
    pub message: String,
    /// Where in the object, as a dotted path, when that is known.
    pub path: Option<String>,
    /// The object after a mutation.
    pub patched: Option<Tree>,
    /// Objects that a rule makes, or that a rule on existing ones changes.
    pub generated: Vec<Tree>,
}

impl Answer {
    pub fn new(policy: &str, rule: &str, action: Action, status: Status, message: impl Into<String>) -> Self {
        Self {
            policy: policy.to_owned(),
            rule: rule.to_owned(),
            action,
            status,
            message: message.into(),
            path: None,
            patched: None,
            generated: Vec::new(),
        }
    }
}
