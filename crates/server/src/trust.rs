//! The authorities of all replicas: each may have signed an agent's certificate, so each replica trusts them all.

use rampart_store::{Actor, setting};

use crate::{Plane, Problem};

/// The setting with the public certificates, as PEM.
const AUTHORITIES: &str = "authorities";

/// All of them, this replica's own among them.
///
/// # Errors
/// The store does not answer.
pub async fn authorities(plane: &Plane) -> Result<Vec<String>, Problem> {
    let own = plane.authority().certificate_pem().to_owned();
    let mut known: Vec<String> = plane.read(|tx| setting::get(tx, AUTHORITIES)).await?.unwrap_or_default();
    if !known.contains(&own) {
        known.push(own);
    }
    Ok(known)
}

/// Makes this replica's authority known to the others.
///
/// # Errors
/// The store does not answer.
pub(crate) async fn announce(plane: &Plane) -> Result<(), Problem> {
    let (own, now) = (plane.authority().certificate_pem().to_owned(), plane.now());
    plane
        .write(move |tx| {
            tx.lock(AUTHORITIES)?;
            let mut known: Vec<String> = setting::get(tx, AUTHORITIES)?.unwrap_or_default();
            if known.contains(&own) {
                return Ok(());
            }
            known.push(own.clone());
            setting::set(tx, &Actor::PLANE, AUTHORITIES, &known, now)
        })
        .await
}
