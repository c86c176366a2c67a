//! What the cluster serves: every kind that can be listed, each in one version.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use futures_util::StreamExt;
use kube::Client;
use rampart_model::Document;

use super::get::{self, JSON};
use super::parse;
use super::resource::{Depth, Resource, SKIPPED_GROUPS};

pub(crate) struct Served {
    /// Kinds worth reading, by group and name.
    pub(crate) resources: Vec<Resource>,
    /// `group/version`s that could not be looked up, and why.
    pub(crate) failed: BTreeMap<String, String>,
    built_in: HashSet<String>,
}

impl Served {
    /// The name under which a kind is reported as unseen: `Kind`, or `group/Kind` where Kubernetes has a kind of this
    /// name itself.
    pub(crate) fn unseen_name(&self, resource: &Resource) -> String {
        if !is_built_in(&resource.group) && self.built_in.contains(&resource.kind) {
            return format!("{}/{}", resource.group, resource.kind);
        }
        resource.kind.clone()
    }
}

fn is_built_in(group: &str) -> bool {
    !group.contains('.') || (group.ends_with(".k8s.io") && !group.ends_with(".x-k8s.io"))
}

/// Asks for groups, then for the kinds of each version. Fails only where the cluster does not answer at all.
pub(crate) async fn discover(client: &Client) -> kube::Result<Served> {
    let core = get::get(client, "/api", JSON).await?;
    let groups = get::get(client, "/apis", JSON).await?;
    let mut versions: Vec<(usize, String, String)> = Vec::new();
    if let Some(document) = parse(core) {
        let names = document.root().field("versions").into_iter().flat_map(|list| list.items());
        versions.extend(names.filter_map(|name| name.str()).map(|name| (0, String::new(), name.to_owned())));
    }
    if let Some(document) = parse(groups) {
        let groups = group_versions(&document).into_iter();
        versions.extend(groups.filter(|(_, group, _)| !SKIPPED_GROUPS.contains(&group.as_str())));
    }
    let mut answers: Vec<_> = futures_util::stream::iter(versions)
        .map(|(rank, group, version)| async move {
            let path = match group.as_str() {
                "" => format!("/api/{version}"),
                group => format!("/apis/{group}/{version}"),
            };
            let answer = get::get(client, &path, JSON).await;
            (group, rank, version, answer)
        })
        .buffer_unordered(super::AT_ONCE)
        .collect()
        .await;
    answers.sort_by(|(a_group, a_rank, ..), (b_group, b_rank, ..)| (a_group, a_rank).cmp(&(b_group, b_rank)));
    let (mut found, mut failed) = (BTreeSet::new(), BTreeMap::new());
    let mut known = HashSet::new();
    for (group, _, version, answer) in answers {
        match answer.map(parse) {
            Ok(Some(document)) => {
                let resources = resources(&document, &group, &version);
                // The preferred version comes first and wins.
                found.extend(resources.filter(|one| known.insert((group.clone(), one.plural.clone()))));
            }
            Ok(None) => drop(failed.insert(name(&group, &version), "its answer is no JSON".to_owned())),
            Err(error) => drop(failed.insert(name(&group, &version), get::cause(&error))),
        }
    }
    Ok(select(found, failed))
}

fn name(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

/// The versions of each group, the preferred one first.
fn group_versions(document: &Document) -> Vec<(usize, String, String)> {
    let mut found = Vec::new();
    for group in document.root().field("groups").into_iter().flat_map(|list| list.items()) {
        let Some(name) = group.text_at(&["name"]) else { continue };
        let preferred = group.text_at(&["preferredVersion", "version"]).unwrap_or_default();
        let versions = group.field("versions").into_iter().flat_map(|list| list.items());
        for (rank, version) in versions.filter_map(|version| version.text_at(&["version"])).enumerate() {
            let rank = if version == preferred { 0 } else { rank + 1 };
            found.push((rank, name.to_owned(), version.to_owned()));
        }
    }
    found
}

fn resources(document: &Document, group: &str, version: &str) -> impl Iterator<Item = Resource> {
    let entries = document.root().field("resources").into_iter().flat_map(|list| list.items());
    let found: Vec<Resource> = entries
        .filter_map(|entry| {
            let plural = entry.text_at(&["name"]).filter(|name| !name.contains('/'))?;
            let mut verbs = entry.field("verbs")?.items().filter_map(|verb| verb.str());
            verbs.any(|verb| verb == "list").then_some(Resource {
                group: group.to_owned(),
                version: version.to_owned(),
                kind: entry.text_at(&["kind"])?.to_owned(),
                plural: plural.to_owned(),
                is_namespaced: entry.bool_at(&["namespaced"]).unwrap_or(false),
            })
        })
        .collect();
    found.into_iter()
}

/// Leaves out what is not worth reading, and the old group `extensions` where a kind has found its own group since: both
/// names show the same objects.
fn select(found: BTreeSet<Resource>, failed: BTreeMap<String, String>) -> Served {
    let elsewhere: HashSet<String> =
        found.iter().filter(|one| one.group != "extensions").map(|one| one.kind.clone()).collect();
    let built_in = found.iter().filter(|one| is_built_in(&one.group)).map(|one| one.kind.clone()).collect();
    let is_wanted =
        |one: &Resource| one.depth() != Depth::Skip && !(one.group == "extensions" && elsewhere.contains(&one.kind));
    Served { resources: found.into_iter().filter(is_wanted).collect(), failed, built_in }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferred_version_is_asked_first_and_subresources_are_no_kinds() {
        let groups = parse(
            br#"{"groups":[{"name":"batch","versions":[{"version":"v2"},{"version":"v1"}],"preferredVersion":{"version":"v1"}}]}"#
                .to_vec(),
        );
        let mut versions = group_versions(&groups.unwrap());
        versions.sort();
        assert_eq!(versions.iter().map(|(_, _, version)| version.as_str()).collect::<Vec<_>>(), ["v1", "v2"]);
        let answer = parse(
            br#"{"resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["get","list"]},
            {"name":"pods/exec","kind":"PodExecOptions","verbs":["create"]},{"name":"bindings","kind":"Binding","verbs":["create"]}]}"#
                .to_vec(),
        );
        let found: Vec<Resource> = resources(&answer.unwrap(), "", "v1").collect();
        assert_eq!(found.iter().map(|one| one.plural.as_str()).collect::<Vec<_>>(), ["pods"]);
    }

    #[test]
    fn foreign_kind_with_a_known_name_is_unseen_under_its_group() {
        let resource = |group: &str, kind: &str| Resource {
            group: group.to_owned(),
            version: "v1".to_owned(),
            kind: kind.to_owned(),
            plural: kind.to_lowercase(),
            is_namespaced: true,
        };
        let found =
            [resource("", "Service"), resource("serving.knative.dev", "Service"), resource("acme.dev", "Rocket")];
        let served = select(found.clone().into_iter().collect(), BTreeMap::new());
        let names: Vec<String> = found.iter().map(|one| served.unseen_name(one)).collect();
        assert_eq!(names, ["Service", "serving.knative.dev/Service", "Rocket"]);
    }
}
