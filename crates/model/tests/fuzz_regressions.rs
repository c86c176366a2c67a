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
fn json_inputs_keep_their_properties() {
    replay("document_json", properties::document_json);
}

#[test]
fn yaml_inputs_keep_their_properties() {
    replay("document_yaml", properties::document_yaml);
}

#[test]
fn field_paths_keep_their_properties() {
    replay("field_path", properties::field_path);
}

#[test]
fn settings_files_keep_their_properties() {
    replay("settings_file", properties::settings_file);
}
