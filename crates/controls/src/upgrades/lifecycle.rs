//! Asks the table of API versions: is this one served, until when, and what comes after it.

mod table;

use rampart_model::{Object, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub api_version: &'static str,
    pub kind: &'static str,
    /// Minor releases of Kubernetes 1; 0 where there is none.
    pub introduced: u32,
    pub deprecated: u32,
    pub removed: u32,
    /// Empty where nothing replaces it.
    pub replacement: &'static str,
}

pub(super) fn find(api_version: &str, kind: &str) -> Option<&'static Row> {
    let position = table::TABLE.binary_search_by(|row| (row.api_version, row.kind).cmp(&(api_version, kind))).ok()?;
    table::TABLE.get(position)
}

/// As [`find`], by the plural name that RBAC and webhooks use.
pub(super) fn find_resource(group: &str, version: &str, resource: &str) -> Option<&'static Row> {
    rows_of(group, resource).find(|row| row.api_version.rsplit('/').next() == Some(version))
}

/// Every version of a resource in one group.
pub(super) fn rows_of(group: &str, resource: &str) -> impl Iterator<Item = &'static Row> {
    table::TABLE.iter().filter(move |row| row.group() == group && is_plural(resource, row.kind))
}

/// True for the plural that Kubernetes makes of a kind: `ingresses`, `networkpolicies`, `deployments`.
fn is_plural(resource: &str, kind: &str) -> bool {
    let (stem, end) = match (kind.strip_suffix('y'), kind.ends_with('s')) {
        (Some(stem), _) => (stem, "ies"),
        (None, true) => (kind, "es"),
        (None, false) => (kind, "s"),
    };
    resource.strip_suffix(end).is_some_and(|given| given.eq_ignore_ascii_case(stem))
}

impl Row {
    pub(super) fn group(&self) -> &'static str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    pub(super) fn is_removed(&self, target: u32) -> bool {
        self.removed != 0 && self.removed <= target
    }

    pub(super) fn is_deprecated(&self, target: u32) -> bool {
        self.deprecated != 0 && self.deprecated <= target
    }

    /// The API version that serves this kind in `target`, where one does.
    pub(super) fn replacement(&self, target: u32) -> Option<&'static str> {
        let mut next = self.replacement;
        // Chains are short: a beta may point at the next beta, which is gone as well.
        for _ in 0..4 {
            match find(next, self.kind) {
                _ if next.is_empty() => return None,
                Some(row) if row.is_removed(target) => next = row.replacement,
                Some(row) if row.introduced > target => return None,
                _ => return Some(next),
            }
        }
        None
    }

    /// True where the object at hand means the same under `replacement` with nothing but its `apiVersion` changed.
    pub(super) fn moves_as_it_is(&self, object: &Object<'_>, replacement: &str) -> bool {
        let spec = object.value().field("spec");
        let has = |key: &str| spec.and_then(|spec| spec.field(key)).is_some();
        match (self.kind, replacement) {
            ("CronJob", "batch/v1")
            | ("ClusterRole" | "ClusterRoleBinding" | "Role" | "RoleBinding", _)
            | ("NetworkPolicy" | "IngressClass" | "IPAddress" | "ServiceCIDR", "networking.k8s.io/v1")
            | ("StorageClass" | "CSIDriver" | "VolumeAttachment" | "VolumeAttributesClass", "storage.k8s.io/v1")
            | ("PriorityClass" | "Lease" | "APIService" | "FlowSchema", _)
            | ("ValidatingAdmissionPolicy" | "ValidatingAdmissionPolicyBinding", "admissionregistration.k8s.io/v1")
            | ("Policy", "audit.k8s.io/v1") => true,
            ("RuntimeClass", _) => self.api_version == "node.k8s.io/v1beta1",
            ("HorizontalPodAutoscaler", _) => self.api_version == "autoscaling/v2beta2",
            // An empty selector meant no pod in v1beta1, and means every pod in v1.
            ("PodDisruptionBudget", _) => spec.and_then(|spec| spec.field("selector")).is_some_and(|selector| {
                ["matchLabels", "matchExpressions"]
                    .into_iter()
                    .any(|key| selector.field(key).is_some_and(|terms| !terms.is_empty()))
            }),
            // The old versions made up a selector; the new one demands it.
            ("Deployment" | "DaemonSet" | "ReplicaSet" | "StatefulSet", "apps/v1") => {
                has("selector") && !has("rollbackTo") && !has("templateGeneration")
            }
            _ => false,
        }
    }
}

/// True where the object was read from a server, which converts stored objects to the version that it was asked for.
pub(super) fn is_live(object: &Object<'_>) -> bool {
    !object.value().document().source().has_lines
}

/// The field `apiVersion`; the object itself where a typed list around it holds the version.
pub(super) fn version_field<'d>(object: &Object<'d>) -> Value<'d> {
    object.value().field("apiVersion").unwrap_or(object.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_the_search() {
        assert!(
            table::TABLE
                .windows(2)
                .all(|pair| { (pair[0].api_version, pair[0].kind) < (pair[1].api_version, pair[1].kind) })
        );
    }

    #[test]
    fn chains_of_replacements_end_at_a_served_version() {
        let row = find("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema").unwrap();
        assert_eq!(row.replacement(27), Some("flowcontrol.apiserver.k8s.io/v1beta3"));
        assert_eq!(row.replacement(33), Some("flowcontrol.apiserver.k8s.io/v1"));
        assert_eq!(find("policy/v1beta1", "PodSecurityPolicy").unwrap().replacement(25), None);
        for row in table::TABLE.iter().filter(|row| !row.replacement.is_empty()) {
            assert!(find(row.replacement, row.kind).is_some() || row.kind.ends_with("Rollback"), "{row:?}");
        }
    }

    #[test]
    fn plurals_lead_to_kinds() {
        let found = |group, version, resource| find_resource(group, version, resource).map(|row| row.kind);
        assert_eq!(found("extensions", "v1beta1", "ingresses"), Some("Ingress"));
        assert_eq!(found("networking.k8s.io", "v1", "networkpolicies"), Some("NetworkPolicy"));
        assert_eq!(found("apps", "v1", "deployments"), Some("Deployment"));
        assert_eq!(found("apps", "v1", "pods"), None);
    }

    /// The API group of a folder of `k8s.io/api`.
    fn group(folder: &str) -> String {
        match folder {
            "core" => String::new(),
            "apps" | "autoscaling" | "batch" | "extensions" | "policy" => folder.to_owned(),
            "rbac" => "rbac.authorization.k8s.io".to_owned(),
            "flowcontrol" => "flowcontrol.apiserver.k8s.io".to_owned(),
            _ => format!("{folder}.k8s.io"),
        }
    }

    #[test]
    fn the_table_agrees_with_the_markers_of_the_source() {
        let folder = std::env::var("RAMPART_CORPORA").unwrap_or_else(|_| "../../../shared/corpora".to_owned());
        let Ok(text) = std::fs::read_to_string(format!("{folder}/k8s-api-lifecycle-v1.37.json")) else {
            eprintln!("SKIPPED: no corpora in `{folder}`; name their folder in RAMPART_CORPORA");
            return;
        };
        let markers: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut compared = 0;
        let mut wrong = String::new();
        for marker in markers.as_array().unwrap() {
            let (folder, version) = marker[0].as_str().unwrap().split_once('/').unwrap();
            let (api_version, kind) = (format!("{}/{version}", group(folder)), marker[1].as_str().unwrap());
            if folder == "core" {
                continue;
            }
            let minor = |name: &str| u32::try_from(marker[2][name][1].as_u64().unwrap_or(0)).unwrap();
            let (introduced, deprecated, removed) = (minor("Introduced"), minor("Deprecated"), minor("Removed"));
            let agrees = find(&api_version, kind).is_some_and(|row| {
                (row.introduced, row.deprecated, row.removed) == (introduced, deprecated, removed)
                    && marker[2]["Replacement"].as_str().is_none_or(|replacement| replacement == row.replacement)
            });
            compared += 1;
            if !agrees {
                let replacement = marker[2]["Replacement"].as_str().unwrap_or_default();
                wrong.push_str(&format!(
                    "    row(\"{api_version}\", \"{kind}\", {introduced}, {deprecated}, {removed}, \"{replacement}\"),\n"
                ));
            }
        }
        assert!(wrong.is_empty(), "rows to add or to replace:\n{wrong}");
        assert!(compared > 100, "the corpus holds {compared} kinds");
    }
}
