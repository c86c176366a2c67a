//! What an agent and the plane say to each other, and what the store takes in, whoever evaluated.
//!
//! Findings travel in buckets, one per rule. A bucket has a digest that does not depend on order and that a change
//! updates in place: so both sides know, without sending a finding, whether they hold the same.

#![forbid(unsafe_code)]

pub mod batch;
pub mod codec;
pub mod difference;
pub mod digest;
pub mod record;
pub mod state;
pub mod version;

pub use batch::{Ack, Batch, Desired, Sync, Synced};
pub use digest::{Buckets, Digest};
pub use record::Record;
pub use state::{State, Summary};
