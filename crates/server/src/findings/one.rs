//! One finding, and one workload.

use axum::Json;
use axum::extract::State;
use rampart_store::{finding, waiver, workload};
use serde::Serialize;

use crate::auth::{Caller, Role};
use crate::input::Segments;
use crate::problem::ProblemBody;
use crate::shape;
use crate::shape::finding::Mapping;
use crate::shape::rule::mappings;
use crate::shape::waiver::Waiver;
use crate::{Plane, Problem};

/// What the store knows, with the rule's words and the waivers that cover it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Finding {
    #[serde(flatten)]
    known: finding::one::Finding,
    why: &'static str,
    fix: &'static str,
    maps_to: Vec<Mapping>,
    waivers: Vec<Waiver>,
}

/// One finding with its evidence, what to do about it, its history and its waivers.
#[utoipa::path(get, path = "/findings/{cluster}/{fingerprint}", tag = "findings",
    params(("cluster" = String, Path), ("fingerprint" = String, Path)),
    responses((status = 200, body = shape::finding::Finding), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn finding(
    State(plane): State<Plane>,
    caller: Caller,
    Segments((cluster, fingerprint)): Segments<(String, String)>,
) -> Result<Json<Finding>, Problem> {
    let (scope, names) = (caller.scope(Role::Viewer), plane.clone());
    let (known, waivers) = plane
        .read(move |tx| {
            let titles = |rule: &str| names.title(rule);
            let known = finding::one::get(tx, &scope, &cluster, &fingerprint, &titles)?;
            let brief = &known.brief;
            let subject = waiver::matches::Subject {
                cluster: &brief.cluster,
                rule: &brief.rule,
                kind: &brief.subject.kind,
                namespace: &brief.subject.namespace,
                name: &brief.subject.name,
                key: &brief.key,
            };
            let mut waivers = Vec::new();
            for waiver in waiver::matches::covering(tx, &scope, &subject)? {
                let matches = waiver::matches::count(tx, &scope, &waiver)?;
                waivers.push(Waiver::of(waiver, matches));
            }
            Ok((known, waivers))
        })
        .await?;
    let rule = plane.rule(&known.brief.rule);
    Ok(Json(Finding {
        why: rule.map_or("", |rule| rule.why),
        fix: rule.map_or("", |rule| rule.fix),
        maps_to: rule.map(mappings).unwrap_or_default(),
        waivers,
        known,
    }))
}

/// All that is known of one object. `-` stands for no namespace.
#[utoipa::path(get, path = "/workloads/{cluster}/{kind}/{namespace}/{name}", tag = "findings",
    params(("cluster" = String, Path), ("kind" = String, Path), ("namespace" = String, Path), ("name" = String, Path)),
    responses((status = 200, body = shape::finding::Workload), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn workload(
    State(plane): State<Plane>,
    caller: Caller,
    Segments((cluster, kind, namespace, name)): Segments<(String, String, String, String)>,
) -> Result<Json<workload::Workload>, Problem> {
    let (scope, names) = (caller.scope(Role::Viewer), plane.clone());
    let namespace = if namespace == "-" { String::new() } else { namespace };
    plane
        .read(move |tx| {
            let titles = |rule: &str| names.title(rule);
            workload::get(tx, &scope, &cluster, &kind, &namespace, &name, &titles)
        })
        .await
        .map(Json)
}
