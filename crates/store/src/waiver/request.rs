//! Asking for a waiver: one that is described, or one for each of some findings.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::actor::Actor;
use crate::failure::Failure;
use crate::scope::Scope;
use crate::tx::Tx;
use crate::waiver::{COLUMNS, Waiver, covered};
use crate::{audit, bounds, json, secret, values};

/// Findings in one bulk request.
const MOST: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    pub rule: String,
    #[serde(default)]
    pub clusters: Vec<String>,
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub namespace: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub key: Option<String>,
    pub reason: String,
    pub owner: String,
    pub expires: Date,
}

/// A finding that somebody ticked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Selected {
    pub cluster: String,
    pub fingerprint: String,
}

/// `POST /waivers/bulk`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bulk {
    pub findings: Vec<Selected>,
    pub reason: String,
    pub owner: String,
    pub expires: Date,
}

/// `scope` is where the actor may ask.
///
/// # Errors
/// The request is not well formed, reaches beyond the scope, or its last day is over.
pub fn request(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &Actor<'_>,
    request: &Request,
    now: Timestamp,
) -> Result<Waiver, Failure> {
    let waiver = insert(tx, scope, actor, request, now)?;
    audit::done(tx, now, actor, "waiver.request", &waiver.id, waiver.outline())?;
    Ok(waiver)
}

/// One waiver for each rule and subject among the findings; the same subject in several clusters shares one.
///
/// # Errors
/// A finding does not exist or is not in scope, or as for [`request`]. Then none is made.
pub fn request_for(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &Actor<'_>,
    bulk: &Bulk,
    now: Timestamp,
) -> Result<Vec<Waiver>, Failure> {
    let findings = &bulk.findings;
    if findings.is_empty() || findings.len() > MOST {
        return Err(Failure::invalid("findings", format!("give 1 to {MOST} findings, not {}", findings.len())));
    }
    let mut subjects: BTreeMap<[String; 5], Vec<String>> = BTreeMap::new();
    for selected in findings {
        let subject = subject_of(tx, selected)?
            .filter(|[_, _, namespace, ..]| scope.sees(&selected.cluster, namespace))
            .ok_or_else(|| {
                Failure::missing(format!(
                    "finding `{}` in `{}`",
                    selected.fingerprint.escape_debug(),
                    selected.cluster.escape_debug()
                ))
            })?;
        let clusters = subjects.entry(subject).or_default();
        if !clusters.contains(&selected.cluster) {
            clusters.push(selected.cluster.clone());
        }
    }
    let mut waivers = Vec::with_capacity(subjects.len());
    for ([rule, kind, namespace, name, key], clusters) in subjects {
        let one = Request {
            rule,
            clusters,
            kind: Some(kind),
            namespace: Some(namespace),
            name: Some(name),
            key: (!key.is_empty()).then_some(key),
            reason: bulk.reason.clone(),
            owner: bulk.owner.clone(),
            expires: bulk.expires,
        };
        waivers.push(insert(tx, scope, actor, &one, now)?);
    }
    for waiver in &waivers {
        audit::done(tx, now, actor, "waiver.request", &waiver.id, waiver.outline())?;
    }
    Ok(waivers)
}

fn subject_of(tx: &mut Tx<'_>, selected: &Selected) -> Result<Option<[String; 5]>, Failure> {
    tx.first(
        "SELECT f.rule, f.kind, f.namespace, f.name, f.key FROM finding f JOIN cluster c ON c.id = f.cluster \
         WHERE c.name = ?1 AND f.fingerprint = ?2",
        values![&selected.cluster, &selected.fingerprint],
        |row| Ok([row.take()?, row.take()?, row.take()?, row.take()?, row.take()?]),
    )
}

fn insert(
    tx: &mut Tx<'_>,
    scope: &Scope,
    actor: &Actor<'_>,
    request: &Request,
    now: Timestamp,
) -> Result<Waiver, Failure> {
    check(request, now)?;
    if !covered::is_within(&request.clusters, request.namespace.as_deref(), scope) {
        return Err(Failure::denied(
            "the waiver reaches further than your roles: name clusters and a namespace that you may see",
        ));
    }
    let waiver = tx.first(
        &format!(
            "INSERT INTO waiver (id, rule, clusters, kind, namespace, name, key, reason, owner, expires, state, \
             requested_by, requested_by_name, requested_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'requested', ?11, ?12, ?13) RETURNING {COLUMNS}"
        ),
        values![
            secret::id("w")?,
            &request.rule,
            json::write(&request.clusters)?,
            request.kind.as_deref(),
            request.namespace.as_deref(),
            request.name.as_deref(),
            request.key.as_deref(),
            request.reason.trim(),
            request.owner.trim(),
            request.expires.to_string(),
            actor.id,
            actor.name,
            now,
        ],
        Waiver::read,
    )?;
    waiver.ok_or_else(|| Failure::corrupt("the database kept no waiver"))
}

fn check(request: &Request, now: Timestamp) -> Result<(), Failure> {
    bounds::text("rule", &request.rule, 200)?;
    bounds::globs("clusters", &request.clusters)?;
    for (field, value) in
        [("kind", &request.kind), ("namespace", &request.namespace), ("name", &request.name), ("key", &request.key)]
    {
        value.as_deref().map_or(Ok(()), |value| bounds::optional(field, value, 500))?;
    }
    bounds::text("reason", &request.reason, 2000)?;
    bounds::text("owner", &request.owner, 200)?;
    if request.rule.trim_matches('*').is_empty() {
        return Err(Failure::invalid(
            "rule",
            "a waiver for every rule excuses everything: name a rule or the beginning of one",
        ));
    }
    if request.expires < today(now) {
        return Err(Failure::invalid("expires", format!("`{}` is over: give today or a later day", request.expires)));
    }
    Ok(())
}

/// Waivers end with the day in UTC, wherever the plane runs.
pub(crate) fn today(now: Timestamp) -> Date {
    now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date()
}
