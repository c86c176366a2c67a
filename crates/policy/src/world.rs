//! What a policy may look up: objects beside the one in question, facts of registries, answers of calls, the time.
//!
//! All of it is given beforehand; nothing here calls anything. What is not there is not known, and a rule that needs it
//! says so.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rampart_model::Object;
use serde_json::Value as Tree;

use crate::expression::Access;
use crate::review::User;

/// The surroundings of a review.
#[derive(Default)]
pub struct World<'d> {
    /// What the clock shows.
    pub now: Option<Timestamp>,
    objects: Vec<Object<'d>>,
    /// An object that is not among them does not exist; else nothing is known of it.
    complete: bool,
    /// Image reference to what its registry says (`manifest`, `configData`, ...), as policies read it.
    pub images: BTreeMap<String, Tree>,
    /// `METHOD urlPath` to the body of the answer.
    pub calls: BTreeMap<String, Tree>,
    /// Entries of the global context by name.
    pub globals: BTreeMap<String, Tree>,
    /// The Pod Security check, which lies with its control: level, version, the object; what it says against each control.
    pub pod_security: Option<PodSecurity>,
    /// Whether a user has a right; none where that is not known.
    pub authorize: Option<Authorize>,
}

/// A user and a right to whether the user has it.
pub type Authorize = Box<dyn Fn(&User, &Access) -> Option<bool> + Send + Sync>;

/// Level (`baseline`), version (`v1.29`, `latest`) and an object that makes pods, to what each control says against it.
pub type PodSecurity = fn(level: &str, version: &str, object: Object<'_>) -> Vec<Violation>;

/// What the Pod Security Standards say against a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The control's name in the standard: `Privileged Containers`.
    pub control: String,
    /// The field, as a dotted path from the pod: `spec.containers[0].securityContext.privileged`.
    pub field: String,
    /// The image of the container, where it is about one.
    pub image: Option<String>,
    /// The value found, as it would be written; empty when it is missing.
    pub value: String,
    pub message: String,
}

impl<'d> World<'d> {
    /// `complete` says that an object which is not among `objects` does not exist.
    pub fn of(objects: Vec<Object<'d>>, complete: bool) -> Self {
        Self { objects, complete, ..Self::default() }
    }

    pub fn is_complete(&self) -> bool {
        self.complete
    }

    pub fn objects(&self) -> &[Object<'d>] {
        &self.objects
    }

    /// `namespace` is empty for cluster-scoped kinds.
    pub fn find(&self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Option<Object<'d>> {
        self.list(api_version, kind, namespace).find(|object| object.name() == name)
    }

    /// The objects of a kind, in one namespace or (`namespace` empty) in all.
    pub fn list<'w>(
        &'w self,
        api_version: &'w str,
        kind: &'w str,
        namespace: &'w str,
    ) -> impl Iterator<Item = Object<'d>> + use<'d, 'w> {
        self.objects.iter().copied().filter(move |object| {
            object.kind() == kind
                && object.api_version() == api_version
                && (namespace.is_empty() || object.namespace() == namespace)
        })
    }

    pub fn namespace(&self, name: &str) -> Option<Object<'d>> {
        self.find("v1", "Namespace", "", name)
    }
}
