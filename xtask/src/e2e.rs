//! Starts a real API server, loads the examples, and runs the tests that scan it.

use std::path::PathBuf;
use std::process::Command;

use crate::step::{Failure, last_line, root, run as step, say};
use crate::ui;

/// Builds the server, or finds it built: outside the time that a cluster has to start.
pub fn prepare() -> Result<(), Failure> {
    last_line("programs of the test cluster", &mut script("assets.sh", &[])).map(|folder| say(&folder))
}

pub fn run() -> Result<(), Failure> {
    prepare()?;
    ui::build()?;
    let folder = std::env::temp_dir().join(format!("rampart-e2e-{}", std::process::id()));
    let cluster = Cluster { folder };
    let folder = cluster.folder.display().to_string();
    std::fs::create_dir_all(&cluster.folder).map_err(|error| Failure(format!("`{folder}` cannot be made: {error}")))?;
    let admin = last_line("start the cluster", &mut script("cluster.sh", &["start", &folder]))?;
    for example in ["examples/shop", "examples/bank"] {
        step(&format!("load {example}"), &mut script("cluster.sh", &["load", &folder, example]))?;
    }
    let readonly = last_line("make a read-only account", &mut script("cluster.sh", &["readonly", &folder]))?;
    let blind = last_line(
        "make an account without configmaps",
        &mut script("cluster.sh", &["readonly", &folder, "--without", "configmaps"]),
    )?;
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut tests = Command::new(program);
    tests
        .args([
            "test",
            "--locked",
            // The whole workspace, so that dependencies have the features that `test` builds them with.
            "--workspace",
            "--test",
            "live_cluster",
            "--test",
            "live_mirror",
            "--test",
            "live",
            "--test",
            "snapshot",
            "--",
            "--nocapture",
        ])
        .env("RAMPART_E2E_ADMIN", &admin)
        .env("RAMPART_E2E_READONLY", &readonly)
        .env("RAMPART_E2E_WITHOUT_CONFIGMAPS", blind);
    let outcome = step("scan the cluster", &mut tests)
        .and_then(|()| ["sqlite", "postgres"].into_iter().try_for_each(|engine| agent(engine, &admin, &readonly)))
        .and_then(|()| browse(&admin));
    drop(cluster);
    outcome
}

/// The plane in a browser: the program with the UI in it, an identity provider, and an agent that joins from the cluster.
fn browse(admin: &str) -> Result<(), Failure> {
    let programs = last_line("programs of the test cluster", &mut script("assets.sh", &[]))?;
    ui::browser_tests(&[("RAMPART_E2E_KUBECONFIG", admin), ("KUBECTL", &format!("{programs}/kubectl"))])
}

/// An agent and a plane, killed and cut off from each other in every way, on one of the two databases.
fn agent(engine: &str, admin: &str, readonly: &str) -> Result<(), Failure> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    // The tests before have built it.
    let program = target.join("debug/rampart").display().to_string();
    let assets = last_line("programs of the test cluster", &mut script("assets.sh", &[]))?;
    let kubectl = format!("{assets}/kubectl");
    step(
        &format!("agent and plane on {engine}"),
        &mut script("agent.py", &[&program, &kubectl, admin, readonly, engine]),
    )
}

fn script(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(root().join("e2e").join(name));
    command.args(arguments);
    command
}

/// Stops what was started, however the tests end.
struct Cluster {
    folder: PathBuf,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let folder = self.folder.display().to_string();
        if let Err(Failure(message)) = step("stop the cluster", &mut script("cluster.sh", &["stop", &folder])) {
            say(&format!("{message}; look into {folder}"));
        } else if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            say(&format!("{folder} is left behind: {error}"));
        }
    }
}
