//! ClusterPolicy and Policy: read once, asked many times. Rules of a sort that is not judged yet answer with an error.

use rampart_model::{Document, Object};
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

    /// The answers of the rules that are about the review.
    pub fn judge<'d>(&self, review: &Review<'d>, world: &World<'d>) -> Vec<Answer> {
        if self.namespace.as_deref().is_some_and(|namespace| namespace != review.namespace()) {
            return Vec::new();
        }
        let about = self.rules.iter().filter(|rule| matching::is_about(&rule.tree, review, world));
        about.filter_map(|rule| self.answer(rule, review, world)).collect()
    }

    fn answer<'d>(&self, compiled: &Rule, review: &Review<'d>, world: &World<'d>) -> Option<Answer> {
        let rule = &compiled.tree;
        let name = rule.get("name").and_then(Tree::as_str).unwrap_or_default();
        let sorts = [
            ("validate", Action::Validate),
            ("mutate", Action::Mutate),
            ("generate", Action::Generate),
            ("verifyImages", Action::VerifyImages),
        ];
        let (sort, action) = sorts.into_iter().find(|(sort, _)| rule.get(*sort).is_some())?;
        let body = rule.get(sort)?;
        if sort == "mutate" {
            return Some(self.mutated(rule, body, review, world));
        }
        let (mut status, message, path) = match Self::verdict(compiled, sort, body, review, world) {
            Ok(verdict) => verdict?,
            Err(fault) => (Status::Error, fault.to_string(), None),
        };
        if status == Status::Fail && !self.is_scored {
            status = Status::Warn;
        }
        Some(Answer { path, ..Answer::new(&self.name, name, action, status, message) })
    }

    fn mutated<'d>(&self, rule: &Tree, body: &Tree, review: &Review<'d>, world: &World<'d>) -> Answer {
        let name = rule.get("name").and_then(Tree::as_str).unwrap_or_default();
        let scope = scope(rule, review, world);
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

    fn verdict<'d>(
        compiled: &Rule,
        sort: &str,
        body: &Tree,
        review: &Review<'d>,
        world: &World<'d>,
    ) -> Result<Option<Verdict>, Fault> {
        let rule = &compiled.tree;
        let scope = scope(rule, review, world);
        if !conditions::hold(rule.get("preconditions").unwrap_or(&Tree::Null), &scope)? {
            return Ok(Some((Status::Skip, "the preconditions are not met".to_owned(), None)));
        }
        if let Some(cel) = &compiled.cel {
            let cel = cel.as_ref().map_err(|message| Fault::Other(message.clone()))?;
            return cel.judge(review, world).map(Some).map_err(Fault::Other);
        }
        match sort {
            "validate" => validate(body, &scope, review, None),
            "verifyImages" => Err(Fault::Other("signatures of images cannot be checked here".to_owned())),
            sort => Err(Fault::Other(format!("rules that {sort} are not judged yet"))),
        }
    }
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
fn scope<'d>(rule: &Tree, review: &Review<'d>, world: &World<'d>) -> Scope<'d> {
    let mut entries: Vec<(Text<'d>, Val<'d>)> = vec![(Text::Borrowed("request"), request(review))];
    if let Some(account) = review.user.name.strip_prefix("system:serviceaccount:") {
        let (namespace, name) = account.split_once(':').unwrap_or((account, ""));
        entries.push((Text::Borrowed("serviceAccountNamespace"), Val::text(namespace)));
        entries.push((Text::Borrowed("serviceAccountName"), Val::text(name)));
    }
    let context = Context { now: world.now, limits: Limits::STANDARD };
    let scope = Scope { root: Val::map(entries), operation: review.operation, context };
    with_context(rule, scope)
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
