//! Makes a cluster's rows in a table be the ones that are wanted, and writes none that is so already.

use std::collections::{BTreeMap, BTreeSet};

use crate::failure::Failure;
use crate::row::FromValue;
use crate::sql::in_parts;
use crate::tx::Tx;
use crate::value::Value;

/// A cell that can be compared and sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Null,
    Int(i64),
    Text(String),
}

pub(crate) type Rows = BTreeMap<Vec<Cell>, Vec<Cell>>;

/// A table with a column `cluster`; it and `keys` are the primary key.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) keys: &'static [&'static str],
    pub(crate) fields: &'static [&'static str],
}

impl Table {
    fn columns(&self) -> String {
        [self.keys, self.fields].concat().join(", ")
    }

    /// The rows of a cluster.
    pub(crate) fn read(&self, tx: &mut Tx<'_>, cluster: i64) -> Result<Rows, Failure> {
        let sql = format!("SELECT {} FROM {} WHERE cluster = ?1", self.columns(), self.name);
        let rows = tx.query(&sql, &[Value::from(cluster)], |row| self.row(row))?;
        Ok(rows.into_iter().collect())
    }

    /// The rows of a cluster whose first key is one of these.
    pub(crate) fn read_some(&self, tx: &mut Tx<'_>, cluster: i64, firsts: &[String]) -> Result<Rows, Failure> {
        let first = self.keys.first().copied().unwrap_or_default();
        let rows = in_parts(firsts, |list, part| {
            let sql =
                format!("SELECT {} FROM {} WHERE cluster = ?1 AND {first} IN ({list})", self.columns(), self.name);
            let values: Vec<Value<'_>> =
                [Value::from(cluster)].into_iter().chain(part.iter().map(Value::from)).collect();
            tx.query(&sql, &values, |row| self.row(row))
        })?;
        Ok(rows.into_iter().collect())
    }

    pub(crate) fn row(&self, row: &mut crate::row::Row) -> Result<(Vec<Cell>, Vec<Cell>), Failure> {
        let key = self.keys.iter().map(|_| row.take()).collect::<Result<_, _>>()?;
        Ok((key, self.fields.iter().map(|_| row.take()).collect::<Result<_, _>>()?))
    }

    /// Returns how many rows were written.
    pub(crate) fn write(&self, tx: &mut Tx<'_>, cluster: i64, before: &Rows, after: &Rows) -> Result<u64, Failure> {
        let gone: BTreeSet<&Vec<Cell>> = before.keys().filter(|key| !after.contains_key(*key)).collect();
        let mut written = 0;
        for key in gone {
            let wheres: Vec<String> =
                self.keys.iter().enumerate().map(|(at, column)| format!("{column} = ?{}", at + 2)).collect();
            let sql = format!("DELETE FROM {} WHERE cluster = ?1 AND {}", self.name, wheres.join(" AND "));
            let values: Vec<Value<'_>> =
                [Value::from(cluster)].into_iter().chain(key.iter().map(Value::from)).collect();
            written += tx.execute(&sql, &values)?;
        }
        let changed: Vec<Vec<Value<'_>>> = after
            .iter()
            .filter(|(key, fields)| before.get(*key) != Some(fields))
            .map(|(key, fields)| {
                [Value::from(cluster)].into_iter().chain(key.iter().chain(fields).map(Value::from)).collect()
            })
            .collect();
        let head = format!("INSERT INTO {} (cluster, {})", self.name, self.columns());
        let sets: Vec<String> = self.fields.iter().map(|field| format!("{field} = excluded.{field}")).collect();
        let tail = format!("ON CONFLICT (cluster, {}) DO UPDATE SET {}", self.keys.join(", "), sets.join(", "));
        Ok(written + tx.insert(&head, &tail, &changed)?)
    }
}

impl<'a> From<&'a Cell> for Value<'a> {
    fn from(cell: &'a Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Int(value) => Self::Int(*value),
            Cell::Text(text) => Self::from(text.as_str()),
        }
    }
}

impl FromValue for Cell {
    fn from_value(value: Value<'static>) -> Result<Self, Failure> {
        match value {
            Value::Null => Ok(Self::Null),
            Value::Int(value) => Ok(Self::Int(value)),
            other => String::from_value(other).map(Self::Text),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        // As it comes back from the database.
        match Value::from(text) {
            Value::Text(text) => Self::Text(text.into_owned()),
            _ => Self::Null,
        }
    }
}

impl From<u64> for Cell {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<Option<u8>> for Cell {
    fn from(value: Option<u8>) -> Self {
        value.map_or(Self::Null, |value| Self::Int(value.into()))
    }
}
