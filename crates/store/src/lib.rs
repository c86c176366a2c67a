//! Findings over time, waivers, identities and the plane's own audit trail; SQLite or PostgreSQL.

#![forbid(unsafe_code)]
