//! The part of Rampart that lives in a cluster: watches, evaluates there, and tells the plane.

#![forbid(unsafe_code)]

pub mod evaluate;

pub use evaluate::evaluate;
