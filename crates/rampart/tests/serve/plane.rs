//! A plane in a process of its own, and somebody who is signed in to it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub struct Plane {
    child: Child,
    pub address: String,
    data: PathBuf,
    lines: Receiver<String>,
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
    /// A token of an administrator, once somebody signed in.
    pub token: String,
}

impl Drop for Plane {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Plane {
    /// Starts it and waits until it listens.
    pub fn start(data: &Path, words: &[&str]) -> Self {
        Self::start_at(data, free_port(), words)
    }

    pub fn start_at(data: &Path, port: u16, words: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rampart"))
            .args(["serve", "--log", "json", "--listen", &format!("127.0.0.1:{port}"), "--data"])
            .arg(data)
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (send, lines) = channel();
        let stderr = child.stderr.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if std::env::var_os("RAMPART_TEST_LOG").is_some() {
                    eprintln!("{line}");
                }
                let _ = send.send(line);
            }
        });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let address = format!("https://127.0.0.1:{port}");
        let mut plane =
            Self { client: untrusting(), child, address, data: data.to_owned(), lines, runtime, token: String::new() };
        plane.wait_for("the plane is listening");
        plane.client = trusting(&plane.data);
        plane
    }

    /// The first line of the log with this text.
    pub fn wait_for(&self, text: &str) -> String {
        let end = Instant::now() + Duration::from_secs(60);
        let mut seen = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            if line.contains(text) {
                return line;
            }
            seen.push(line);
        }
        panic!("the plane never said `{text}`:\n{}", seen.join("\n"));
    }

    /// Spends the link of the first start and makes a token.
    pub fn sign_in(&mut self) {
        let link = self.wait_for("/first-run#");
        let secret = link.trim().split_once('#').unwrap().1.to_owned();
        self.token = self.become_admin("ada", &secret);
    }

    /// Makes a local administrator by a one-time link, and a token of theirs.
    pub fn become_admin(&self, name: &str, secret: &str) -> String {
        let body = json!({ "token": secret, "name": name, "password": "correct horse battery staple 7" });
        let (status, cookie, answer) = self.runtime.block_on(async {
            let asked = self.client.post(self.url("/api/v1/auth/first-run")).json(&body).send().await.unwrap();
            let cookie = asked.headers().get("set-cookie").map(|value| value.to_str().unwrap().to_owned());
            (asked.status(), cookie, asked.text().await.unwrap())
        });
        assert!(status.is_success(), "{status} {answer}");
        let cookie = cookie.unwrap().split(';').next().unwrap().to_owned();
        self.runtime.block_on(async {
            let session = self.client.get(self.url("/api/v1/session")).header("cookie", &cookie).send().await.unwrap();
            let session: Value = session.json().await.unwrap();
            let expires = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
            let wish = json!({ "name": "test", "role": "admin", "clusters": [], "namespaces": [], "expires": expires });
            let made = self
                .client
                .post(self.url("/api/v1/tokens"))
                .header("cookie", &cookie)
                .header("x-rampart-csrf", session["csrf"].as_str().unwrap())
                .json(&wish)
                .send()
                .await
                .unwrap();
            let (status, text) = (made.status(), made.text().await.unwrap());
            assert!(status.is_success(), "{status} {text}");
            serde_json::from_str::<Value>(&text).unwrap()["secret"].as_str().unwrap().to_owned()
        })
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> (u16, Value) {
        self.send(self.client.get(self.url(path)))
    }

    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.send(self.client.post(self.url(path)).json(body))
    }

    pub fn post_as(&self, token: &str, path: &str, body: &Value) -> (u16, Value) {
        self.answer(self.client.post(self.url(path)).json(body).bearer_auth(token))
    }

    fn send(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let request = if self.token.is_empty() { request } else { request.bearer_auth(&self.token) };
        self.answer(request)
    }

    fn answer(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        self.runtime.block_on(async {
            let answer = match request.timeout(Duration::from_secs(30)).send().await {
                Ok(answer) => answer,
                Err(error) => return (0, json!({ "problem": error.to_string() })),
            };
            let status = answer.status().as_u16();
            let text = answer.text().await.unwrap_or_default();
            (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
        })
    }

    /// Asks until the answer is as wanted; the time that it took.
    pub fn until(&self, path: &str, within: Duration, wanted: impl Fn(u16, &Value) -> bool) -> Duration {
        let start = Instant::now();
        loop {
            let (status, answer) = self.get(path);
            if wanted(status, &answer) {
                return start.elapsed();
            }
            assert!(start.elapsed() < within, "{path} stays {status} {answer:#}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The lines of an event stream, from now on.
    pub fn events(&self) -> Receiver<String> {
        let (send, lines) = channel();
        let request = self.client.get(self.url("/api/v1/events")).bearer_auth(&self.token);
        let mut answer = self.runtime.block_on(request.send()).unwrap();
        assert_eq!(answer.status(), 200);
        self.runtime.spawn(async move {
            while let Ok(Some(chunk)) = answer.chunk().await {
                for line in String::from_utf8_lossy(&chunk).lines() {
                    let _ = send.send(line.to_owned());
                }
            }
        });
        lines
    }

    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// As the kernel or a power cut does it.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until it ends by itself.
    pub fn ended(&mut self) -> std::process::ExitStatus {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "the plane does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A client that trusts the authority of this data folder.
fn trusting(data: &Path) -> reqwest::Client {
    let pem = std::fs::read(data.join("tls/authority.crt")).unwrap();
    // Another test may have set it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = reqwest::Certificate::from_pem(&pem).unwrap();
    reqwest::Client::builder().tls_certs_only([certificate]).build().unwrap()
}

/// A pod that no rule likes.
pub fn privileged_pod(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  containers:\n    - name: c\n      image: i\n      securityContext: {{privileged: true}}\n"
    )
}

/// Until the authority is known.
fn untrusting() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().tls_certs_only([]).build().unwrap()
}
