//! An audit policy as the API server evaluates it: the first rule that matches decides.

use rampart_model::{Object, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    None,
    Metadata,
    Request,
    RequestResponse,
}

/// One kind of request that rules ask about. The user is any signed-in one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request {
    pub group: &'static str,
    /// With the subresource behind a `/`.
    pub resource: &'static str,
    pub verb: &'static str,
}

/// How a policy rule meets a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Match {
    No,
    /// For some users, namespaces or object names only.
    Partly,
    /// Whoever asks and wherever.
    Wholly,
}

#[derive(Clone, Copy)]
pub(super) struct PolicyRule<'d> {
    pub value: Value<'d>,
}

pub(super) fn rules<'d>(policy: &Object<'d>) -> impl Iterator<Item = PolicyRule<'d>> + use<'d> {
    policy.value().field("rules").into_iter().flat_map(Value::items).map(|value| PolicyRule { value })
}

/// The rule that decides about `request` for an ordinary user, if any, with its position.
pub(super) fn deciding<'d>(policy: &Object<'d>, request: Request) -> Option<(usize, PolicyRule<'d>)> {
    rules(policy).enumerate().find(|(_, rule)| rule.meets(request) == Match::Wholly)
}

impl<'d> PolicyRule<'d> {
    pub(super) fn level(self) -> Level {
        match self.value.text_at(&["level"]) {
            Some("Metadata") => Level::Metadata,
            Some("Request") => Level::Request,
            Some("RequestResponse") => Level::RequestResponse,
            _ => Level::None,
        }
    }

    fn list(self, key: &str) -> impl Iterator<Item = &'d str> + use<'d> {
        self.value.field(key).into_iter().flat_map(Value::items).filter_map(Value::str)
    }

    fn has(self, key: &str) -> bool {
        self.value.field(key).is_some_and(|list| !list.is_empty())
    }

    /// True where the rule matches everything.
    pub(super) fn is_catch_all(self) -> bool {
        !["users", "userGroups", "verbs", "namespaces", "resources", "nonResourceURLs"]
            .into_iter()
            .any(|key| self.has(key))
    }

    pub(super) fn meets(self, request: Request) -> Match {
        if self.has("verbs") && !self.list("verbs").any(|verb| verb == request.verb) {
            return Match::No;
        }
        let mut partly = self.has("users") || self.has("namespaces");
        // Every signed-in user is in this group.
        partly |= self.has("userGroups") && !self.list("userGroups").any(|group| group == "system:authenticated");
        if self.has("resources") {
            let entries = || {
                let lists = self.value.field("resources").into_iter().flat_map(Value::items);
                lists.filter(move |entry| selects(*entry, request.group, request.resource))
            };
            if entries().next().is_none() {
                return Match::No;
            }
            partly |= entries().all(|entry| entry.field("resourceNames").is_some_and(|names| !names.is_empty()));
        } else if self.has("nonResourceURLs") && !self.has("namespaces") {
            return Match::No;
        }
        if partly { Match::Partly } else { Match::Wholly }
    }

    /// True where no request that `later` matches gets past this rule.
    pub(super) fn covers(self, later: PolicyRule<'d>) -> bool {
        let narrower = |key: &str| {
            !self.has(key)
                || (later.has(key) && later.list(key).all(|wanted| self.list(key).any(|given| given == wanted)))
        };
        if !["users", "userGroups", "verbs"].into_iter().all(narrower) {
            return false;
        }
        let about_resources = |rule: PolicyRule<'_>| rule.has("resources") || rule.has("namespaces");
        if about_resources(self) {
            return about_resources(later) && narrower("namespaces") && self.covers_resources(later);
        }
        if self.has("nonResourceURLs") {
            return !about_resources(later)
                && later.has("nonResourceURLs")
                && later
                    .list("nonResourceURLs")
                    .all(|url| self.list("nonResourceURLs").any(|mine| is_below(url, mine)));
        }
        true
    }

    fn covers_resources(self, later: PolicyRule<'d>) -> bool {
        let entries = |rule: PolicyRule<'d>| rule.value.field("resources").into_iter().flat_map(Value::items);
        !self.has("resources")
            || (later.has("resources")
                && entries(later).all(|theirs| entries(self).any(|mine| covers_entry(mine, theirs))))
    }
}

fn texts<'d>(value: Value<'d>, key: &str) -> impl Iterator<Item = &'d str> + use<'d> {
    value.field(key).into_iter().flat_map(Value::items).filter_map(Value::str)
}

fn selects(entry: Value<'_>, group: &str, resource: &str) -> bool {
    entry.text_at(&["group"]).unwrap_or_default() == group
        && (texts(entry, "resources").next().is_none()
            || texts(entry, "resources").any(|given| reaches(given, resource)))
}

/// True where the pattern `given` selects `resource`: `pods` not its subresources, `pods/*` and `*` both.
fn reaches(given: &str, resource: &str) -> bool {
    let (name, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    given == resource
        || given == "*"
        || given.strip_suffix("/*") == Some(name)
        || (!subresource.is_empty() && given.strip_prefix("*/") == Some(subresource))
}

fn covers_entry(mine: Value<'_>, theirs: Value<'_>) -> bool {
    if mine.text_at(&["group"]).unwrap_or_default() != theirs.text_at(&["group"]).unwrap_or_default() {
        return false;
    }
    let all = |entry, key| texts(entry, key).next().is_none();
    // Names count only beside resources.
    let names = all(mine, "resources")
        || all(mine, "resourceNames")
        || (!all(theirs, "resourceNames")
            && texts(theirs, "resourceNames").all(|name| texts(mine, "resourceNames").any(|given| given == name)));
    let resources = all(mine, "resources")
        || texts(mine, "resources").any(|given| given == "*")
        || (!all(theirs, "resources")
            && texts(theirs, "resources").all(|wanted| texts(mine, "resources").any(|given| reaches(given, wanted))));
    names && resources
}

/// True where every URL that `url` (perhaps with a star) means is among those of `pattern`.
fn is_below(url: &str, pattern: &str) -> bool {
    url == pattern || pattern.strip_suffix('*').is_some_and(|prefix| url.trim_end_matches('*').starts_with(prefix))
}
