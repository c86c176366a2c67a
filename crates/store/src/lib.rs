//! Findings over time, waivers, identities and the plane's own audit trail; SQLite or PostgreSQL.
//!
//! [`Store::read`] and [`Store::write`] give a transaction; each noun has a module with what can be asked and told about
//! it. Reads of tenants' data take a [`Scope`], which becomes part of the SQL.

#![forbid(unsafe_code)]

#[cfg(test)]
mod contract;
mod database;
mod failure;
mod migrations;
mod row;
pub mod scope;
mod store;
mod tx;
mod value;

pub use database::Engine;
pub use failure::{Failure, Kind};
pub use row::{FromValue, Row};
pub use scope::{Grant, Scope};
pub use store::{Store, Trouble};
pub use tx::Tx;
pub use value::Value;
