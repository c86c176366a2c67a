//! What names mean to the checker: variables, names that macros bind, types and functions.

use std::sync::Arc;

use super::library::LIBRARY;
use super::signatures::Signature;
use super::types::Type;
use super::walk::Checker;
use crate::functions::introduced;
use rampart_model::kubernetes_version::KubernetesVersion;

/// Names of types that are written otherwise in messages.
const LONG_NAMES: [(&str, Type); 4] = [
    ("google.protobuf.Duration", Type::Duration),
    ("google.protobuf.Timestamp", Type::Timestamp),
    ("null_type", Type::Null),
    ("type", Type::Dyn),
];

/// Types that an expression may name.
const NAMED: [&str; 11] = [
    "bool",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "net.IP",
    "net.CIDR",
    "kubernetes.URL",
    "kubernetes.Quantity",
    "kubernetes.Semver",
];

impl<'d> Checker<'d> {
    /// The type of a dotted path, if it is a name as a whole.
    pub(super) fn resolve(&self, path: &str) -> Option<Type> {
        if let Some((_, of)) = self.local.iter().rev().find(|(name, _)| name == path) {
            return Some(of.clone());
        }
        let head = path.split('.').next().unwrap_or_default();
        if path.contains('.') && self.local.iter().any(|(name, _)| name == head) {
            return None;
        }
        self.candidates(path).into_iter().find_map(|candidate| {
            let variable = self.declarations.variables.iter().find(|(name, _)| *name == candidate);
            variable.map(|(_, of)| of.clone()).or_else(|| type_name(&candidate))
        })
    }

    /// The names that `path` may stand for, the one deepest in the container first.
    pub(super) fn candidates(&self, path: &str) -> Vec<String> {
        if let Some(absolute) = path.strip_prefix('.') {
            return vec![absolute.to_owned()];
        }
        let mut found = Vec::new();
        let mut container = self.declarations.container.as_str();
        while !container.is_empty() {
            found.push(format!("{container}.{path}"));
            container = container.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        found.push(path.to_owned());
        found
    }

    /// The name and the signatures of a function, if there is one that the release has.
    pub(super) fn function(&self, name: &str) -> Option<(String, Vec<&'d Signature>)> {
        self.candidates(name).into_iter().find_map(|name| {
            let minor = introduced(&name);
            let is_extension = ["math.", "base64.", "regex."].iter().any(|library| name.starts_with(library));
            let is_there = (self.declarations.has_extensions || !is_extension)
                && (minor == 0 || self.declarations.kubernetes >= KubernetesVersion::minor(minor));
            let library = LIBRARY.get(&name).filter(|_| is_there);
            let declared = self.declarations.functions.get(&name);
            let found: Vec<&'d Signature> = library.into_iter().chain(declared).flatten().collect();
            if found.is_empty() { None } else { Some((name, found)) }
        })
    }

    /// The type that a struct literal makes; none where nothing of that name is declared.
    pub(super) fn structure(&self, name: &str) -> Option<Type> {
        self.candidates(name).into_iter().find_map(|candidate| {
            let declared = self.declarations.structs.iter().find(|(name, _)| *name == candidate);
            let is_open = self.declarations.open_structs.iter().any(|open| {
                candidate.strip_prefix(open.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            match declared {
                Some((_, of)) => Some(of.clone()),
                None if is_open => Some(Type::opaque(&candidate)),
                None => None,
            }
        })
    }
}

/// The type of the name of a type.
fn type_name(name: &str) -> Option<Type> {
    let of = match name {
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        "optional_type" => Type::optional(Type::Dyn),
        name => match LONG_NAMES.iter().find(|(long, _)| *long == name) {
            Some((_, of)) => of.clone(),
            None => NAMED.contains(&name).then(|| super::named(name))??,
        },
    };
    Some(Type::Type(Arc::new(of)))
}
