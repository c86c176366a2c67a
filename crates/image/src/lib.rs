//! Layers to packages, packages to advisories, signatures to trust.
//!
//! So far: packages named by files, package URLs, and the order and ranges of versions in each ecosystem.
//!
//! Absent: files, processes and the network. Every function takes bytes or texts and returns values.

pub mod inventory;
pub mod purl;
pub mod version;
