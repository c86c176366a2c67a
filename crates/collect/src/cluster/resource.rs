//! A kind that the cluster serves, and how much of it is worth reading.

/// Groups whose servers compute their objects at each request: metrics and package catalogues. They say nothing of
/// security, and are often down.
pub(super) const SKIPPED_GROUPS: [&str; 4] =
    ["metrics.k8s.io", "custom.metrics.k8s.io", "external.metrics.k8s.io", "packages.operators.coreos.com"];

/// What to read of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Whole objects.
    Full,
    /// Names, labels, annotations and owners.
    Metadata,
    /// Nothing.
    Skip,
}

/// A kind in the version to read it in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Resource {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    /// The name in URLs, such as `deployments`.
    pub(crate) plural: String,
    pub(crate) is_namespaced: bool,
}

impl Resource {
    pub(crate) fn api_version(&self) -> String {
        match self.group.as_str() {
            "" => self.version.clone(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// `api/v1` or `apis/GROUP/VERSION`.
    fn root(&self) -> String {
        match self.group.as_str() {
            "" => format!("api/{}", self.version),
            group => format!("apis/{group}/{}", self.version),
        }
    }

    /// The API path of all objects, without a leading slash.
    pub(crate) fn path(&self) -> String {
        format!("{}/{}", self.root(), self.plural)
    }

    /// The API path of the objects of one namespace.
    pub(crate) fn path_in(&self, namespace: &str) -> String {
        format!("{}/namespaces/{namespace}/{}", self.root(), self.plural)
    }

    /// The API path of one object, which is the name of the source that it is read from.
    pub(crate) fn path_of(&self, namespace: &str, name: &str) -> String {
        match namespace {
            "" => format!("{}/{name}", self.path()),
            namespace => format!("{}/{name}", self.path_in(namespace)),
        }
    }

    /// What to read of this kind. Skipped is what says nothing of security and is large or short-lived: events (records of
    /// what happened, not state) and component statuses (long deprecated, answered by probing). Of leases, endpoints and their slices, and of old revisions of
    /// workloads it is enough that they are there: their content repeats what nodes, Services and workloads say.
    pub(crate) fn depth(&self) -> Depth {
        match (self.group.as_str(), self.plural.as_str()) {
            ("" | "events.k8s.io", "events") | ("", "componentstatuses") => Depth::Skip,
            ("coordination.k8s.io", "leases")
            | ("", "endpoints")
            | ("discovery.k8s.io", "endpointslices")
            | ("apps", "controllerrevisions") => Depth::Metadata,
            _ => Depth::Full,
        }
    }

    /// Whether its objects say what other kinds there are.
    pub(crate) fn defines_kinds(&self) -> bool {
        matches!(self.plural.as_str(), "customresourcedefinitions" | "apiservices")
    }

    /// Objects of one page: fewer where one of them may be a megabyte.
    pub(crate) fn page(&self) -> u32 {
        match self.plural.as_str() {
            "secrets" | "configmaps" | "customresourcedefinitions" => 100,
            _ => 500,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(group: &str, version: &str, kind: &str, plural: &str) -> Resource {
        let [group, version, kind, plural] = [group, version, kind, plural].map(str::to_owned);
        Resource { group, version, kind, plural, is_namespaced: true }
    }

    #[test]
    fn paths_are_those_of_the_api() {
        let deployment = resource("apps", "v1", "Deployment", "deployments");
        assert_eq!(deployment.path_of("shop", "web"), "apis/apps/v1/namespaces/shop/deployments/web");
        let node = resource("", "v1", "Node", "nodes");
        assert_eq!((node.path_of("", "a"), node.api_version()), ("api/v1/nodes/a".to_owned(), "v1".to_owned()));
    }

    #[test]
    fn events_are_skipped_and_leases_read_by_name() {
        assert_eq!(resource("", "v1", "Event", "events").depth(), Depth::Skip);
        assert_eq!(resource("coordination.k8s.io", "v1", "Lease", "leases").depth(), Depth::Metadata);
        assert_eq!(resource("", "v1", "Secret", "secrets").depth(), Depth::Full);
    }
}
