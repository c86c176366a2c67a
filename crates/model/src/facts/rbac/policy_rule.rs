//! One rule of a role, and the questions that an authorizer asks it.
//!
//! The questions are a trait because two readers ask them: rules over one object at a time, which read the document in
//! place, and rules over the whole, which read what was kept of it. Both must answer alike.

use crate::document::Value;
use crate::name::{Name, Names};

/// The lists of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Verbs,
    ApiGroups,
    Resources,
    ResourceNames,
    NonResourceUrls,
}

impl List {
    pub fn field(self) -> &'static str {
        match self {
            Self::Verbs => "verbs",
            Self::ApiGroups => "apiGroups",
            Self::Resources => "resources",
            Self::ResourceNames => "resourceNames",
            Self::NonResourceUrls => "nonResourceURLs",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyRule {
    pub verbs: Box<[Name]>,
    pub api_groups: Box<[Name]>,
    pub resources: Box<[Name]>,
    pub resource_names: Box<[Name]>,
    pub non_resource_urls: Box<[Name]>,
}

impl PolicyRule {
    pub fn read(rule: Value<'_>, names: &mut Names) -> Self {
        let mut list = |list: List| -> Box<[Name]> {
            super::items(rule.field(list.field())).filter_map(Value::str).map(|text| names.intern(text)).collect()
        };
        Self {
            verbs: list(List::Verbs),
            api_groups: list(List::ApiGroups),
            resources: list(List::Resources),
            resource_names: list(List::ResourceNames),
            non_resource_urls: list(List::NonResourceUrls),
        }
    }

    fn list(&self, list: List) -> &[Name] {
        match list {
            List::Verbs => &self.verbs,
            List::ApiGroups => &self.api_groups,
            List::Resources => &self.resources,
            List::ResourceNames => &self.resource_names,
            List::NonResourceUrls => &self.non_resource_urls,
        }
    }
}

/// A rule that can be asked.
pub trait Clause {
    /// True where some entry of `list` passes the test.
    fn any(&self, list: List, test: impl FnMut(&str) -> bool) -> bool;

    fn has(&self, list: List, text: &str) -> bool {
        self.any(list, |entry| entry == text)
    }

    fn allows_verb(&self, verb: &str) -> bool {
        self.any(List::Verbs, |entry| entry == "*" || entry == verb)
    }

    fn covers_group(&self, group: &str) -> bool {
        self.any(List::ApiGroups, |entry| entry == "*" || entry == group)
    }

    /// `resource` is `pods` or `pods/exec`.
    fn covers_resource(&self, resource: &str) -> bool {
        self.any(List::Resources, |entry| covers(entry, resource))
    }

    fn is_limited_to_names(&self) -> bool {
        self.any(List::ResourceNames, |_| true)
    }

    /// True where the rule allows the request for some object. A rule with resourceNames never allows what names no
    /// object: creating one, or deleting a collection.
    fn allows(&self, verb: &str, group: &str, resource: &str) -> bool {
        self.covers_resource(resource)
            && self.covers_group(group)
            && self.allows_verb(verb)
            && !(self.is_limited_to_names() && is_nameless(verb, resource))
    }

    /// True where the rule allows the request for a path of the API server, such as `/metrics`.
    fn allows_url(&self, verb: &str, url: &str) -> bool {
        self.any(List::NonResourceUrls, |entry| {
            entry == "*" || entry == url || entry.strip_suffix('*').is_some_and(|prefix| url.starts_with(prefix))
        }) && self.allows_verb(verb)
    }
}

/// `pods/*` covers nothing but itself: only `*` and `*/subresource` are patterns.
pub fn covers(entry: &str, resource: &str) -> bool {
    entry == "*"
        || entry == resource
        || entry
            .strip_prefix("*/")
            .is_some_and(|wanted| resource.split_once('/').is_some_and(|(_, subresource)| subresource == wanted))
}

pub fn is_nameless(verb: &str, resource: &str) -> bool {
    verb == "deletecollection" || (verb == "create" && !resource.contains('/'))
}

impl Clause for PolicyRule {
    fn any(&self, list: List, mut test: impl FnMut(&str) -> bool) -> bool {
        self.list(list).iter().any(|entry| test(entry))
    }
}

impl Clause for Value<'_> {
    fn any(&self, list: List, test: impl FnMut(&str) -> bool) -> bool {
        super::items(self.field(list.field())).filter_map(Value::str).any(test)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Limits};
    use crate::source::SourceText;
    use std::sync::Arc;

    /// Asks both readers and demands one answer.
    fn ask(
        yaml: &str,
        question: impl Fn(&dyn Fn(&str, &str, &str) -> bool, &dyn Fn(&str, &str) -> bool) -> bool,
    ) -> bool {
        let (documents, error) =
            Document::all_from_yaml(&Arc::new(SourceText::new("rule.yaml", yaml)), &Limits::STANDARD);
        assert_eq!(error, None);
        let value = documents[0].root();
        let kept = PolicyRule::read(value, &mut Names::default());
        let read = question(&|v, g, r| value.allows(v, g, r), &|v, u| value.allows_url(v, u));
        assert_eq!(read, question(&|v, g, r| kept.allows(v, g, r), &|v, u| kept.allows_url(v, u)));
        read
    }

    fn allows(yaml: &str, verb: &str, group: &str, resource: &str) -> bool {
        ask(yaml, |allows, _| allows(verb, group, resource))
    }

    #[test]
    fn a_rule_allows_what_all_three_lists_name() {
        let rule = "{apiGroups: [apps], resources: [deployments], verbs: [get, patch]}";
        assert!(allows(rule, "patch", "apps", "deployments"));
        assert!(!allows(rule, "delete", "apps", "deployments"));
        assert!(!allows(rule, "patch", "", "deployments"));
        assert!(!allows(rule, "patch", "apps", "deployments/scale"));
    }

    #[test]
    fn the_core_group_is_the_empty_string_and_is_not_implied() {
        assert!(allows("{apiGroups: [''], resources: [pods], verbs: [get]}", "get", "", "pods"));
        assert!(!allows("{resources: [pods], verbs: [get]}", "get", "", "pods"));
        assert!(!allows("{apiGroups: [v1], resources: [pods], verbs: [get]}", "get", "", "pods"));
    }

    #[test]
    fn a_star_alone_covers_subresources_and_a_star_before_a_slash_covers_one_of_them() {
        let all = "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}";
        assert!(allows(all, "create", "", "pods/exec"));
        assert!(allows(all, "escalate", "rbac.authorization.k8s.io", "roles"));
        let exec = "{apiGroups: [''], resources: ['*/exec'], verbs: [create]}";
        assert!(allows(exec, "create", "", "pods/exec"));
        assert!(!allows(exec, "create", "", "pods"));
        assert!(!allows(exec, "create", "", "pods/attach"));
    }

    #[test]
    fn a_star_behind_a_slash_is_no_pattern() {
        assert!(!allows("{apiGroups: [''], resources: ['pods/*'], verbs: [create]}", "create", "", "pods/exec"));
    }

    #[test]
    fn names_do_not_help_a_request_that_names_nothing() {
        let rule = "{apiGroups: [''], resources: [secrets, pods/exec], resourceNames: [a], verbs: ['*']}";
        assert!(allows(rule, "get", "", "secrets"));
        assert!(!allows(rule, "create", "", "secrets"));
        assert!(!allows(rule, "deletecollection", "", "secrets"));
        assert!(allows(rule, "create", "", "pods/exec"));
    }

    #[test]
    fn paths_match_whole_or_by_a_star_at_the_end() {
        let allows_url = |rule: &str, url: &str| ask(rule, |_, allows_url| allows_url("get", url));
        assert!(allows_url("{nonResourceURLs: [/metrics], verbs: [get]}", "/metrics"));
        assert!(!allows_url("{nonResourceURLs: [/metrics], verbs: [get]}", "/metrics/slis"));
        assert!(allows_url("{nonResourceURLs: [/metrics/*], verbs: [get]}", "/metrics/slis"));
        assert!(allows_url("{nonResourceURLs: ['*'], verbs: ['*']}", "/logs"));
        assert!(!allows_url("{nonResourceURLs: ['*'], verbs: [post]}", "/logs"));
    }
}
