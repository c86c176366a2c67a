//! For tests only: annotated fixtures.

pub mod fixture;
