//! What a cluster may answer: pages, forgotten pages, forbidden kinds, broken groups, credentials that are not accepted.

#![expect(clippy::unwrap_used, reason = "a broken harness must stop the test")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rampart_collect::{Collected, Options, Refusal, RefusalKind, Target, read};
use rampart_model::Object;

type Answer = (u16, String);

/// An API server that answers each path (with its query) by a function; lives as long as the test's process.
struct Server {
    kubeconfig: PathBuf,
    calls: Arc<Mutex<Vec<String>>>,
    _folder: tempfile::TempDir,
}

fn serve(answer: impl Fn(&str, usize) -> Answer + Send + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let Some(request) = lines.next() else { continue };
            assert!(request.starts_with("GET "), "only reads: {request}");
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let path = request.split(' ').nth(1).unwrap().to_owned();
            let accepts_metadata = head.iter().any(|line| line.to_lowercase().contains("as=partialobjectmetadatalist"));
            let count = seen.lock().unwrap().iter().filter(|one| **one == path).count();
            let (code, body) = answer(&path, count);
            let mark = if accepts_metadata { " metadata" } else { "" };
            seen.lock().unwrap().push(format!("{path}{mark}"));
            let length = body.len();
            // The client may have hung up.
            let _ = write!(
                stream,
                "HTTP/1.1 {code} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            );
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let kubeconfig = folder.path().join("config");
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{{name: c, cluster: {{server: 'http://{address}'}}}}]\n\
         users: [{{name: c, user: {{token: t}}}}]\ncontexts: [{{name: c, context: {{cluster: c, user: c}}}}]\n"
    );
    std::fs::write(&kubeconfig, text).unwrap();
    Server { kubeconfig, calls, _folder: folder }
}

fn scan(server: &Server, options: &Options) -> Result<(Vec<String>, Collected), Refusal> {
    let target = Target::Context { name: Some("c".to_owned()), kubeconfig: Some(server.kubeconfig.clone()) };
    let (collected, states) = read(&target, options, Vec::new, |found: &mut Vec<_>, document| {
        let source = &document.source().name;
        found.extend(Object::all(document).iter().map(|object| format!("{} {source}", object.kind())));
    })?;
    let mut found: Vec<String> = states.into_iter().flatten().collect();
    found.sort();
    Ok((found, collected))
}

fn status(code: u16, metadata: &str) -> Answer {
    let body = format!(
        r#"{{"kind":"Status","apiVersion":"v1","metadata":{{{metadata}}},"status":"Failure","message":"no","code":{code}}}"#
    );
    (code, body)
}

fn list(kind: &str, next: &str, names: &[&str]) -> Answer {
    let items: Vec<String> =
        names.iter().map(|name| format!(r#"{{"metadata":{{"name":"{name}","namespace":"n"}}}}"#)).collect();
    let body = format!(
        r#"{{"kind":"{kind}List","apiVersion":"v1","metadata":{{"continue":"{next}"}},"items":[{}]}}"#,
        items.join(",")
    );
    (200, body)
}

/// Discovery of Pods, Secrets, Events and Leases, and a group whose server is down.
fn discovery(path: &str) -> Option<Answer> {
    let resource = |name: &str, kind: &str| {
        format!(r#"{{"name":"{name}","kind":"{kind}","namespaced":true,"verbs":["get","list"]}}"#)
    };
    let body = match path {
        "/version" => r#"{"gitVersion":"v1.35.2"}"#.to_owned(),
        "/api" => r#"{"versions":["v1"]}"#.to_owned(),
        "/api/v1" => {
            let pods = [resource("pods", "Pod"), resource("secrets", "Secret"), resource("events", "Event")];
            format!(r#"{{"resources":[{}]}}"#, pods.join(","))
        }
        "/apis" => {
            let group = |name: &str| {
                format!(r#"{{"name":"{name}","versions":[{{"version":"v1"}}],"preferredVersion":{{"version":"v1"}}}}"#)
            };
            let groups = [group("coordination.k8s.io"), group("broken.example"), group("metrics.k8s.io")];
            format!(r#"{{"groups":[{}]}}"#, groups.join(","))
        }
        "/apis/coordination.k8s.io/v1" => format!(r#"{{"resources":[{}]}}"#, resource("leases", "Lease")),
        "/apis/broken.example/v1" => return Some(status(500, "")),
        _ => return None,
    };
    Some((200, body))
}

#[test]
fn pages_are_followed_and_what_is_refused_is_unseen() {
    let server = serve(|path, _| {
        discovery(path).unwrap_or_else(|| match path {
            "/api/v1/pods?limit=500" => list("Pod", "a/b=", &["p1", "p2"]),
            "/api/v1/pods?limit=500&continue=a%2Fb%3D" => list("Pod", "", &["p3"]),
            "/apis/coordination.k8s.io/v1/leases?limit=500" => (
                200,
                r#"{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{},"items":null}"#
                    .to_owned(),
            ),
            _ => status(403, ""),
        })
    });
    let (found, collected) = scan(&server, &Options::new()).unwrap();
    let pod = |name: &str| format!("Pod api/v1/namespaces/n/pods/{name}");
    assert_eq!(found, [pod("p1"), pod("p2"), pod("p3")]);
    assert_eq!(collected.server_version.map(|version| version.minor), Some(35));
    let unseen: Vec<(&str, &str)> = collected.unseen.iter().map(|(kind, why)| (kind.as_str(), why.as_str())).collect();
    let why = "the API server answered 500: no";
    assert_eq!(
        unseen,
        [("Secret", "listing it is forbidden to this account"), ("all kinds of broken.example/v1", why)]
    );
    assert_eq!((collected.sources, collected.diagnostics.len()), (2, 0));
    let calls = server.calls.lock().unwrap();
    assert!(!calls.iter().any(|path| path.contains("events") || path.contains("metrics")), "{calls:?}");
    assert!(calls.contains(&"/apis/coordination.k8s.io/v1/leases?limit=500 metadata".to_owned()), "{calls:?}");
}

#[test]
fn forgotten_page_is_taken_up_again_without_reading_anything_twice() {
    for token in ["", r#""continue":"fresh""#] {
        let server = serve(move |path, count| {
            discovery(path).unwrap_or_else(|| match path {
                "/api/v1/pods?limit=500" if count == 0 => list("Pod", "old", &["p1", "p2"]),
                "/api/v1/pods?limit=500" => list("Pod", "", &["p1", "p11", "p2", "p3"]),
                "/api/v1/pods?limit=500&continue=old" => status(410, token),
                "/api/v1/pods?limit=500&continue=fresh" => list("Pod", "", &["p3"]),
                _ => list("X", "", &[]),
            })
        });
        let (found, _) = scan(&server, &Options::new()).unwrap();
        let names: Vec<&str> = found.iter().filter_map(|one| one.rsplit('/').next()).collect();
        assert_eq!(names, ["p1", "p2", "p3"], "{token}");
    }
}

#[test]
fn late_kinds_are_unseen() {
    let server = serve(|path, _| {
        discovery(path).unwrap_or_else(|| {
            std::thread::sleep(std::time::Duration::from_millis(400));
            list("X", "", &[])
        })
    });
    let options = Options { deadline: std::time::Duration::from_millis(1000), ..Options::new() };
    let (_, collected) = scan(&server, &options).unwrap();
    let late = collected.unseen.values().filter(|why| why.contains("within the time")).count();
    assert!(late > 0, "{collected:?}");
}

#[test]
fn cluster_that_turns_the_user_away_is_refused() {
    for (code, words) in [(401, "does not accept the credentials"), (403, "does not let the account")] {
        let server = serve(move |_, _| status(code, ""));
        let refusal = scan(&server, &Options::new()).unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Unavailable);
        assert!(refusal.reason.contains(words), "{refusal}");
    }
}
