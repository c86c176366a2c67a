//! Following a cluster: changes, forgotten versions, refused kinds, new kinds and a full memory, against a server that
//! answers by script.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a broken harness must stop the test")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rampart_collect::{Collected, Mirror, Options, WatchOptions};
use rampart_model::Object;

#[derive(Clone)]
enum Answer {
    Body(u16, String),
    /// A watch: lines come from a channel of the test, until it is closed.
    Watch,
}

#[derive(Default)]
struct Script {
    /// By path without the query of a watch. Whatever is not there is 404.
    answers: HashMap<String, Answer>,
    watches: HashMap<String, Sender<String>>,
    calls: Vec<String>,
}

struct Server {
    kubeconfig: PathBuf,
    script: Arc<Mutex<Script>>,
    _folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(Script::default()));
        let shared = Arc::clone(&script);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let script = Arc::clone(&shared);
                std::thread::spawn(move || answer(stream.unwrap(), &script));
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = folder.path().join("config");
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{{name: c, cluster: {{server: 'http://{address}'}}}}]\n\
             users: [{{name: c, user: {{token: t}}}}]\ncontexts: [{{name: c, context: {{cluster: c, user: c}}}}]\n"
        );
        std::fs::write(&kubeconfig, text).unwrap();
        let server = Self { kubeconfig, script, _folder: folder };
        server.say("/version", r#"{"gitVersion":"v1.35.2"}"#);
        server.say("/api", r#"{"versions":["v1"]}"#);
        server.say("/apis", r#"{"groups":[]}"#);
        server.kinds(&[("pods", "Pod")]);
        server
    }

    fn set(&self, path: &str, answer: Answer) {
        self.script.lock().unwrap().answers.insert(path.to_owned(), answer);
    }

    fn say(&self, path: &str, body: &str) {
        self.set(path, Answer::Body(200, body.to_owned()));
    }

    fn kinds(&self, kinds: &[(&str, &str)]) {
        let one = |(name, kind): &(&str, &str)| {
            format!(r#"{{"name":"{name}","kind":"{kind}","namespaced":true,"verbs":["list","watch"]}}"#)
        };
        let all: Vec<String> = kinds.iter().map(one).collect();
        self.say("/api/v1", &format!(r#"{{"resources":[{}]}}"#, all.join(",")));
        for (name, _) in kinds {
            self.set(&format!("/api/v1/{name}?watch"), Answer::Watch);
        }
    }

    fn list(&self, plural: &str, limit: u32, names: &[&str]) {
        let items: Vec<String> = names.iter().map(|name| object(name, "1")).collect();
        let body = format!(
            r#"{{"kind":"List","apiVersion":"v1","metadata":{{"resourceVersion":"10"}},"items":[{}]}}"#,
            items.join(",")
        );
        self.say(&format!("/api/v1/{plural}?limit={limit}"), &body);
    }

    /// Sends an event on the watch of a kind, as soon as there is one.
    fn send(&self, plural: &str, line: &str) {
        for _ in 0..200 {
            let sender = self.script.lock().unwrap().watches.get(plural).cloned();
            if sender.is_some_and(|sender| sender.send(line.to_owned()).is_ok()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("nobody watches {plural}");
    }

    fn hang_up(&self, plural: &str) {
        self.script.lock().unwrap().watches.remove(plural);
    }

    async fn mirror(&self, options: WatchOptions) -> Mirror {
        let mirror = Mirror::start(None, Some(&self.kubeconfig), options).await.unwrap();
        tokio::time::timeout(Duration::from_secs(10), mirror.ready()).await.unwrap();
        mirror
    }

    fn calls(&self) -> Vec<String> {
        self.script.lock().unwrap().calls.clone()
    }
}

fn answer(mut stream: std::net::TcpStream, script: &Mutex<Script>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(request) = lines.next() else { return };
    assert!(request.starts_with("GET "), "only reads: {request}");
    let _head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = request.split(' ').nth(1).unwrap().to_owned();
    let key = match path.split_once("?watch=1") {
        Some((kind, _)) => format!("{kind}?watch"),
        None => path.clone(),
    };
    let (answer, receiver): (Answer, Option<Receiver<String>>) = {
        let mut script = script.lock().unwrap();
        script.calls.push(path);
        let answer = script.answers.get(&key).cloned().unwrap_or(Answer::Body(404, "{}".to_owned()));
        let receiver = matches!(answer, Answer::Watch).then(|| {
            let (sender, receiver) = channel();
            let plural = key.trim_start_matches("/api/v1/").trim_end_matches("?watch").to_owned();
            script.watches.insert(plural, sender);
            receiver
        });
        (answer, receiver)
    };
    let head = "content-type: application/json\r\nconnection: close\r\n";
    match answer {
        Answer::Body(code, body) => {
            let length = body.len();
            let _ = write!(stream, "HTTP/1.1 {code} X\r\n{head}content-length: {length}\r\n\r\n{body}");
        }
        Answer::Watch => {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\n{head}\r\n");
            while let Ok(line) = receiver.as_ref().unwrap().recv() {
                if writeln!(stream, "{line}").is_err() {
                    return;
                }
            }
        }
    }
}

fn object(name: &str, value: &str) -> String {
    format!(
        r#"{{"metadata":{{"name":"{name}","namespace":"n","resourceVersion":"7","managedFields":[{{"x":1}}]}},"data":{{"k":"{value}"}}}}"#
    )
}

fn event(kind: &str, object: &str) -> String {
    format!(r#"{{"type":"{kind}","object":{object}}}"#)
}

fn read(mirror: &Mirror) -> (Vec<String>, Collected) {
    let (collected, states) = mirror.read(&Options::new(), Vec::new, |found: &mut Vec<String>, document| {
        let text = &document.source().text;
        assert!(!text.contains("managedFields") && !text.contains("hunter2") && !text.contains("aHVudGVyMg"), "{text}");
        found.extend(Object::all(document).iter().map(|object| {
            let value = object.value().text_at(&["data", "k"]).unwrap_or_default();
            format!("{} {}={value}", object.kind(), object.name())
        }));
    });
    let mut found: Vec<String> = states.into_iter().flatten().collect();
    found.sort();
    (found, collected)
}

/// Waits until the mirror holds what is expected.
async fn reaches(mirror: &Mirror, expected: &[&str]) -> Collected {
    for _ in 0..250 {
        let (found, collected) = read(mirror);
        if found == expected {
            return collected;
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    assert_eq!(read(mirror).0, expected);
    read(mirror).1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_arrive_and_what_changes_nothing_is_not_told() {
    let server = Server::start();
    server.list("pods", 500, &["a", "b"]);
    let mirror = server.mirror(WatchOptions::new()).await;
    let collected = reaches(&mirror, &["Pod a=1", "Pod b=1"]).await;
    assert!(collected.is_cluster && collected.unseen.is_empty(), "{collected:?}");
    assert_eq!(collected.server_version.map(|version| version.minor), Some(35));
    let mut revision = mirror.revision();
    let before = *revision.borrow_and_update();
    // Another version of the same object, and a bookmark.
    server.send("pods", &event("MODIFIED", &object("a", "1")));
    server.send("pods", &event("BOOKMARK", r#"{"metadata":{"resourceVersion":"20"}}"#));
    server.send("pods", &event("ADDED", &object("c", "1")));
    server.send("pods", &event("MODIFIED", &object("b", "2")));
    server.send("pods", &event("DELETED", &object("a", "1")));
    reaches(&mirror, &["Pod b=2", "Pod c=1"]).await;
    assert_eq!(*revision.borrow_and_update(), before + 3);
    // The next watch goes on from the last version that was seen.
    server.send("pods", &event("BOOKMARK", r#"{"metadata":{"resourceVersion":"30"}}"#));
    server.hang_up("pods");
    server.send("pods", &event("ADDED", &object("d", "1")));
    reaches(&mirror, &["Pod b=2", "Pod c=1", "Pod d=1"]).await;
    assert!(server.calls().iter().any(|call| call.ends_with("resourceVersion=30")), "{:?}", server.calls());
    assert_eq!(server.calls().iter().filter(|call| call.contains("limit=")).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forgotten_version_is_listed_again() {
    let server = Server::start();
    server.list("pods", 500, &["a", "b"]);
    let mirror = server.mirror(WatchOptions::new()).await;
    server.list("pods", 500, &["b", "c"]);
    server.send("pods", &event("ERROR", r#"{"kind":"Status","code":410,"message":"too old"}"#));
    let collected = reaches(&mirror, &["Pod b=1", "Pod c=1"]).await;
    assert!(collected.unseen.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_kind_is_unseen_until_it_is_allowed() {
    let server = Server::start();
    server.kinds(&[("pods", "Pod"), ("secrets", "Secret")]);
    server.list("pods", 500, &["a"]);
    server.set("/api/v1/secrets?limit=100", Answer::Body(403, r#"{"kind":"Status","code":403}"#.to_owned()));
    let options = WatchOptions { poll: Duration::from_millis(200), ..WatchOptions::new() };
    let mirror = server.mirror(options).await;
    let collected = reaches(&mirror, &["Pod a=1"]).await;
    assert_eq!(collected.unseen["Secret"], "listing it is forbidden to this account");
    server.list("secrets", 100, &["s"]);
    // A Secret's value never gets as far as this.
    server.send("secrets", &event("ADDED", &object("t", "aHVudGVyMg==")));
    let collected = reaches(&mirror, &["Pod a=1", "Secret s=d2l0aGhlbGQ=", "Secret t=d2l0aGhlbGQ="]).await;
    assert!(collected.unseen.is_empty(), "{collected:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kinds_that_come_and_go_are_followed_and_left() {
    let server = Server::start();
    server.list("pods", 500, &["a"]);
    let options = WatchOptions { rediscover: Duration::from_millis(300), ..WatchOptions::new() };
    let mirror = server.mirror(options).await;
    server.list("rockets", 500, &["r"]);
    server.kinds(&[("pods", "Pod"), ("rockets", "Rocket")]);
    reaches(&mirror, &["Pod a=1", "Rocket r=1"]).await;
    server.kinds(&[("pods", "Pod")]);
    reaches(&mirror, &["Pod a=1"]).await;
    assert_eq!(mirror.usage().kinds, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_memory_makes_the_kind_unseen_and_is_never_exceeded() {
    let server = Server::start();
    let names: Vec<String> = (0..100).map(|number| format!("p{number}")).collect();
    server.list("pods", 500, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let mirror = server.mirror(WatchOptions { bytes: 8 << 10, ..WatchOptions::new() }).await;
    let (found, collected) = read(&mirror);
    assert!(!found.is_empty() && found.len() < 100);
    assert!(collected.unseen["Pod"].contains("no room within the memory limit"), "{collected:?}");
    let usage = mirror.usage();
    assert!(usage.bytes <= 8 << 10 && usage.absent + usage.objects == 100, "{usage:?}");
}
