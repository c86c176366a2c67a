//! The parts of a script.

/// One part of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Not quoted: may hold wildcards.
    Plain(String),
    Quoted(String),
    Variable {
        name: String,
        default: Option<Word>,
        quoted: bool,
    },
    Command {
        script: List,
        quoted: bool,
    },
    Arithmetic {
        text: String,
    },
}

pub(super) type Word = Vec<Part>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Redirect {
    ErrorsToNothing,
    ErrorsToOutput,
    OutputToNothing,
    OutputToErrors,
    InputFrom(Word),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) kind: Kind,
    pub(super) redirects: Vec<Redirect>,
    /// From 1.
    pub(super) line: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Simple { assignments: Vec<(String, Word)>, words: Vec<Word> },
    If { arms: Vec<(List, List)>, otherwise: Option<List> },
    For { name: String, words: Vec<Word>, body: List },
    While { condition: List, body: List },
    Group(List),
    Subshell(List),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pipeline {
    pub(super) negated: bool,
    pub(super) commands: Vec<Command>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connector {
    Always,
    And,
    Or,
}

/// Pipelines, each with what stands before it.
pub(super) type List = Vec<(Connector, Pipeline)>;
