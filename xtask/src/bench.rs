//! `cargo xtask bench scan`: what a scan costs, next to what it may cost.
//!
//! The folder holds about 5 KB of YAML in each manifest; the dump about 2 KB of JSON for each object, of which six in ten
//! are Pods and ReplicaSets made by controllers, as in a cluster. Both have flaws of many kinds: some 65,000 findings in
//! the folder. The inputs are made from a seed, so that two machines and two versions measure the same; they lie in
//! `target/bench`, out of the tree. CPU seconds are user plus system time of the whole process.

mod inputs;
mod measure;
mod objects;
mod plane;
mod random;
mod tree;

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::step::{Failure, cargo, root, say};
use measure::{Cost, cost};
pub use plane::plane;

/// Manifests of the folder, objects of the dump.
const MANIFESTS: usize = 10_000;
const OBJECTS: usize = 100_000;

pub fn scan() -> Result<(), Failure> {
    cargo("release build", &["build", "--release", "--locked", "-p", "rampart"])?;
    let binary = root().join("target/release/rampart");
    let folder = root().join("target/bench");
    let manifests =
        made(&folder.join(format!("manifests-v{}", inputs::VERSION)), |path| inputs::folder(path, MANIFESTS))?;
    let dump = made(&folder.join(format!("dump-v{}.json", inputs::VERSION)), |path| inputs::dump(path, OBJECTS))?;

    say(&format!("start-up: `rampart --version` {:.1} ms (budget 20 ms)", start_up(&binary)?));
    report(&format!("{MANIFESTS} manifests"), &manifests, &cost(&binary, &scan_of(&manifests))?, "3 CPU-s, 150 MB");
    report(&format!("{OBJECTS} objects in one JSON list"), &dump, &cost(&binary, &scan_of(&dump))?, "5 s wall, 250 MB");
    Ok(())
}

fn scan_of(target: &Path) -> [String; 4] {
    ["scan".to_owned(), target.display().to_string(), "--format".to_owned(), "json".to_owned()]
}

/// Makes an input where it is missing; under another name first, so that an interrupted run leaves nothing half made.
fn made(path: &Path, make: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<PathBuf, Failure> {
    if !path.exists() {
        say(&format!("making {}", path.display()));
        let partial = path.with_extension("partial");
        let outcome = remove(&partial).and_then(|()| make(&partial)).and_then(|()| std::fs::rename(&partial, path));
        outcome.map_err(|error| Failure(format!("{}: {error}", path.display())))?;
    }
    Ok(path.to_owned())
}

fn remove(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        std::fs::remove_dir_all(path)
    } else if path.exists() {
        std::fs::remove_file(path)
    } else {
        Ok(())
    }
}

fn report(what: &str, input: &Path, cost: &Cost, budget: &str) {
    let megabytes = inputs::size(input) / 1_000_000;
    say(&format!(
        "{what} ({megabytes} MB): {:.2} CPU-s, {:.2} s wall, {} MB at most (budget {budget}); exit {}",
        cost.cpu_seconds, cost.wall_seconds, cost.peak_megabytes, cost.exit
    ));
}

/// The median of several starts, in milliseconds.
fn start_up(binary: &Path) -> Result<f64, Failure> {
    let mut times = Vec::new();
    for _ in 0..21 {
        let start = Instant::now();
        cost(binary, &["--version".to_owned()])?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}
