//! What fuzzing once broke, and the seeds that it starts from, replayed as plain tests.

#![expect(clippy::unwrap_used, reason = "a seed that cannot be read must stop the test")]

use std::path::Path;

#[path = "fuzz_regressions/properties.rs"]
mod properties;

fn replay(target: &str, property: fn(&[u8])) {
    let fuzz = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz"));
    let mut count = 0;
    for kind in ["regressions", "seeds"] {
        let Ok(entries) = std::fs::read_dir(fuzz.join(kind).join(target)) else { continue };
        for entry in entries {
            property(&std::fs::read(entry.unwrap().path()).unwrap());
            count += 1;
        }
    }
    assert!(count > 0, "no inputs for {target}");
}

#[test]
fn expressions_are_parsed_or_refused() {
    replay("cel_parse", properties::cel_parse);
}

#[test]
fn expressions_are_checked_to_an_end() {
    replay("cel_check", properties::cel_check);
}

#[test]
fn expressions_run_to_an_end() {
    replay("cel_run", properties::cel_run);
}
