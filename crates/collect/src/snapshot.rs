//! Snapshots: what a reading gave, kept in one file, so that it can be evaluated again and gives the same.
//!
//! The file is zstd over lines of JSON. The first says what is known of the whole (schema `rampart.snapshot/v1`); each
//! other line is one document. Lines are sorted, so that the same state of a cluster or folder gives the same bytes.
//!
//! A document of a cluster is kept as an `object`. One of a file is kept as its `text` with the place that it was cut from,
//! so that findings of a replay name the same lines. Values of Secrets are masked in both; certificates stay.

mod read;
mod record;
mod write;

pub(crate) use read::{feed, head, read};
pub(crate) use record::line;
pub(crate) use write::{Recorder, Writer};

pub(crate) const SCHEMA: &str = "rampart.snapshot/v1";
