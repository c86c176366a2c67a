//! `cargo xtask bench plane [AGENTS [FINDINGS]]`: a plane under the load of many agents, on both databases.
//!
//! The plane is the release build as users run it; the agents live in one other process and speak the real protocol.
//! PostgreSQL gets all agents, SQLite a tenth of them. Data lies in `target/bench` and is removed afterwards.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rampart_testkit::postgres;

use crate::step::{Failure, cargo, root, run, say};

const AGENTS: usize = 1000;
/// Findings of a cluster of 10,000 objects: one each.
const FINDINGS: usize = 10_000;

pub fn plane(words: &[&str]) -> Result<(), Failure> {
    let number = |index: usize, default: usize| match words.get(index) {
        Some(word) => word.parse().map_err(|_| Failure(format!("`{word}` is no number"))),
        None => Ok(default),
    };
    let (agents, findings) = (number(0, AGENTS)?, number(1, FINDINGS)?);
    // Together: each on its own, they would want their dependencies built in different ways.
    let both = ["-p", "rampart", "--bin", "rampart", "-p", "rampart-agent", "--example", "fleet"];
    cargo("release build", &[&["build", "--release", "--locked"], &both[..]].concat())?;
    let tenth = agents.div_ceil(10);
    say(&format!("SQLite: {tenth} agents x 10,000 objects, {findings} findings each"));
    load(None, tenth, findings)?;
    say(&format!("PostgreSQL: {agents} agents x 10,000 objects, {findings} findings each"));
    match postgres::Server::start() {
        Some(server) => load(Some(&server.database()), agents, findings),
        None => {
            Err(Failure("PostgreSQL cannot be started: install it (Debian: apt-get install postgresql)".to_owned()))
        }
    }
}

/// Starts a plane, has the agents at it, and stops it.
fn load(database: Option<&str>, agents: usize, findings: usize) -> Result<(), Failure> {
    let data = root().join("target/bench/plane");
    remove(&data)?;
    let (plane, link) = Plane::start(&data, database)?;
    let (url, token) = link.split_once("/first-run#").ok_or_else(|| Failure(format!("`{link}` is no link")))?;
    let mut fleet = Command::new(root().join("target/release/examples/fleet"));
    fleet.args([url, &data.join("tls/authority.crt").display().to_string(), token]);
    fleet.args([agents.to_string(), findings.to_string(), plane.child.id().to_string()]);
    let outcome = run("the load", &mut fleet);
    drop(plane);
    outcome.and_then(|()| remove(&data))
}

fn remove(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(|error| Failure(format!("{}: {error}", folder.display())))?;
    }
    Ok(())
}

/// Ends with this value.
struct Plane {
    child: Child,
}

impl Plane {
    /// Waits until the plane has printed its sign-in link.
    fn start(data: &Path, database: Option<&str>) -> Result<(Self, String), Failure> {
        let mut command = Command::new(root().join("target/release/rampart"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data).stderr(Stdio::piped());
        if let Some(url) = database {
            command.args(["--database", url]);
        }
        let failed = |error: std::io::Error| Failure(format!("the plane cannot be started: {error}"));
        let mut child = command.spawn().map_err(failed)?;
        let lines = child.stderr.take().map(BufReader::new);
        let plane = Self { child };
        let mut lines = lines.into_iter().flat_map(BufRead::lines);
        let link = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let word = line.split_whitespace().find(|word| word.contains("/first-run#")).map(str::to_owned);
            if word.is_none() {
                say(&line);
            }
            word
        });
        // Its log must go on being read, or the plane would wait for it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| say(&line)));
        let link = link.ok_or_else(|| Failure("the plane ended before it printed a sign-in link".to_owned()))?;
        Ok((plane, link))
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
