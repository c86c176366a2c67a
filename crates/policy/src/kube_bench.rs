//! kube-bench's benchmark definitions, run as they are and without a shell.
//!
//! A `cfg` folder says which programs and files make a node, which audit commands to run, and what their output must show.
//! The audit commands are shell scripts of a few shapes; [`shell`] interprets them over a [`Node`](rampart_model::Node) that somebody else has
//! collected: nothing is executed. What a script needs and cannot be had without running a program makes its check
//! unknown, beside the verdict that kube-bench itself gives in such a place.
//!
//! Absent: `--allow-shell`, and finding out which benchmark fits a cluster.

pub mod benchmark;
mod check;
mod config;
mod controls;
mod indent;
mod jsonpath;
pub mod report;
pub mod shell;
mod substitute;

pub use benchmark::{Benchmark, Selection};
pub use report::{Results, Totals};
