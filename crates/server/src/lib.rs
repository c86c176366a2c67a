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

mod etag;
mod events;
mod health;
mod layers;
mod limiter;
mod listener;
mod metrics;
mod reconcile;
mod secret_file;
mod serve;
#[cfg(test)]
mod stage;
mod tls;
mod ui;

pub use auth::{Memory, admin_link};
pub use authority::Authority;
pub use bus::{Bus, ChangeEvent, ChangeKind};
pub use options::{Options, SourceWord};
pub use plane::Plane;
pub use problem::Problem;
pub use serve::serve;
pub use tls::PeerCertificate;
