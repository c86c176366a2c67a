//! The programs of the test: the plane and the identity provider, each at a free port and gone with the test.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(60);

fn provider_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e/oidc")
}

/// Finds Node and the provider's packages, or installs the latter.
pub fn install() -> Result<(), String> {
    let works =
        |program: &str| Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !works("node") || !works("npm") {
        return Err("node or npm is not installed".to_owned());
    }
    if provider_folder().join("node_modules/oidc-provider").exists() {
        return Ok(());
    }
    let output = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(provider_folder()).output();
    let output = output.map_err(|error| format!("npm does not start: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("`npm ci` failed: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// What a program says, line by line, read beside so that it never waits for the test.
pub struct Lines(Receiver<String>);

impl Lines {
    pub fn of(stream: impl Read + Send + 'static) -> Self {
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                // Read on where nobody listens any more, lest the program blocks.
                let _ = send.send(line);
            }
        });
        Self(lines)
    }

    /// Waits for the line that `read` understands.
    pub fn find(&self, read: impl Fn(&str) -> Option<String>) -> String {
        let mut said = String::new();
        loop {
            let line =
                self.0.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the program did not say it, but: {said}"));
            if let Some(found) = read(&line) {
                return found;
            }
            said.push_str(&line);
            said.push('\n');
        }
    }
}

/// The plane as `rampart serve` starts it.
pub struct Plane {
    process: Child,
    pub address: String,
    /// The secret of its first-run link.
    pub link: String,
    _said: Lines,
}

impl Plane {
    pub fn start(folder: &Path) -> Self {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        std::fs::write(folder.join("provider.pem"), made.cert.pem()).unwrap();
        std::fs::write(folder.join("provider-key.pem"), made.signing_key.serialize_pem()).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_rampart"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.join("data"))
            .arg("--identity-ca")
            .arg(folder.join("provider.pem"))
            .env_remove("RAMPART_DATABASE")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Lines::of(process.stderr.take().unwrap());
        let link = said.find(|line| line.contains("/first-run#").then(|| line.trim().to_owned()));
        let (address, link) = link.split_once("/first-run#").unwrap();
        Self { process, address: address.to_owned(), link: link.to_owned(), _said: said }
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// The identity provider; it ends with its standard input.
pub struct Provider {
    process: Child,
    _input: ChildStdin,
    pub issuer: String,
    client: reqwest::Client,
    _said: Lines,
}

impl Provider {
    pub fn start(folder: &Path, redirect: &str) -> Self {
        let mut process = Command::new("node")
            .arg(provider_folder().join("provider.mjs"))
            .args([folder.join("provider-key.pem"), folder.join("provider.pem")])
            .arg(redirect)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let said = Lines::of(process.stdout.take().unwrap());
        let line = said.find(|line| line.starts_with('{').then(|| line.to_owned()));
        let issuer = serde_json::from_str::<Value>(&line).unwrap()["issuer"].as_str().unwrap().to_owned();
        Self { process, _input: input, issuer, client: super::browser::client(folder), _said: said }
    }

    /// Tells it something about its people, keys or claims.
    pub async fn tell(&self, what: &str, value: Value) {
        let answer = self.client.put(format!("{}/-/{what}", self.issuer)).json(&value).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
