//! The plane: HTTP API, web UI, agent ingest, reconcilers.

#![forbid(unsafe_code)]
