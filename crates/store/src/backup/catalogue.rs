//! Which tables a database has, and their columns and keys: asked of the database, so that no table can be forgotten.

use crate::database::Engine;
use crate::failure::Failure;
use crate::tx::Tx;
use crate::values;

/// Steps are in the header; the probe says nothing.
const LEFT_OUT: [&str; 2] = ["migration", "probe"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub name: String,
    pub columns: Vec<String>,
    /// The columns of the primary key, in its order.
    pub key: Vec<String>,
}

/// By name.
pub(super) fn layouts(tx: &mut Tx<'_>) -> Result<Vec<Layout>, Failure> {
    let tables = match tx.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        // Without the partitions: their rows are read through the table that they are part of.
        Engine::Postgres => {
            "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
             AND relkind IN ('r', 'p') AND NOT relispartition"
        }
    };
    let mut names: Vec<String> = tx.query(tables, values![], |row| row.take())?;
    names.retain(|name| !LEFT_OUT.contains(&name.as_str()));
    names.sort();
    names.into_iter().map(|name| layout(tx, name)).collect()
}

fn layout(tx: &mut Tx<'_>, name: String) -> Result<Layout, Failure> {
    let (columns, key) = match tx.engine() {
        Engine::Sqlite => (
            "SELECT name FROM pragma_table_info(?1) ORDER BY cid",
            "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk",
        ),
        Engine::Postgres => (
            "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(?1)) AND attnum > 0 \
             AND NOT attisdropped ORDER BY attnum",
            "SELECT a.attname::text FROM pg_index i \
             CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, position) \
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum \
             WHERE i.indrelid = to_regclass(quote_ident(?1)) AND i.indisprimary ORDER BY k.position",
        ),
    };
    let mut columns: Vec<String> = tx.query(columns, values![&name], |row| row.take())?;
    let key: Vec<String> = tx.query(key, values![&name], |row| row.take())?;
    if columns.is_empty() || key.is_empty() {
        return Err(Failure::other(format!("the table `{name}` has no key: it cannot be backed up")));
    }
    // A step may have added columns in another order in one database than in the other.
    columns.sort();
    Ok(Layout { name, columns, key })
}

/// The steps that the database has taken.
pub(super) fn steps(tx: &mut Tx<'_>) -> Result<Vec<u32>, Failure> {
    tx.query("SELECT number FROM migration ORDER BY number", values![], |row| row.take())
}

/// Sets the counters of columns that the database counts up itself behind the rows that were put in.
pub(super) fn advance(tx: &mut Tx<'_>, layout: &Layout) -> Result<(), Failure> {
    let (Engine::Postgres, [key]) = (tx.engine(), layout.key.as_slice()) else {
        // SQLite does it by itself.
        return Ok(());
    };
    let name = &layout.name;
    let counter = tx.first("SELECT pg_get_serial_sequence(?1, ?2)", values![name, key], |row| row.take())?;
    if let Some(counter) = counter.and_then(|counter: Option<String>| counter) {
        let sql = format!(
            "SELECT setval(?1::text::regclass, COALESCE(MAX(\"{key}\"), 0) + 1, false) IS NULL FROM \"{name}\""
        );
        tx.query(&sql, values![counter], |_| Ok(()))?;
    }
    Ok(())
}
