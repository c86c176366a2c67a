//! What a waiver covers, and whether that lies within somebody's scope.

use crate::failure::Failure;
use crate::glob;
use crate::scope::Scope;
use crate::tx::Tx;
use crate::values;
use crate::waiver::Waiver;

/// True where the waiver may excuse something that the scope shows.
pub(crate) fn is_seen(waiver: &Waiver, scope: &Scope) -> bool {
    let namespaces: Vec<String> = waiver.namespace.iter().cloned().collect();
    scope.grants().is_none_or(|grants| {
        grants.iter().any(|grant| {
            glob::any_overlap(&grant.clusters, &waiver.clusters) && glob::any_overlap(&grant.namespaces, &namespaces)
        })
    })
}

/// True where the scope shows everything that the waiver may excuse: who asks or decides must see all of it.
pub(crate) fn is_within(clusters: &[String], namespace: Option<&str>, scope: &Scope) -> bool {
    let namespaces: Vec<String> = namespace.map(str::to_owned).into_iter().collect();
    scope.grants().is_none_or(|grants| {
        grants.iter().any(|grant| {
            glob::all_covered(&grant.clusters, clusters) && glob::all_covered(&grant.namespaces, &namespaces)
        })
    })
}

/// The ids of the clusters that exist and are covered, in order.
pub(crate) fn clusters(tx: &mut Tx<'_>, globs: &[String]) -> Result<Vec<i64>, Failure> {
    let all = tx.query("SELECT id, name FROM cluster ORDER BY id", values![], |row| {
        Ok((row.take::<i64>()?, row.take::<String>()?))
    })?;
    Ok(all.into_iter().filter(|(_, name)| glob::any_matches(globs, name)).map(|(id, _)| id).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::is_within;
    use crate::scope::{Grant, Scope, matches};

    fn list() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[ab*?]{1,3}", 0..3)
    }

    proptest! {
        /// Two tenants: what one may decide never reaches what it may not see, and what excuses its findings it sees.
        #[test]
        fn waivers_stay_within_the_tenants_they_are_of(
            grants in prop::collection::vec((list(), list()), 0..3),
            clusters in list(),
            namespace in prop::option::of("[ab*?]{1,3}"),
            cluster in "[ab]{1,3}",
            place in "[ab]{0,3}",
        ) {
            let grant = |(clusters, namespaces)| Grant { clusters, namespaces };
            let scope = Scope::of(grants.into_iter().map(grant).collect());
            let excuses = (clusters.is_empty() || clusters.iter().any(|glob| matches(glob, &cluster)))
                && namespace.as_deref().is_none_or(|glob| matches(glob, &place));
            if excuses && is_within(&clusters, namespace.as_deref(), &scope) {
                prop_assert!(scope.sees(&cluster, &place));
            }
            let waiver = crate::waiver::tests::made(&clusters, namespace.as_deref());
            if excuses && scope.sees(&cluster, &place) {
                prop_assert!(super::is_seen(&waiver, &scope));
            }
        }
    }
}
