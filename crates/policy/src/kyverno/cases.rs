//! `kyverno-test.yaml`: policies, resources and what should come out, run as Kyverno's command line runs them.
//!
//! Files are given by path; nothing is read here. Absent: HTTP, Envoy and JSON payloads, existing objects as targets, and
//! what policies would ask of registries.

mod context;
mod engine;
mod row;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rampart_model::{Document, Limits, Object, SourceText};
use serde_json::Value as Tree;

use super::policy::Mock;
use crate::{Answer, Operation, PodSecurity, Review, World};
use context::Given;
use engine::Engine;
pub use row::Row;

/// The name of the files that hold cases.
pub const NAME: &str = "kyverno-test.yaml";

/// Texts by path; paths have no `.` and no `..`.
pub type Files = BTreeMap<String, String>;

/// What one file of cases gave.
#[derive(Debug, Default)]
pub struct Run {
    pub rows: Vec<Row>,
    /// Bad content; the rest ran.
    pub problems: Vec<String>,
}

/// Runs the cases of a file.
///
/// # Errors
/// It holds no case.
pub fn run(path: &str, files: &Files, pod_security: Option<PodSecurity>) -> Result<Run, String> {
    let text = files.get(path).ok_or_else(|| format!("`{path}` is not there"))?;
    let mut run = Run::default();
    for document in documents(path, text, &mut run.problems) {
        let case = lower(&document.root().to_json());
        if field(&case, "apiVersion").is_empty() || field(&case, "kind") != "Test" {
            run.problems.push(format!("{path}: a case needs `apiVersion` and `kind: Test`; it is left out"));
            continue;
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        one(&case, folder, files, pod_security, &mut run);
    }
    Ok(run)
}

/// The paths that the cases of a file name: whoever reads files has to bring them.
pub fn named(path: &str, files: &Files) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Vec::new();
    for document in documents(path, files.get(path).map_or("", String::as_str), &mut Vec::new()) {
        let case = lower(&document.root().to_json());
        let lists = ["policies", "resources", "exceptions", "clusterResources", "paramResources"];
        let listed = lists.into_iter().flat_map(|key| names(&case, key));
        let single = ["variables", "userinfo", "context"].into_iter().map(|key| field(&case, key));
        found.extend(listed.chain(single).filter(|name| !name.is_empty()).map(|name| beside(folder, name)));
    }
    found
}

/// Keys in lower case: the reference reads them whatever their case.
fn lower(tree: &Tree) -> Tree {
    match tree {
        Tree::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key.to_lowercase(), value.clone()))
            .map(|(key, value)| {
                let value = if key == "results" { lower(&value) } else { value };
                (key, value)
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Tree::Array(items) => items.iter().map(lower).collect(),
        other => other.clone(),
    }
}

fn field<'t>(tree: &'t Tree, key: &str) -> &'t str {
    tree.get(key.to_lowercase()).and_then(Tree::as_str).unwrap_or_default()
}

fn names<'t>(tree: &'t Tree, key: &str) -> Vec<&'t str> {
    tree.get(key.to_lowercase()).and_then(Tree::as_array).into_iter().flatten().filter_map(Tree::as_str).collect()
}

/// A path beside a folder, with its dots taken out.
fn beside(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn documents(name: &str, text: &str, problems: &mut Vec<String>) -> Vec<Document> {
    let source = Arc::new(SourceText::new(name, text));
    let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
    problems.extend(error.map(|error| error.to_string()));
    documents.into_iter().filter(|document| !document.root().is_null()).collect()
}

/// The documents of a file, or of all files in a folder.
fn load(folder: &str, path: &str, files: &Files, problems: &mut Vec<String>) -> Vec<Document> {
    let path = beside(folder, path);
    if let Some(text) = files.get(&path) {
        return documents(&path, text, problems);
    }
    let within = format!("{path}/");
    let found: Vec<_> = files.iter().filter(|(name, _)| name.starts_with(&within)).collect();
    if found.is_empty() {
        problems.push(format!("`{path}` is not there"));
    }
    found.into_iter().flat_map(|(name, text)| documents(name, text, problems)).collect()
}

fn one(case: &Tree, folder: &str, files: &Files, pod_security: Option<PodSecurity>, run: &mut Run) {
    let problems = &mut run.problems;
    let mut all = |key: &str| -> Vec<Document> {
        names(case, key).into_iter().flat_map(|path| load(folder, path, files, problems)).collect()
    };
    let (policies, exceptions, resources) = (all("policies"), all("exceptions"), all("resources"));
    let mut beside_them = all("clusterResources");
    beside_them.extend(all("paramResources"));
    let given = Given::read(case, folder, files, problems);
    // As objects without a namespace are read: into `default`.
    let placed: BTreeSet<(String, String)> = resources
        .iter()
        .flat_map(Object::all)
        .filter(|object| object.metadata().is_none_or(|metadata| metadata.field("namespace").is_none()))
        .map(|object| (object.kind().to_owned(), object.name().to_owned()))
        .collect();
    let resources: Vec<Document> =
        resources.iter().flat_map(Object::all).map(|object| context::settled(&object)).collect();
    let objects = context::distinct(resources.iter().flat_map(Object::all).collect());
    let (policies, refused) = Engine::read(&policies, &exceptions);
    problems.extend(refused);
    let makes_world = || {
        let around = beside_them.iter().chain(&given.objects).flat_map(Object::all).collect();
        let mut world = World::of(around, given.is_complete || !beside_them.is_empty());
        world.images.clone_from(&given.images);
        world.pod_security = pod_security;
        world
    };
    let world = makes_world();
    let mut told: BTreeMap<(usize, Operation), Vec<Answer>> = BTreeMap::new();
    for result in case.get("results").and_then(Tree::as_array).into_iter().flatten() {
        let chosen = chosen(result, &objects);
        let named = Operation::named(&field(result, "operation").to_uppercase());
        for at in chosen {
            let Some(object) = objects.get(at) else { continue };
            let operation =
                named.or_else(|| given.operation(field(result, "policy"), object.name())).unwrap_or_default();
            let answers = told.entry((at, operation)).or_insert_with(|| {
                let review = review(*object, operation, &given);
                let mock = |policy: &str, rule: &str| given.values(policy, rule, object.name());
                engine::judge(&policies, &review, &world, &mock as Mock<'_>)
            });
            let before = run.rows.len();
            row::add(&mut run.rows, result, object, named, answers);
            // The namespace that nobody wrote is not told, either.
            if placed.contains(&(object.kind().to_owned(), object.name().to_owned())) {
                run.rows.iter_mut().skip(before).for_each(Row::leave_out_namespace);
            }
        }
    }
}

/// The places of the objects that a result is about: those that it names, or all where it names none that is there.
fn chosen(result: &Tree, objects: &[Object<'_>]) -> Vec<usize> {
    let mut wanted: Vec<(Option<&str>, &str)> = names(result, "resources")
        .into_iter()
        .map(|name| name.split_once('/').map_or((None, name), |(namespace, name)| (Some(namespace), name)))
        .collect();
    for spec in result.get("resourcespecs").and_then(Tree::as_array).into_iter().flatten() {
        let namespace = Some(field(spec, "namespace")).filter(|namespace| !namespace.is_empty());
        wanted.push((namespace, field(spec, "name")));
    }
    let fits = |object: &Object<'_>, (namespace, name): &(Option<&str>, &str)| {
        object.name() == *name && namespace.is_none_or(|namespace| object.namespace() == namespace)
    };
    let mut found = Vec::new();
    for one in &wanted {
        found.extend(objects.iter().enumerate().filter(|(_, object)| fits(object, one)).map(|(at, _)| at));
    }
    // Names may be those of several kinds; the result's own kind decides where it is among them.
    let kind = field(result, "kind");
    let of_kind: Vec<usize> =
        found.iter().copied().filter(|at| objects.get(*at).is_some_and(|object| object.kind() == kind)).collect();
    match (found.is_empty(), of_kind.is_empty()) {
        (true, _) => (0..objects.len()).collect(),
        (false, true) => found,
        (false, false) => of_kind,
    }
}

fn review<'d>(object: Object<'d>, operation: Operation, given: &Given) -> Review<'d> {
    let (now, old) = match operation {
        Operation::Delete => (None, Some(object)),
        Operation::Update => (Some(object), Some(object)),
        _ => (Some(object), None),
    };
    Review { operation, object: now, old, user: given.user.clone(), ..Review::default() }
}
