//! Fuzzes: parsing expressions; the property and the seeds are those of the plain tests.

#![no_main]

#[path = "../../crates/cel/tests/fuzz_regressions/properties.rs"]
#[expect(dead_code, reason = "each target has one property of the file")]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::cel_parse(bytes));
