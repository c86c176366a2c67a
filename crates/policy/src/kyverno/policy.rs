//! ClusterPolicy and Policy: read once, asked many times. Rules of a sort that is not judged yet answer with an error.

use rampart_model::workload::ContainerKind;
use rampart_model::{Document, ImageReference, Object};
use serde_json::{Value as Tree, json};

use super::cel::Cel;
use super::pattern::{self, Mismatch};
use super::variables::{Fault, Scope};
use super::{autogen, conditions, foreach, matching, mutate};
use crate::jmespath::{Context, Limits, Text, Val};
use crate::{Action, Answer, Review, Status, World};

const GROUP: &str = "kyverno.io";
const CONTROLLERS: &str = "pod-policies.kyverno.io/autogen-controllers";
const SCORED: &str = "policies.kyverno.io/scored";

/// A policy with the rules that it brings about for pod controllers.
pub struct Policy {
    name: String,
    /// A namespaced policy is about its namespace alone.
    namespace: Option<String>,
    is_scored: bool,
    rules: Vec<Rule>,
}

struct Rule {
    tree: Tree,
    /// The expressions of a rule that validates by CEL, or why they cannot be compiled.
    cel: Option<Result<Cel, String>>,
}

impl Policy {
    /// The policy that an object is, if it is one.
    pub fn read(object: Object<'_>) -> Option<Self> {
        let namespace = match object.kind() {
            "ClusterPolicy" if object.group() == GROUP => None,
            "Policy" if object.group() == GROUP => {
                let given = object.metadata().and_then(|metadata| metadata.text_at(&["namespace"]));
                Some(given.unwrap_or("default").to_owned())
            }
            _ => return None,
        };
        let written = object.value().dig(&["spec", "rules"]).map(|rules| rules.to_json());
        let mut rules = written.and_then(|rules| rules.as_array().cloned()).unwrap_or_default();
        rules.extend(autogen::rules(&rules, object.annotation(CONTROLLERS)));
        let name = match &namespace {
            Some(namespace) => format!("{namespace}/{}", object.name()),
            None => object.name().to_owned(),
        };
        let compiled = |tree: Tree| {
            let cel = Cel::read(&tree).map(|cel| cel.map_err(|refusal| refusal.to_string()));
            Rule { tree, cel }
        };
        let rules = rules.into_iter().map(compiled).collect();
        Some(Self { name, namespace, is_scored: object.annotation(SCORED) != Some("false"), rules })
    }

    /// The answers of the rules that are about the review: what changes the object first, then what judges the outcome.
    pub fn judge<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Vec<Answer> {
        let (mut answers, after) = self.mutations(review, world, &|_, _| Vec::new());
        let document: Option<Document> = after.as_ref().and_then(document);
        let object = document.as_ref().and_then(|document| Object::of(document.root()));
        let outcome = Review { object: object.or(review.object), ..review.clone() };
        answers.extend(self.validations(&outcome, world, &|_, _| Vec::new()));
        answers
    }

    fn is_elsewhere(&self, review: &Review<'_>) -> bool {
        self.namespace.as_deref().is_some_and(|namespace| namespace != review.namespace())
    }

    /// What the rules that mutate say, each to what the one before has made; and the object after all of them, where it
    /// changed.
    pub fn mutations(&self, review: &Review<'_>, world: &World<'_>, mock: Mock<'_>) -> (Vec<Answer>, Option<Tree>) {
        let (mut answers, mut after) = (Vec::new(), None::<Tree>);
        if self.is_elsewhere(review) {
            return (answers, after);
        }
        for rule in &self.rules {
            let Some(body) = rule.tree.get("mutate") else { continue };
            let document: Option<Document> = after.as_ref().and_then(document);
            let object = document.as_ref().and_then(|document| Object::of(document.root()));
            let here = Review { object: object.or(review.object), ..review.clone() };
            if matching::is_about(&rule.tree, &here, world) {
                let answer = self.mutated(&rule.tree, body, &here, world, mock);
                after = answer.patched.clone().or(after);
                answers.push(answer);
            }
        }
        // What is told is the object after the whole policy.
        for answer in &mut answers {
            if answer.patched.is_some() {
                answer.patched.clone_from(&after);
            }
        }
        (answers, after)
    }

    /// What the other rules say.
    pub fn validations(&self, review: &Review<'_>, world: &World<'_>, mock: Mock<'_>) -> Vec<Answer> {
        if self.is_elsewhere(review) {
            return Vec::new();
        }
        let about = self.rules.iter().filter(|rule| rule.tree.get("mutate").is_none());
        let about = about.filter(|rule| matching::is_about(&rule.tree, review, world));
        about.filter_map(|rule| self.answer(rule, review, world, mock)).collect()
    }

    fn answer(&self, compiled: &Rule, review: &Review<'_>, world: &World<'_>, mock: Mock<'_>) -> Option<Answer> {
        let rule = &compiled.tree;
        let name = rule.get("name").and_then(Tree::as_str).unwrap_or_default();
        let sorts =
            [("validate", Action::Validate), ("generate", Action::Generate), ("verifyImages", Action::VerifyImages)];
        let (sort, action) = sorts.into_iter().find(|(sort, _)| rule.get(*sort).is_some())?;
        let body = rule.get(sort)?;
        let scope = scope(rule, review, world, mock(&self.name, name));
        let (mut status, message, path) = match Self::verdict(compiled, sort, body, &scope, review, world) {
            Ok(verdict) => verdict?,
            Err(fault) => (Status::Error, fault.to_string(), None),
        };
        if status == Status::Fail && !self.is_scored {
            status = Status::Warn;
        }
        Some(Answer { path, ..Answer::new(&self.name, name, action, status, message) })
    }

    fn mutated(&self, rule: &Tree, body: &Tree, review: &Review<'_>, world: &World<'_>, mock: Mock<'_>) -> Answer {
        let name = rule.get("name").and_then(Tree::as_str).unwrap_or_default();
        let scope = scope(rule, review, world, mock(&self.name, name));
        let after = || -> Result<Option<Tree>, Fault> {
            let holds = conditions::hold(rule.get("preconditions").unwrap_or(&Tree::Null), &scope)?;
            let object = review.object.filter(|_| holds);
            object.map_or(Ok(None), |object| mutate::mutate(body, &scope, &object.value().to_json()))
        };
        let answer = |status, message: String| Answer::new(&self.name, name, Action::Mutate, status, message);
        match after() {
            Ok(Some(patched)) => Answer { patched: Some(patched), ..answer(Status::Pass, String::new()) },
            Ok(None) => answer(Status::Skip, "nothing is changed".to_owned()),
            Err(fault) => answer(Status::Error, fault.to_string()),
        }
    }

    fn verdict(
        compiled: &Rule,
        sort: &str,
        body: &Tree,
        scope: &Scope<'_>,
        review: &Review<'_>,
        world: &World<'_>,
    ) -> Result<Option<Verdict>, Fault> {
        let rule = &compiled.tree;
        if !conditions::hold(rule.get("preconditions").unwrap_or(&Tree::Null), scope)? {
            return Ok(Some((Status::Skip, "the preconditions are not met".to_owned(), None)));
        }
        if let Some(cel) = &compiled.cel {
            let cel = cel.as_ref().map_err(|message| Fault::Other(message.clone()))?;
            return cel.judge(review, world).map(Some).map_err(Fault::Other);
        }
        match sort {
            "validate" => validate(body, scope, review, None),
            "verifyImages" => Err(Fault::Other("signatures of images cannot be checked here".to_owned())),
            sort => Err(Fault::Other(format!("rules that {sort} are not judged yet"))),
        }
    }
}

/// Values given beforehand for a policy and rule: dotted names.
pub type Mock<'m> = &'m dyn Fn(&str, &str) -> Vec<(String, Tree)>;

fn document(tree: &Tree) -> Option<Document> {
    let source = rampart_model::SourceText::new("object", tree.to_string());
    Document::from_json(std::sync::Arc::new(source), &rampart_model::Limits::STANDARD).ok()
}

/// Status, message, and the place in the object.
pub(super) type Verdict = (Status, String, Option<String>);

/// `element` is what patterns are about, where that is not the object.
fn validate(
    body: &Tree,
    scope: &Scope<'_>,
    review: &Review<'_>,
    element: Option<&Document>,
) -> Result<Option<Verdict>, Fault> {
    let message = || match body.get("message").map(|message| scope.fill(message)) {
        Some(Ok(Tree::String(message))) => message,
        _ => body.get("message").and_then(Tree::as_str).unwrap_or_default().to_owned(),
    };
    if let Some(deny) = body.get("deny") {
        let is_denied = conditions::hold(deny.get("conditions").unwrap_or(&Tree::Null), scope)?;
        let status = if is_denied { Status::Fail } else { Status::Pass };
        return Ok(Some((status, if is_denied { message() } else { String::new() }, None)));
    }
    if let Some(entries) = body.get("foreach").and_then(Tree::as_array) {
        if matching::is_removal(review) {
            return Ok(None);
        }
        let judge =
            |entry: &Tree, scope: &Scope<'_>, element: Option<&Document>| validate(entry, scope, review, element);
        let verdict = foreach::validate(entries, scope, &judge)?;
        return Ok(verdict.map(|(status, said, path)| match status {
            Status::Fail => {
                let message = message();
                (status, if message.is_empty() { said } else { message }, path)
            }
            _ => (status, said, path),
        }));
    }
    let patterns = match (body.get("pattern"), body.get("anyPattern").and_then(Tree::as_array)) {
        (Some(pattern), _) => std::slice::from_ref(pattern),
        (None, Some(patterns)) => patterns.as_slice(),
        (None, None) => {
            let sort = body.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
            let sort = sort.filter(|key| *key != "message" && !key.ends_with("ailureAction")).collect::<Vec<_>>();
            return Err(Fault::Other(format!("validation by `{}` is not judged yet", sort.join("`, `"))));
        }
    };
    if matching::is_removal(review) {
        return Ok(None);
    }
    let value = match (element, review.object) {
        (Some(element), _) => element.root(),
        (None, Some(object)) => object.value(),
        (None, None) => return Ok(None),
    };
    let (mut failed, mut skipped) = (None, None);
    for pattern in patterns {
        match pattern::matches(&scope.fill(pattern)?, value) {
            Ok(()) => return Ok(Some((Status::Pass, String::new(), None))),
            Err(Mismatch::Fails { path, reason }) => failed = failed.or(Some((path, reason))),
            Err(Mismatch::Skips { path, reason }) => skipped = skipped.or(Some((path, reason))),
        }
    }
    Ok(Some(match (failed, skipped) {
        (Some((path, reason)), _) => {
            let message = message();
            (Status::Fail, if message.is_empty() { reason } else { format!("{message}: {reason}") }, Some(path))
        }
        (None, Some((path, reason))) => (Status::Skip, reason, Some(path)),
        (None, None) => (Status::Fail, "there is no pattern".to_owned(), None),
    }))
}

/// What the rule's expressions may name. An entry of the context that has no value is left out: naming it is an error.
fn scope<'d>(rule: &Tree, review: &Review<'d>, world: &World<'d>, mocked: Vec<(String, Tree)>) -> Scope<'d> {
    let mut entries: Vec<(Text<'d>, Val<'d>)> = vec![(Text::Borrowed("request"), request(review))];
    if let Some(account) = review.user.name.strip_prefix("system:serviceaccount:") {
        let (namespace, name) = account.split_once(':').unwrap_or((account, ""));
        entries.push((Text::Borrowed("serviceAccountNamespace"), Val::text(namespace)));
        entries.push((Text::Borrowed("serviceAccountName"), Val::text(name)));
    }
    let context = Context { now: world.now, limits: Limits::STANDARD };
    if let Some(object) = review.object {
        entries.push((Text::Borrowed("images"), Val::from_json(&images(object))));
    }
    let mut scope = Scope { root: Val::map(entries), operation: review.operation, context };
    if !mocked.is_empty() {
        let mut root = scope.root.to_json();
        mocked.into_iter().for_each(|(name, value)| set(&mut root, &name, value));
        scope.root = Val::from_json(&root);
    }
    with_context(rule, scope)
}

/// Sets a dotted name such as `request.operation` or `map.data."a.b"`.
fn set(root: &mut Tree, name: &str, value: Tree) {
    let mut parts: Vec<String> = vec![String::new()];
    let mut is_quoted = false;
    for character in name.chars() {
        match (character, parts.last_mut()) {
            ('"', _) => is_quoted = !is_quoted,
            ('.', _) if !is_quoted => parts.push(String::new()),
            (character, Some(part)) => part.push(character),
            _ => {}
        }
    }
    let mut here = root;
    for part in parts {
        if !here.is_object() {
            *here = json!({});
        }
        let Tree::Object(entries) = here else { return };
        here = entries.entry(part).or_insert(Tree::Null);
    }
    *here = value;
}

/// The images of an object's containers by the list that they stand in and the container's name.
fn images(object: Object<'_>) -> Tree {
    let mut lists = serde_json::Map::new();
    for container in rampart_model::Pod::all(object).iter().flat_map(rampart_model::Pod::containers) {
        let Some(reference) = container.image().and_then(|text| ImageReference::parse(text).ok().zip(Some(text)))
        else {
            continue;
        };
        let list = match container.kind {
            ContainerKind::Init => "initContainers",
            ContainerKind::Ephemeral => "ephemeralContainers",
            ContainerKind::Regular => "containers",
        };
        if let Tree::Object(entry) = lists.entry(list).or_insert_with(|| json!({})) {
            entry.insert(container.name().to_owned(), image(reference));
        }
    }
    Tree::Object(lists)
}

fn image((reference, text): (ImageReference<'_>, &str)) -> Tree {
    let mut path: Vec<&str> = reference.path().collect();
    // What the text leaves out of an official image's name is not part of it here.
    if path.first() == Some(&"library") && !text.contains("library/") {
        path.remove(0);
    }
    let name = path.last().copied().unwrap_or_default();
    let tag = reference.tag.or(if reference.digest.is_none() { Some("latest") } else { None }).unwrap_or_default();
    let path = path.join("/");
    let behind = reference.digest.map_or_else(|| format!(":{tag}"), |digest| format!("@{digest}"));
    json!({
        "registry": reference.registry, "path": path, "name": name, "tag": tag,
        "digest": reference.digest.unwrap_or_default(), "reference": format!("{}/{path}{behind}", reference.registry),
        "referenceWithTag": format!("{}/{path}:{tag}", reference.registry),
    })
}

/// The scope with the entries of a rule's or list's context, each of which may name those before it.
pub(super) fn with_context<'d>(tree: &Tree, mut scope: Scope<'d>) -> Scope<'d> {
    for entry in tree.get("context").and_then(Tree::as_array).into_iter().flatten() {
        let (Some(name), Some(variable)) = (entry.get("name").and_then(Tree::as_str), entry.get("variable")) else {
            continue;
        };
        if let Some(value) = variable_value(variable, &scope) {
            let known: Vec<_> = match &scope.root {
                Val::Map(map) => map.iter().collect(),
                _ => Vec::new(),
            };
            scope.root = Val::map(known.into_iter().chain([(Text::Shared(name.into()), value)]));
        }
    }
    scope
}

fn variable_value<'d>(variable: &Tree, scope: &Scope<'d>) -> Option<Val<'d>> {
    let default =
        || variable.get("default").and_then(|default| scope.fill(default).ok()).map(|tree| Val::from_json(&tree));
    let value = variable.get("value").map(|value| scope.fill(value));
    let path = variable.get("jmesPath").map(|path| scope.fill(path));
    let found = match (value, path) {
        (Some(Ok(value)), None) => Some(Val::from_json(&value)),
        (None, Some(Ok(Tree::String(path)))) => scope.ask(&path).ok(),
        (Some(Ok(value)), Some(Ok(Tree::String(path)))) => {
            let inner = Scope { root: Val::from_json(&value), operation: scope.operation, context: scope.context };
            inner.ask(&path).ok().map(|found| Val::from_json(&found.to_json()))
        }
        _ => None,
    };
    found.filter(|found| !matches!(found, Val::Null)).or_else(default)
}

fn request<'d>(review: &Review<'d>) -> Val<'d> {
    let object = |object: Option<Object<'d>>| object.map_or(Val::Null, |object| Val::of(object.value()));
    let subject = review.subject();
    let version = subject.map_or("", |subject| subject.api_version().rsplit('/').next().unwrap_or_default());
    let user = &review.user;
    let told = json!({
        "operation": review.operation.name(),
        "namespace": review.namespace(),
        "name": review.name(),
        "subResource": review.subresource,
        "dryRun": review.dry_run,
        "kind": {"group": subject.map_or("", |subject| subject.group()), "version": version,
            "kind": subject.map_or("", |subject| subject.kind())},
        "userInfo": {"username": user.name, "uid": user.uid, "groups": user.groups},
        "roles": user.roles,
        "clusterRoles": user.cluster_roles,
    });
    let told = told.as_object().cloned().unwrap_or_default();
    let told = told.iter().map(|(key, value)| (Text::Shared(key.as_str().into()), Val::from_json(value)));
    let objects = [("object", object(review.object)), ("oldObject", object(review.old))];
    Val::map(told.chain(objects.map(|(key, value)| (Text::Borrowed(key), value))))
}

#[cfg(test)]
mod tests;
