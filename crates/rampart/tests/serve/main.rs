//! `rampart serve` as a process: from the first start to kill -9, a full disk and a database that goes away.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "functions of tests"
)]

mod faults;
mod first_start;
mod plane;
mod replicas;
