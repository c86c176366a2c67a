//! The databases of rpm: SQLite (`rpmdb.sqlite`), ndb (`Packages.db`) and Berkeley DB (`Packages`), of which each holds
//! one header per package.

mod berkeley;
mod bytes;
mod header;
mod ndb;
mod sqlite;

use super::Found;
use super::basket::Basket;

/// Reads a database of any of the three kinds, which its first bytes tell apart.
pub fn read(bytes: &[u8]) -> Found {
    let mut basket = Basket::default();
    let mut take = |blob: &[u8]| match header::package(blob) {
        Ok(Some(package)) => basket.add(package),
        Ok(None) => {}
        Err(what) => basket.doubt(0, what),
    };
    let outcome = if bytes.starts_with(b"SQLite format 3\0") {
        sqlite::blobs(bytes, &mut take)
    } else if bytes.starts_with(b"RpmP") {
        ndb::blobs(bytes, &mut take)
    } else if berkeley::is_hash(bytes) {
        berkeley::blobs(bytes, &mut take)
    } else {
        Err("this is no database of rpm: neither SQLite, ndb nor Berkeley DB")
    };
    if let Err(what) = outcome {
        basket.doubt(0, what);
    }
    basket.found()
}
