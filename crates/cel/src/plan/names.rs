//! What names mean: variables of the environment, names that macros bind, types.

use rampart_model::kubernetes_version::KubernetesVersion;

use super::Node;
use crate::host::{Form, HostFunction, StructType};
use crate::value::Val;

/// The variables that an expression may name, and the namespace that it stands in.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Names, perhaps dotted; their position is their slot.
    pub variables: Vec<String>,
    /// A dotted namespace: `x` may stand for `container.x`.
    pub container: String,
    /// Whether an unknown name is an error only when it is reached, as in an expression that nobody checked.
    pub unchecked: bool,
    /// The release whose API server reads the expression: what later ones brought is not declared.
    pub kubernetes: KubernetesVersion,
    /// Functions that the embedder answers for.
    pub functions: Vec<HostFunction>,
    /// Types that struct literals may name.
    pub structs: Vec<StructType>,
    /// Whether `x.orValue(y)` is `x` where that is no optional, as Kyverno has it.
    pub is_lenient: bool,
    /// Whether there are the mathematical, base64 and `regex.` functions, which the API server does not have.
    pub has_extensions: bool,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            variables: Vec::new(),
            container: String::new(),
            unchecked: false,
            kubernetes: KubernetesVersion::LATEST,
            functions: Vec::new(),
            structs: Vec::new(),
            is_lenient: false,
            has_extensions: true,
        }
    }
}

impl Environment {
    /// Variables in the order of their slots, for the latest release.
    pub fn new<N: Into<String>>(variables: impl IntoIterator<Item = N>) -> Self {
        Self { variables: variables.into_iter().map(Into::into).collect(), ..Self::default() }
    }
}

const TYPES: [&str; 14] = [
    "bool",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "list",
    "map",
    "null_type",
    "type",
    "optional_type",
    "google.protobuf.Duration",
    "google.protobuf.Timestamp",
    "net.IP",
];

pub(super) struct Scope<'e> {
    environment: &'e Environment,
    local: Vec<String>,
}

impl<'e> Scope<'e> {
    pub(super) fn new(environment: &'e Environment) -> Self {
        Self { environment, local: Vec::new() }
    }

    pub(super) fn is_unchecked(&self) -> bool {
        self.environment.unchecked
    }

    /// Whether the environment's release has what `minor` brought.
    pub(super) fn has(&self, minor: u32) -> bool {
        minor == 0 || self.environment.kubernetes >= KubernetesVersion::minor(minor)
    }

    /// Whether a built-in function belongs to the environment.
    pub(super) fn knows(&self, name: &str) -> bool {
        let is_extension = ["math.", "base64.", "regex."].iter().any(|library| name.starts_with(library));
        (self.environment.has_extensions || !is_extension) && self.has(crate::functions::introduced(name))
    }

    pub(super) fn is_lenient(&self) -> bool {
        self.environment.is_lenient
    }

    /// The embedder's function of a name and a number of arguments.
    pub(super) fn hosted(&self, name: &str, form: Form, arguments: usize) -> Option<HostFunction> {
        let fits = |function: &&HostFunction| {
            function.name == name
                && function.form == form
                && function.arguments.is_none_or(|wanted| wanted == arguments)
        };
        self.environment.functions.iter().find(fits).copied()
    }

    /// The type that a struct literal names, with the name in full.
    pub(super) fn structure(&self, name: &str) -> Option<(String, StructType)> {
        self.candidates(name).into_iter().find_map(|name| {
            let found = self.environment.structs.iter().find(|structure| structure.is_named(&name))?;
            Some((name, *found))
        })
    }

    pub(super) fn push(&mut self, name: &str) {
        self.local.push(name.to_owned());
    }

    pub(super) fn pop(&mut self) {
        self.local.pop();
    }

    /// What a dotted path stands for, if it is a name as a whole.
    pub(super) fn resolve(&self, path: &str) -> Option<Node> {
        let globals = self.environment.variables.len();
        if let Some(position) = self.local.iter().rposition(|name| name == path) {
            return Some(Node::Slot(globals + position));
        }
        // A field of a local name is not looked up among the globals: `x.y` is field `y` of the bound `x`.
        let head = path.split('.').next().unwrap_or_default();
        if path.contains('.') && self.local.iter().any(|name| name == head) {
            return None;
        }
        self.candidates(path).into_iter().find_map(|candidate| {
            if let Some(slot) = self.environment.variables.iter().position(|name| *name == candidate) {
                return Some(Node::Slot(slot));
            }
            let name = TYPES.iter().chain(["net.CIDR"].iter()).find(|name| **name == candidate)?;
            Some(Node::Constant(Val::Type(name)))
        })
    }

    /// The names that `path` may stand for, the one deepest in the container first.
    pub(super) fn candidates(&self, path: &str) -> Vec<String> {
        if let Some(absolute) = path.strip_prefix('.') {
            return vec![absolute.to_owned()];
        }
        let mut found = Vec::new();
        let mut container = self.environment.container.as_str();
        while !container.is_empty() {
            found.push(format!("{container}.{path}"));
            container = container.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        found.push(path.to_owned());
        found
    }
}
