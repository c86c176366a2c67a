//! The plane: HTTP API, web UI, agent ingest, reconcilers.
//!
//! A [`Plane`] is what every part shares. `routes.rs` puts the parts' routes together, `serve.rs` opens the door; each
//! noun of the API is a module that hands over its `routes()`.

#![forbid(unsafe_code)]

pub mod agents;
pub mod auth;
pub mod authority;
pub mod bus;
pub mod input;
pub mod notify;
pub mod options;
pub mod plane;
pub mod problem;
pub mod reports;
pub mod routes;
pub mod shape;
pub mod trust;

mod asked;
mod clusters;
mod csv;
mod duties;
mod etag;
mod events;
mod findings;
mod fleet;
mod health;
mod layers;
mod limiter;
mod listener;
mod metrics;
mod overview;
mod reconcile;
mod rules;
mod secret_file;
mod serve;
mod source;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tests;
mod tls;
mod trail;
mod ui;
mod waivers;

pub use auth::{Memory, admin_link};
pub use authority::Authority;
pub use bus::{Bus, ChangeEvent, ChangeKind};
pub use options::{Options, SourceWord};
pub use plane::Plane;
pub use problem::Problem;
pub use serve::serve;
pub use tls::PeerCertificate;
