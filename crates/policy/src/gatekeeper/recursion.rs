//! Functions that call themselves, at once or by way of others. OPA refuses them; the interpreter would run out of stack.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Kind, Token, dotted, tokens};

/// Namespaces of built-in functions: their last names are nobody's functions.
const BUILT_IN: [&str; 21] = [
    "regex",
    "glob",
    "json",
    "object",
    "array",
    "strings",
    "time",
    "base64",
    "base64url",
    "bits",
    "crypto",
    "graph",
    "hex",
    "io",
    "net",
    "numbers",
    "semver",
    "units",
    "urlquery",
    "uuid",
    "yaml",
];

/// A function: the module that defines it, and its name.
type Place = (usize, String);

/// The name of a function that comes back to itself, if there is one.
pub fn recursive(modules: &[String]) -> Option<String> {
    let mut calls: BTreeMap<Place, Vec<String>> = BTreeMap::new();
    for (module, source) in modules.iter().enumerate() {
        for (function, called) in functions(&tokens(source)) {
            calls.entry((module, function)).or_default().extend(called);
        }
    }
    let places: BTreeSet<Place> = calls.keys().cloned().collect();
    let edges: BTreeMap<&Place, Vec<Place>> =
        calls.iter().map(|(place, called)| (place, targets(place.0, called, &places))).collect();
    // What calls nobody that is left cannot be part of a circle; take such functions away until none is found.
    let mut left: BTreeSet<&Place> = places.iter().collect();
    loop {
        let before = left.len();
        let kept: BTreeSet<&Place> = left
            .iter()
            .copied()
            .filter(|place| edges.get(place).is_some_and(|targets| targets.iter().any(|target| left.contains(target))))
            .collect();
        left = kept;
        if left.len() == before {
            return left.first().map(|(_, name)| name.clone());
        }
    }
}

fn targets(module: usize, called: &[String], places: &BTreeSet<Place>) -> Vec<Place> {
    let mut found = Vec::new();
    for name in called {
        let last = name.rsplit('.').next().unwrap_or_default();
        let first = name.split('.').next().unwrap_or_default();
        let here = (module, last.to_owned());
        if first == last && places.contains(&here) {
            found.push(here);
        } else if !BUILT_IN.contains(&first) {
            found.extend(places.iter().filter(|(other, name)| *other != module && name == last).cloned());
        }
    }
    found
}

/// Each function that the tokens define, with the names that its bodies call.
fn functions(tokens: &[Token<'_>]) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let (mut depth, mut is_function) = (0_usize, false);
    for (at, token) in tokens.iter().enumerate() {
        let is_call = token.kind == Kind::Word
            && !at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|before| before.is("."));
        if is_call {
            let (name, length) = dotted(tokens, at);
            let opens = tokens.get(at + length).is_some_and(|open| open.is("(") && !open.follows_newline);
            if depth == 0 && token.follows_newline {
                is_function = opens && token.text != "else";
                if is_function {
                    found.push((name, Vec::new()));
                }
            } else if opens
                && is_function
                && let Some((_, called)) = found.last_mut()
            {
                called.push(name);
            }
        }
        if token.kind == Kind::Sign {
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::recursive;

    fn is_recursive(modules: &[&str]) -> bool {
        recursive(&modules.iter().map(|module| (*module).to_owned()).collect::<Vec<_>>()).is_some()
    }

    #[test]
    fn circles_of_functions_are_found_across_modules() {
        assert!(is_recursive(&["package a\nf(x) = y { y := f(x) }"]));
        assert!(is_recursive(&["package a\nf(x) { g(x) }\ng(x) { h(x) }\nh(x) { f(x) }"]));
        assert!(is_recursive(&["package lib.a\nf(x) { data.lib.b.g(x) }", "package lib.b\ng(x) { data.lib.a.f(x) }"]));
    }

    #[test]
    fn functions_that_end_are_left_alone() {
        assert!(!is_recursive(&["package a\nf(x) { g(x) }\ng(x) { x }\nviolation[x] { f(x) }"]));
        assert!(!is_recursive(&["package a\nf(x) { lib.f(x) }", "package lib.b\nf(x) { regex.f(x) }"]));
    }
}
