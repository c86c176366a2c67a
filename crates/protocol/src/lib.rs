//! What an agent and the plane say to each other, and what the store takes in, whoever evaluated.
//!
//! Findings travel in buckets, one per rule. A bucket has a digest that does not depend on order and that a change
//! updates in place: so both sides know, without sending a finding, whether they hold the same.

#![forbid(unsafe_code)]

pub mod attachment;
pub mod batch;
pub mod codec;
pub mod difference;
pub mod digest;
pub mod held;
pub mod join;
pub mod part;
pub mod record;
pub mod signature;
pub mod state;
pub mod version;

pub use attachment::{ImageResult, NodeFacts};
pub use batch::{Ack, Batch, Desired, Sync, Synced};
pub use digest::{Buckets, Digest};
pub use held::Held;
pub use join::{Join, Joined, Renew, Renewed};
pub use record::Record;
pub use state::{State, Summary};
