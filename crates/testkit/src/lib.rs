//! For tests only: annotated fixtures, made-up tokens, a PostgreSQL.

pub mod fixture;
pub mod postgres;
pub mod tokens;
