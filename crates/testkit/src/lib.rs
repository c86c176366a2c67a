//! For tests only: annotated fixtures, made-up tokens.

pub mod fixture;
pub mod tokens;
