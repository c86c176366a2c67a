//! Pages that are made from code: `docs/rules`, and the API's document.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rampart_controls::{example, rules};
use rampart_report::explain::{Examples, index, page};
use rampart_report::{Format, Layout};

use crate::step::{Failure, root, say};

/// Every page by its path below the root.
fn pages() -> Result<BTreeMap<PathBuf, String>, Failure> {
    let rules = rules();
    let mut pages = BTreeMap::from([(PathBuf::from("docs/rules/README.md"), index(&rules))]);
    for rule in rules {
        let (failing, passing) = example::of(rule.id);
        let examples = Examples { failing: &failing, passing: &passing };
        let text = page(rule, examples, Format::Markdown, &Layout::default());
        pages.insert(PathBuf::from(format!("docs/rules/{}.md", rule.id)), text);
    }
    pages.insert(PathBuf::from("docs/schema/openapi.json"), openapi()?);
    Ok(pages)
}

/// Printed by an example of the server: linked here, the whole plane would be built for every `cargo xtask`.
fn openapi() -> Result<String, Failure> {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["run", "--quiet", "--locked", "--package", "rampart-server", "--example", "openapi"];
    let failed = |error: &dyn std::fmt::Display| Failure(format!("the API's document cannot be made: {error}"));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| failed(&error))?;
    if !output.status.success() {
        return Err(failed(&output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| failed(&error))
}

pub fn write() -> Result<(), Failure> {
    let pages = pages()?;
    for path in present(&root().join("docs/rules")) {
        let known = path.strip_prefix(root()).is_ok_and(|path| pages.contains_key(path));
        if !known {
            fs::remove_file(&path).map_err(|error| Failure(format!("cannot remove `{}`: {error}", path.display())))?;
        }
    }
    for (path, text) in &pages {
        let path = root().join(path);
        let failed = |error: std::io::Error| Failure(format!("cannot write `{}`: {error}", path.display()));
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
        fs::write(&path, text).map_err(failed)?;
    }
    say(&format!("{} pages written below docs", pages.len()));
    Ok(())
}

pub fn check() -> Result<(), Failure> {
    let pages = pages()?;
    let mut stale: Vec<String> = pages
        .iter()
        .filter(|(path, text)| fs::read_to_string(root().join(path)).ok().as_ref() != Some(text))
        .map(|(path, _)| path.display().to_string())
        .collect();
    let known = |path: &PathBuf| path.strip_prefix(root()).is_ok_and(|path| pages.contains_key(path));
    stale.extend(
        present(&root().join("docs/rules")).iter().filter(|path| !known(path)).map(|path| path.display().to_string()),
    );
    match stale.as_slice() {
        [] => Ok(()),
        stale => Err(Failure(format!("not as the code has them: {}; run `cargo xtask gen`", stale.join(", ")))),
    }
}

/// The pages that are there now.
fn present(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { present(&path) } else { vec![path] }).collect()
}
