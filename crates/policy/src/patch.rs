//! Changes to an object: the ways in which policies write them down, applied to trees that are plain JSON.
//!
//! Nothing here knows a policy: what a condition means is asked back, so that each language brings its own.

pub mod anchors;
pub mod apply;
pub mod change;
pub mod equality;
pub mod json;
pub mod merge;
pub mod mutation;
pub mod schema;
pub mod strategic;
