//! Fuzzes: field path; the property and the seeds are those of the plain tests.

#![no_main]

#[path = "../../crates/model/tests/fuzz_regressions/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::field_path(bytes));
