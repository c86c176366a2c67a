//! Writes what changed of the findings and says what the history has to say of it.

use jiff::Timestamp;

use super::Transition;
use super::transition::New;
use crate::blob;
use crate::drift::Entry;
use crate::failure::Failure;
use crate::grade::State;
use crate::sql::in_parts;
use crate::tx::Tx;
use crate::value::Value;

const INSERT: &str = "INSERT INTO finding (cluster, fingerprint, rule, control, severity, state, fixable, api_version, kind, \
     namespace, name, key, message, cause_api_version, cause_kind, cause_namespace, cause_name, waiver, digest, blob, due, \
     first_seen, resolved, reopened)";

/// What is not named stays as it was: when it was seen first.
const REPLACE: &str = "ON CONFLICT (cluster, fingerprint) DO UPDATE SET rule = excluded.rule, control = excluded.control, \
     severity = excluded.severity, state = excluded.state, fixable = excluded.fixable, api_version = excluded.api_version, \
     kind = excluded.kind, namespace = excluded.namespace, name = excluded.name, key = excluded.key, \
     message = excluded.message, cause_api_version = excluded.cause_api_version, cause_kind = excluded.cause_kind, \
     cause_namespace = excluded.cause_namespace, cause_name = excluded.cause_name, waiver = excluded.waiver, \
     digest = excluded.digest, blob = excluded.blob, due = excluded.due, resolved = NULL, \
     reopened = COALESCE(excluded.reopened, finding.reopened)";

pub(super) fn findings(
    tx: &mut Tx<'_>,
    cluster: i64,
    transitions: &[Transition<'_>],
    now: Timestamp,
) -> Result<Vec<Entry>, Failure> {
    let mut rows = Vec::new();
    let mut blobs = blob::Pending::default();
    let mut gone = Vec::new();
    for transition in transitions {
        match &transition.after {
            Some(new) => {
                let is_back = transition.before.as_ref().is_some_and(|stored| stored.state == State::Resolved);
                let blob = blobs.add(new.record)?;
                rows.push(row(cluster, new, blob, now, is_back));
            }
            None => gone.push(transition.fingerprint().to_owned()),
        }
    }
    blobs.write(tx, cluster)?;
    tx.insert(INSERT, REPLACE, &rows)?;
    in_parts(&gone, |list, part| {
        let sql = format!(
            "UPDATE finding SET state = 2, resolved = ?1 WHERE fingerprint IN ({list}) AND cluster = {cluster}"
        );
        let values: Vec<Value<'_>> = [Value::from(now)].into_iter().chain(part.iter().map(Value::from)).collect();
        tx.execute(&sql, &values).map(|_| Vec::<()>::new())
    })?;
    let entry = |transition: &Transition<'_>| {
        let namespace = transition.namespaces().last().unwrap_or_default().to_owned();
        Some(Entry { fingerprint: transition.fingerprint().to_owned(), namespace, kind: transition.change()? })
    };
    Ok(transitions.iter().filter_map(entry).collect())
}

fn row<'b>(cluster: i64, new: &New<'b>, blob: String, now: Timestamp, is_back: bool) -> Vec<Value<'b>> {
    let finding = &new.record.finding;
    let subject = &finding.subject;
    let cause = finding.cause.as_deref();
    vec![
        Value::from(cluster),
        Value::from(&finding.fingerprint),
        Value::from(&finding.rule),
        Value::from(finding.control.id()),
        Value::from(finding.severity),
        Value::from(new.state()),
        Value::from(!finding.remedies.is_empty()),
        Value::from(&subject.api_version),
        Value::from(&subject.kind),
        Value::from(&subject.namespace),
        Value::from(&subject.name),
        Value::from(&finding.key),
        Value::from(&finding.message),
        Value::from(cause.map(|cause| &cause.api_version)),
        Value::from(cause.map(|cause| &cause.kind)),
        Value::from(cause.map(|cause| &cause.namespace)),
        Value::from(cause.map(|cause| &cause.name)),
        Value::from(
            new.record.waiver.as_ref().map(|waiver| waiver.origin.strip_prefix("waiver ").unwrap_or(&waiver.origin)),
        ),
        Value::from(new.digest.to_string()),
        Value::from(blob),
        Value::from(finding.due.map(|day| day.to_string())),
        Value::from(now),
        Value::Null,
        Value::from(is_back.then_some(now)),
    ]
}
