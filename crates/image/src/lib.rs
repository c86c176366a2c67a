//! Layers to packages, packages to advisories, signatures to trust.
//!
//! So far: the order of versions in each ecosystem, and package URLs.
//!
//! Absent: files, processes and the network. Every function takes bytes or texts and returns values.

pub mod purl;
pub mod version;
