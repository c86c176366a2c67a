//! `config.yaml`: which programs and files each kind of node is looked for in, and what is there.

use rampart_model::Value;
use rampart_model::document::{Document, Limits};
use rampart_model::source::SourceText;
use serde_json::{Map, Value as Tree};

use crate::kube_bench::substitute::Substitutes;
use rampart_model::Node;

/// What kinds of names a component has: the key of the candidates, that of the default, and how a script names it.
const FILES: [(&str, &str, &str); 5] = [
    ("confs", "defaultconf", "conf"),
    ("svc", "defaultsvc", "svc"),
    ("kubeconfig", "defaultkubeconfig", "kubeconfig"),
    ("cafile", "defaultcafile", "cafile"),
    ("datadirs", "defaultdatadir", "datadir"),
];

/// The configuration of one benchmark: the general one with the benchmark's own laid over it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Config {
    tree: Tree,
}

impl Config {
    /// # Errors
    /// A text is no YAML; the sentence says where.
    pub(super) fn of(general: &str, own: Option<&str>) -> Result<Self, String> {
        let mut tree = read("config.yaml", general)?;
        if let Some(own) = own {
            merge(&mut tree, read("the benchmark's config.yaml", own)?);
        }
        Ok(Self { tree })
    }

    /// The kinds of nodes that a benchmark has files for, in its order.
    pub(super) fn targets(&self, benchmark: &str) -> Vec<String> {
        strings(self.tree.get("target_mapping").and_then(|mapping| mapping.get(benchmark.to_lowercase())))
    }

    /// What the names in audits stand for on this node.
    pub(super) fn substitutes(&self, target: &str, node: &dyn Node) -> Substitutes {
        let mut substitutes = Substitutes::default();
        let Some(section) = self.tree.get(target) else { return substitutes };
        let parts: Vec<(String, &Tree)> = strings(section.get("components"))
            .into_iter()
            .filter_map(|name| {
                section.get(name.to_lowercase()).filter(|part| part.is_object()).map(|part| (name, part))
            })
            .collect();
        // One component that must run and does not: then none of the programs has a name.
        if let Some(programs) = programs(&parts, node) {
            programs.into_iter().for_each(|(name, program)| substitutes.add(&name, "bin", program));
        }
        for (candidates, default, extension) in FILES {
            for (name, part) in &parts {
                let found = strings(part.get(candidates)).into_iter().find(|path| node.stat(path).is_some());
                let file = found.or_else(|| part.get(default).map(text)).unwrap_or_else(|| name.clone());
                substitutes.add(name, extension, file);
            }
        }
        substitutes
    }
}

/// The running program of each component; none where one is missing that must run.
fn programs(parts: &[(String, &Tree)], node: &dyn Node) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    for (name, part) in parts {
        let candidates = strings(part.get("bins"));
        if candidates.is_empty() {
            continue;
        }
        let is_optional = part.get("optional").is_some_and(|value| text(value) == "true");
        match candidates.iter().find(|candidate| runs(node, candidate)) {
            Some(program) => found.push((name.clone(), program.clone())),
            None if is_optional => found.push((name.clone(), name.clone())),
            None => return None,
        }
    }
    Some(found)
}

/// A program of several words is looked for by its first, and must stand at the head of a command line, behind a path.
fn runs(node: &dyn Node, program: &str) -> bool {
    let program = program.trim_matches(['\'', '"']);
    let Some(name) = program.split_whitespace().next() else { return false };
    let Ok(head) = regex::Regex::new(&format!(r"^(\S*/)*{program}")) else { return false };
    let named = |process: &&rampart_model::node::Process| {
        process.name.as_bytes().iter().take(15).eq(name.as_bytes().iter().take(15))
    };
    node.processes().iter().filter(named).any(|process| head.is_match(&process.command_line()))
}

fn read(name: &str, source: &str) -> Result<Tree, String> {
    let source = std::sync::Arc::new(SourceText::new(name, source));
    let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
    if let Some(error) = error {
        return Err(error.to_string());
    }
    Ok(documents.first().map_or(Tree::Null, |document| tree(document.root())))
}

/// Keys in lower case, as the reference reads them; scalars as text.
fn tree(value: Value<'_>) -> Tree {
    match value.kind() {
        rampart_model::document::Kind::Object => {
            Tree::Object(value.entries().map(|(key, value)| (key.to_lowercase(), tree(value))).collect::<Map<_, _>>())
        }
        rampart_model::document::Kind::Array => Tree::Array(value.items().map(tree).collect()),
        rampart_model::document::Kind::Null => Tree::Null,
        _ => Tree::String(super::controls::scalar(value)),
    }
}

/// Maps are merged and lists replaced; where the kinds differ the old value stays.
fn merge(below: &mut Tree, above: Tree) {
    match (below, above) {
        (Tree::Object(below), Tree::Object(above)) => {
            for (key, value) in above {
                match below.get_mut(&key) {
                    Some(known) => merge(known, value),
                    None => {
                        below.insert(key, value);
                    }
                }
            }
        }
        (Tree::Array(below), Tree::Array(above)) => *below = above,
        (Tree::String(below), Tree::String(above)) => *below = above,
        (below @ Tree::Null, above) => *below = above,
        _ => {}
    }
}

fn strings(value: Option<&Tree>) -> Vec<String> {
    match value {
        Some(Tree::Array(items)) => items.iter().map(text).collect(),
        // The reference splits a text at its blanks.
        Some(Tree::String(words)) => words.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn text(value: &Tree) -> String {
    value.as_str().map(str::to_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_benchmarks_own_configuration_lies_over_the_general_one() {
        let general = "master:\n  components: [a]\n  A:\n    bins: [x, y]\n    confs: [/1]\n    defaultconf: /d\n";
        let own = "master:\n  a:\n    bins: [z]\n    confs: /2\n    defaultconf: /e\n";
        let config = Config::of(general, Some(own)).unwrap();
        let part = &config.tree["master"]["a"];
        assert_eq!(strings(part.get("bins")), ["z"]);
        assert_eq!(strings(part.get("confs")), ["/1"], "a text does not replace a list");
        assert_eq!(text(&part["defaultconf"]), "/e");
    }
}
