//! Makes a table of the rule fixtures, so that `explain` and the documentation can show what a rule finds.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let source = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("src");
    let mut fixtures = Vec::new();
    find(&source, &mut fixtures)?;
    fixtures.sort();
    let mut table = String::from("pub(crate) static FIXTURES: &[(&str, &str)] = &[\n");
    for path in fixtures {
        let name = path.strip_prefix(&source).unwrap_or(&path).with_extension("");
        let id = name.display().to_string().replace('_', "-");
        // Writing to a string cannot fail.
        let _ = writeln!(table, "    ({id:?}, include_str!({:?})),", path.display().to_string());
    }
    table.push_str("];\n");
    println!("cargo::rerun-if-changed=src");
    fs::write(PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("fixtures.rs"), table)
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
    Ok(())
}
