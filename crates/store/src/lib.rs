//! Findings over time, waivers, identities and the plane's own audit trail; SQLite or PostgreSQL.
//!
//! [`Store::read`] and [`Store::write`] give a transaction; each noun has a module with what can be asked and told about
//! it. Reads of tenants' data take a [`Scope`], which becomes part of the SQL.

#![forbid(unsafe_code)]

pub mod actor;
pub mod agent;
pub mod audit;
pub mod backup;
mod blob;
mod bounds;
pub mod cluster;
pub mod compliance;
#[cfg(test)]
mod contract;
pub mod control;
mod database;
pub mod delivery;
pub mod desired;
pub mod device_code;
pub mod drift;
mod failure;
#[cfg(test)]
mod fault;
#[cfg(test)]
mod faults;
pub mod fill;
pub mod finding;
pub mod first_run;
pub mod framework;
pub mod gap;
mod glob;
pub mod grade;
mod hex;
pub mod history;
pub mod identity_provider;
pub mod ingest;
pub mod join_token;
mod json;
pub mod lease;
mod migrations;
mod mirror;
pub mod overview;
pub mod page;
mod people;
pub mod principal;
pub mod pulse;
pub mod report_schedule;
pub mod retention;
pub mod role;
pub mod role_mapping;
pub mod rollup;
pub mod route;
mod row;
pub mod rule_state;
#[cfg(test)]
mod sample;
pub mod scope;
pub mod seal;
pub mod secret;
pub mod session;
pub mod setting;
mod sql;
mod store;
pub mod sweep;
pub mod sync;
#[cfg(test)]
mod tenancy;
pub mod token;
mod tx;
pub mod user;
mod value;
mod visible;
pub mod waiver;
pub mod workload;

pub use actor::Actor;
pub use database::Engine;
pub use failure::{Failure, Kind};
pub use page::Page;
pub use principal::Principal;
pub use role::{Role, RoleGrant};
pub use row::{FromValue, Row};
pub use scope::{Grant, Scope};
pub use seal::SealKey;
pub use secret::{Concealed, Secret};
pub use store::{Store, Trouble};
pub use tx::Tx;
pub use value::Value;
