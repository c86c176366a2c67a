//! One portable file with all rows, for either database: written while the plane runs, read into an empty database.
//!
//! A zstd stream of lines of JSON: a header, then for each table a line that names it and a line for each row, at last a
//! line with the number of rows and the hash of everything before it. Rows come in the order of their keys, so that two
//! backups of the same content are the same whatever database they came from.

mod catalogue;
mod line;
pub mod restore;
#[cfg(test)]
mod tests;
pub mod write;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use restore::{Restored, restore};
pub use write::write;

/// What a file begins with; a later shape has a later number.
const FORMAT: &str = "rampart.backup/v1";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    format: String,
    written: Timestamp,
    /// The steps that the database had taken: rows fit these and no others.
    steps: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Table {
    table: String,
    columns: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    rows: u64,
    sha256: String,
}

/// What a backup held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub tables: u64,
    pub rows: u64,
}
