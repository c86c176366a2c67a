//! A scope once its globs over clusters have met the clusters that exist: what goes into a statement.

use crate::database::Engine;
use crate::failure::Failure;
use crate::scope::{self, Grant, Scope};
use crate::sql::Sql;
use crate::tx::Tx;

#[derive(Debug, Clone)]
pub(crate) struct Visible {
    everything: bool,
    /// Seen with all that is in them, in order.
    whole: Vec<i64>,
    parts: Vec<Part>,
    engine: Engine,
}

/// Namespaces of some clusters.
#[derive(Debug, Clone)]
struct Part {
    clusters: Vec<i64>,
    namespaces: Vec<String>,
}

impl Visible {
    pub(crate) fn resolve(tx: &mut Tx<'_>, scope: &Scope) -> Result<Self, Failure> {
        let engine = tx.engine();
        let Some(grants) = scope.grants() else {
            return Ok(Self { everything: true, whole: Vec::new(), parts: Vec::new(), engine });
        };
        let clusters = tx.query("SELECT id, name FROM cluster ORDER BY id", &[], |row| {
            Ok((row.take::<i64>()?, row.take::<String>()?))
        })?;
        let covers = |grant: &Grant, name: &str| {
            grant.all_clusters() || grant.clusters.iter().any(|glob| scope::matches(glob, name))
        };
        let whole: Vec<i64> = clusters.iter().filter(|(_, name)| scope.sees_whole(name)).map(|(id, _)| *id).collect();
        let part = |grant: &Grant| Part {
            clusters: clusters
                .iter()
                .filter(|(id, name)| covers(grant, name) && whole.binary_search(id).is_err())
                .map(|(id, _)| *id)
                .collect(),
            namespaces: grant.namespaces.clone(),
        };
        let parts = grants.iter().filter(|grant| !grant.all_namespaces()).map(part);
        let parts = parts.filter(|part| !part.clusters.is_empty()).collect();
        Ok(Self { everything: false, whole, parts, engine })
    }

    pub(crate) fn is_everything(&self) -> bool {
        self.everything
    }

    /// Where no cluster is seen in part, counts over whole clusters are right.
    pub(crate) fn is_of_whole_clusters(&self) -> bool {
        self.parts.is_empty()
    }

    /// ` AND ..` over rows that have a namespace.
    pub(crate) fn rows(&self, sql: &mut Sql, cluster: &str, namespace: &str) {
        if self.everything {
            return;
        }
        sql.push(" AND (").ids(cluster, &self.whole);
        for part in &self.parts {
            sql.push(" OR (").ids(cluster, &part.clusters).push(" AND ").push(namespace).push(" <> '' AND (");
            for (position, glob) in part.namespaces.iter().enumerate() {
                sql.push(if position == 0 { "" } else { " OR " });
                self.glob(sql, namespace, glob);
            }
            sql.push("))");
        }
        sql.push(")");
    }

    /// ` AND ..` over rows that are of the cluster as a whole.
    pub(crate) fn whole(&self, sql: &mut Sql, cluster: &str) {
        if !self.everything {
            sql.push(" AND ").ids(cluster, &self.whole);
        }
    }

    /// ` AND ..` over the clusters of which something is seen.
    pub(crate) fn some(&self, sql: &mut Sql, cluster: &str) {
        if !self.everything {
            let mut ids = self.whole.clone();
            ids.extend(self.parts.iter().flat_map(|part| &part.clusters));
            ids.sort_unstable();
            ids.dedup();
            sql.push(" AND ").ids(cluster, &ids);
        }
    }

    pub(crate) fn sees_whole(&self, cluster: i64) -> bool {
        self.everything || self.whole.binary_search(&cluster).is_ok()
    }

    pub(crate) fn glob(&self, sql: &mut Sql, column: &str, glob: &str) {
        if !glob.contains(['*', '?']) {
            sql.push(column).push(" = ").bind(glob.to_owned());
            return;
        }
        match self.engine {
            // A bracket begins a class there, and stands for itself in one.
            Engine::Sqlite => sql.push(column).push(" GLOB ").bind(glob.replace('[', "[[]")),
            // The backslash escapes anyway.
            Engine::Postgres => sql.push(column).push(" LIKE ").bind(like(glob)),
        };
    }
}

fn like(glob: &str) -> String {
    let mut pattern = String::new();
    for character in glob.chars() {
        match character {
            '*' => pattern.push('%'),
            '?' => pattern.push('_'),
            '%' | '_' | '\\' => pattern.extend(['\\', character]),
            other => pattern.push(other),
        }
    }
    pattern
}
