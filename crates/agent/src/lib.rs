//! The part of Rampart that lives in a cluster: watches, evaluates there, and tells the plane.
//!
//! `rounds.rs` evaluates when something changed, `desk.rs` turns evaluations into batches, `ring.rs` keeps them on disk,
//! `send.rs` brings them to the plane, `poll.rs` hears what the plane wants, `join.rs` is how the agent gets in and stays.

#![forbid(unsafe_code)]

pub mod client;
pub mod evaluate;
pub mod home;
pub mod join;
pub mod key;
pub mod plane_clock;
pub mod ring;
pub mod run;

mod desk;
mod poll;
mod rounds;
mod send;

pub use evaluate::evaluate;
pub use run::{Options, run};
