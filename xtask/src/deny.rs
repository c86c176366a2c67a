//! Licences, sources and duplicates of dependencies, by cargo-deny.

use std::process::{Command, Stdio};

use crate::step::{Failure, cargo, say};

const VERSION: &str = "0.20.2";

pub fn run() -> Result<(), Failure> {
    let present =
        Command::new("cargo-deny").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !present {
        cargo("install cargo-deny", &["install", "--locked", "--quiet", &format!("cargo-deny@{VERSION}")])?;
    }
    // What other platforms would need is looked at as well, and was not fetched by building for this one.
    cargo("fetch dependencies", &["fetch", "--locked", "--quiet"])?;
    cargo("dependencies", &["deny", "--offline", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"])?;
    if std::env::var_os("RAMPART_CHECK_ADVISORIES").is_some() {
        return cargo("advisories", &["deny", "check", "advisories"]);
    }
    // A new advisory must not break a build that changed nothing, and its database is not a package.
    say("SKIPPED: advisories of dependencies: set RAMPART_CHECK_ADVISORIES=1 where github.com can be reached");
    Ok(())
}
