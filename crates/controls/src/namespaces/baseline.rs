//! How much of what a namespace should have each one has. A pure function of the facts.

use std::collections::BTreeMap;

use rampart_model::facts::network::Enforcement;
use rampart_model::facts::workloads::Workload;
use rampart_model::{BaselinePart, Facts, Name, NamespaceBaseline, PartState, Settings};

use super::space::{Direction, Space, judged};

/// The baseline of every namespace that has workloads of users, by name.
pub(crate) fn baselines(facts: &Facts, settings: &Settings) -> Vec<NamespaceBaseline> {
    judged(facts, settings).iter().map(|space| of(space, facts)).collect()
}

pub(crate) fn of(space: &Space<'_>, facts: &Facts) -> NamespaceBaseline {
    let parts = BaselinePart::ALL.map(|part| (part, state(part, space, facts)));
    NamespaceBaseline { namespace: space.name.to_owned(), parts: parts.to_vec() }
}

fn state(part: BaselinePart, space: &Space<'_>, facts: &Facts) -> PartState {
    let unless_unseen = |kind: &str, state: PartState| match state {
        // Without sight of the kind, its absence proves nothing.
        PartState::Missing if facts.unseen.contains_key(kind) => PartState::Unknown,
        state => state,
    };
    let met = |is_met: bool| if is_met { PartState::Met } else { PartState::Missing };
    match part {
        BaselinePart::ResourceQuota => unless_unseen("ResourceQuota", met(holds(&facts.namespaces.quotas, space.name))),
        BaselinePart::LimitRange => unless_unseen("LimitRange", met(holds(&facts.namespaces.limit_ranges, space.name))),
        BaselinePart::PodSecurityLabels => unless_unseen("Namespace", pod_security(space)),
        // What nothing enforces denies nothing.
        BaselinePart::DefaultDenyIngress | BaselinePart::DefaultDenyEgress
            if facts.network.enforcement() == Enforcement::No =>
        {
            PartState::Missing
        }
        BaselinePart::DefaultDenyIngress => unless_unseen("NetworkPolicy", space.default_deny(Direction::Ingress)),
        BaselinePart::DefaultDenyEgress => unless_unseen("NetworkPolicy", space.default_deny(Direction::Egress)),
        BaselinePart::OwnServiceAccounts => met(!has_shared_account(space, facts)),
        BaselinePart::NoDefaultToken => {
            let mounts = space
                .workloads
                .iter()
                .any(|workload| &*workload.service_account == "default" && mounts_token(workload, facts));
            unless_unseen("ServiceAccount", met(!mounts))
        }
    }
}

/// Whether a sorted list of namespaces holds this one.
pub(crate) fn holds(namespaces: &[Name], wanted: &str) -> bool {
    namespaces.binary_search_by(|name| (**name).cmp(wanted)).is_ok()
}

/// A label that enforces a level below `privileged`. Which version and how strict is for the rules of pod security.
fn pod_security(space: &Space<'_>) -> PartState {
    match space.object.map(|namespace| namespace.label("pod-security.kubernetes.io/enforce")) {
        Some(Some("baseline" | "restricted")) => PartState::Met,
        Some(_) => PartState::Missing,
        // Manifests may leave the namespace to others, who may have labelled it.
        None => PartState::Unknown,
    }
}

/// True where the token of the pod's service account is mounted, as far as the pod and the account say.
pub(crate) fn mounts_token(workload: &Workload, facts: &Facts) -> bool {
    let of_account = || {
        let account = facts.namespaces.service_account(workload.origin.namespace(), &workload.service_account);
        account.and_then(|account| account.automount_token)
    };
    workload.automount_token.or_else(of_account).unwrap_or(true)
}

/// Workloads of a namespace by service account. Of `default`, only those that mount its token: the others have no
/// identity to share.
pub(crate) fn by_account<'f>(space: &Space<'f>, facts: &Facts) -> BTreeMap<&'f str, Vec<&'f Workload>> {
    let mut accounts: BTreeMap<&str, Vec<&Workload>> = BTreeMap::new();
    for workload in &space.workloads {
        let name: &'f str = &workload.service_account;
        if name != "default" || mounts_token(workload, facts) {
            let users = accounts.entry(name).or_default();
            // A custom kind may hold several templates.
            if users.iter().all(|user| user.origin.subject != workload.origin.subject) {
                users.push(workload);
            }
        }
    }
    accounts
}

fn has_shared_account(space: &Space<'_>, facts: &Facts) -> bool {
    by_account(space, facts).values().any(|users| users.len() > 1)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rampart_model::{Document, Limits, Object, SourceText};

    use super::*;

    fn facts(yaml: &str) -> Facts {
        let (documents, error) = Document::all_from_yaml(&Arc::new(SourceText::new("x.yaml", yaml)), &Limits::STANDARD);
        assert_eq!(error, None);
        let mut facts = Facts::default();
        for object in documents.iter().flat_map(Object::all) {
            facts.fold(&object);
        }
        facts.sort();
        facts
    }

    const COMPLETE: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {serviceAccountName: web, containers: [{name: web, image: web}]}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: quota, namespace: shop}
---
apiVersion: v1
kind: LimitRange
metadata: {name: limits, namespace: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
";

    fn settings() -> Settings {
        Settings::new("2026-06-01T00:00:00Z".parse().unwrap())
    }

    fn only(facts: &Facts) -> NamespaceBaseline {
        let baselines = baselines(facts, &settings());
        assert_eq!(baselines.len(), 1);
        baselines[0].clone()
    }

    #[test]
    fn a_namespace_with_everything_is_complete() {
        let baseline = only(&facts(COMPLETE));
        assert!(baseline.is_complete(), "{baseline:?}");
        assert_eq!(baseline.score(), Some(100));
    }

    #[test]
    fn a_bare_namespace_has_what_one_workload_alone_cannot_lack() {
        let baseline = only(&facts(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a}]}\n",
        ));
        assert_eq!(baseline.state(BaselinePart::OwnServiceAccounts), PartState::Met);
        assert_eq!(baseline.state(BaselinePart::NoDefaultToken), PartState::Missing);
        assert_eq!(baseline.state(BaselinePart::PodSecurityLabels), PartState::Unknown);
        // One of the six parts that could be seen.
        assert_eq!(baseline.score(), Some(16));
    }

    #[test]
    fn what_could_not_be_listed_is_neither_there_nor_missing() {
        let mut facts = facts("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a}]}\n");
        for kind in ["ResourceQuota", "LimitRange", "Namespace", "NetworkPolicy", "ServiceAccount"] {
            facts.unseen.insert(kind.to_owned(), "forbidden".to_owned());
        }
        let baseline = only(&facts);
        assert_eq!(baseline.count(PartState::Unknown), 6);
        assert_eq!(baseline.count(PartState::Missing), 0);
    }

    #[test]
    fn policies_that_nothing_enforces_do_not_count() {
        let flannel = "---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel, namespace: kube-flannel}
spec: {template: {spec: {containers: [{name: kube-flannel, image: ghcr.io/flannel-io/flannel:v0.26.1}]}}}
";
        let baseline = only(&facts(&format!("{COMPLETE}{flannel}")));
        assert_eq!(baseline.state(BaselinePart::DefaultDenyIngress), PartState::Missing);
        assert_eq!(baseline.state(BaselinePart::DefaultDenyEgress), PartState::Missing);
        assert_eq!(baseline.state(BaselinePart::ResourceQuota), PartState::Met);
    }

    #[test]
    fn system_namespaces_and_empty_ones_are_not_measured() {
        let facts = facts(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: kube-system}\nspec: {containers: [{name: a}]}\n\
             ---\napiVersion: v1\nkind: Namespace\nmetadata: {name: empty}\n",
        );
        assert_eq!(baselines(&facts, &settings()), []);
    }
}
