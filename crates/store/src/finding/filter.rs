//! Which findings are asked for.

use jiff::Timestamp;
use rampart_model::{Control, Severity};

use crate::database::Engine;
use crate::failure::Failure;
use crate::grade::State;
use crate::sql::Sql;
use crate::tx::Tx;

/// Each list means one of its entries; an empty list asks for nothing in particular.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Names.
    pub clusters: Vec<String>,
    /// The empty text stands for objects without a namespace.
    pub namespaces: Vec<String>,
    pub controls: Vec<Control>,
    pub severities: Vec<Severity>,
    pub rules: Vec<String>,
    pub kinds: Vec<String>,
    pub names: Vec<String>,
    /// Empty: open ones.
    pub states: Vec<State>,
    pub fixable: Option<bool>,
    /// A part of the object's name, of its namespace or of the rule's id, whatever the case; or a whole fingerprint.
    pub q: Option<String>,
    /// First seen at this time or later.
    pub since: Option<Timestamp>,
}

/// A filter whose clusters are known by number.
#[derive(Debug, Clone)]
pub(crate) struct Resolved<'f> {
    pub(crate) filter: &'f Filter,
    /// None: all.
    clusters: Option<Vec<i64>>,
    /// Rules and namespaces whose name contains what is searched for.
    rules: Vec<String>,
    namespaces: Vec<String>,
    engine: Engine,
}

impl Filter {
    pub(crate) fn states(&self) -> Vec<State> {
        let mut states = self.states.clone();
        states.sort_unstable();
        states.dedup();
        if states.is_empty() { vec![State::Open] } else { states }
    }

    pub(crate) fn is_of_open(&self) -> bool {
        self.states() == [State::Open]
    }

    pub(crate) fn resolve(&self, tx: &mut Tx<'_>) -> Result<Resolved<'_>, Failure> {
        let mut clusters = None;
        if !self.clusters.is_empty() {
            let mut sql = Sql::new("SELECT id FROM cluster WHERE 1 = 1");
            sql.one_of("name", self.clusters.iter().cloned());
            clusters = Some(sql.query(tx, |row| row.take())?);
        }
        let engine = tx.engine();
        let (mut rules, mut namespaces) = (Vec::new(), Vec::new());
        if let Some(q) = &self.q {
            // There are few of both, and an index finds the findings of each.
            let mut named = |table: &str, column: &str| {
                let mut sql = Sql::new(&format!("SELECT DISTINCT {column} FROM {table} WHERE 1 = 1 AND "));
                contains(&mut sql, engine, column, q);
                sql.query(tx, |row| row.take())
            };
            rules = named("rule_count", "rule")?;
            namespaces = named("namespace_count", "namespace")?;
        }
        Ok(Resolved { filter: self, clusters, rules, namespaces, engine })
    }
}

impl Resolved<'_> {
    /// What columns of `rule_count` can answer. The state is not part of it.
    pub(crate) fn fits_rule_count(&self) -> bool {
        let Filter { namespaces, names, q, since, .. } = self.filter;
        namespaces.is_empty() && names.is_empty() && q.is_none() && since.is_none()
    }

    pub(crate) fn fits_namespace_count(&self) -> bool {
        let Filter { controls, rules, kinds, fixable, .. } = self.filter;
        let Filter { names, q, since, .. } = self.filter;
        controls.is_empty()
            && rules.is_empty()
            && kinds.is_empty()
            && fixable.is_none()
            && names.is_empty()
            && q.is_none()
            && since.is_none()
    }

    /// What `root_count` can answer: nothing but clusters.
    pub(crate) fn fits_root_count(&self) -> bool {
        self.fits_namespace_count() && self.filter.severities.is_empty() && self.filter.namespaces.is_empty()
    }

    pub(crate) fn clusters(&self, sql: &mut Sql) {
        if let Some(ids) = &self.clusters {
            sql.push(" AND ").ids("f.cluster", ids);
        }
    }

    /// ` AND ..` over columns that `rule_count` has, too.
    pub(crate) fn counted(&self, sql: &mut Sql) {
        let filter = self.filter;
        self.clusters(sql);
        sql.one_of("f.control", filter.controls.iter().map(|control| control.id()));
        sql.one_of("f.severity", filter.severities.iter().copied());
        sql.one_of("f.rule", filter.rules.iter().cloned());
        sql.one_of("f.kind", filter.kinds.iter().cloned());
    }

    /// ` AND ..` over all but state and severity.
    pub(crate) fn rest(&self, sql: &mut Sql) {
        let filter = self.filter;
        self.clusters(sql);
        sql.one_of("f.control", filter.controls.iter().map(|control| control.id()));
        sql.one_of("f.rule", filter.rules.iter().cloned());
        sql.one_of("f.kind", filter.kinds.iter().cloned());
        sql.one_of("f.namespace", filter.namespaces.iter().cloned());
        sql.one_of("f.name", filter.names.iter().cloned());
        if let Some(fixable) = filter.fixable {
            sql.push(" AND f.fixable = ").bind(fixable);
        }
        if let Some(since) = filter.since {
            sql.push(" AND f.first_seen >= ").bind(since);
        }
        if let Some(q) = &filter.q {
            if q.len() == FINGERPRINT && q.chars().all(|letter| letter.is_ascii_hexdigit()) {
                sql.push(" AND f.fingerprint = ").bind(q.to_lowercase());
                return;
            }
            sql.push(" AND (");
            contains(sql, self.engine, "f.name", q);
            for (column, found) in [("f.rule", &self.rules), ("f.namespace", &self.namespaces)] {
                for one in found {
                    sql.push(" OR ").push(column).push(" = ").bind(one.clone());
                }
            }
            sql.push(")");
        }
    }

    /// ` AND ..` over everything.
    pub(crate) fn all(&self, sql: &mut Sql) {
        sql.one_of("f.state", self.filter.states());
        sql.one_of("f.severity", self.filter.severities.iter().copied());
        self.rest(sql);
    }
}

/// Digits of a fingerprint.
const FINGERPRINT: usize = 32;

/// A condition that the column contains the text, whatever the case.
fn contains(sql: &mut Sql, engine: Engine, column: &str, text: &str) {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    match engine {
        Engine::Sqlite => sql.push(column).push(" LIKE ").bind(pattern).push(" ESCAPE '\\'"),
        // The backslash escapes anyway, and an index is of use only where nothing else is said.
        Engine::Postgres => sql.push(column).push(" ILIKE ").bind(pattern),
    };
}
