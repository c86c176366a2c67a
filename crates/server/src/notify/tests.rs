//! The worker over a real store against receivers that really listen.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use rampart_model::Severity;
use rampart_store::delivery::record::{Event, record};
use rampart_store::delivery::{Delivery, State, list, send};
use rampart_store::route::{self, Digest, Kind, Settings};
use rampart_store::{Actor, Store};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::{settings, webhook, worker};
use crate::{Authority, Options, Plane};

pub(super) struct House {
    pub plane: Plane,
    folder: TempDir,
    clock: Arc<Mutex<Timestamp>>,
}

fn options(folder: &TempDir) -> Options {
    Options {
        data: folder.path().to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        database: None,
        clusters: Vec::new(),
        tls: None,
        public_url: Some("https://rampart.example".to_owned()),
        settings: Vec::new(),
        insecure_http: false,
        rescan: std::time::Duration::from_secs(60),
        kubeconfig: None,
        identity_ca: None,
        seal_key: None,
    }
}

impl House {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Mutex::new("2031-05-06T07:08:09Z".parse().unwrap()));
        Self { plane: Self::replica(&folder, &clock), folder, clock }
    }

    /// A process over the same database.
    fn replica(folder: &TempDir, clock: &Arc<Mutex<Timestamp>>) -> Plane {
        let store = Store::open(&format!("sqlite:{}", folder.path().join("rampart.db").display())).unwrap();
        let authority = Authority::open(folder.path(), Timestamp::now()).unwrap();
        let clock = Arc::clone(clock);
        Plane::new(options(folder), store, authority, Box::new(move || *clock.lock().unwrap())).unwrap()
    }

    fn pass(&self, seconds: i64) {
        let mut now = self.clock.lock().unwrap();
        *now += SignedDuration::from_secs(seconds);
    }

    fn route(&self, kind: Kind, target: &str, secret: Option<&str>, digest: Digest) -> String {
        let settings = Settings {
            name: "ops".into(),
            kind,
            target: target.into(),
            min_severity: Severity::High,
            controls: Vec::new(),
            clusters: vec!["prod*".into()],
            namespaces: Vec::new(),
            digest,
            enabled: true,
        };
        let (now, key) = (self.plane.now(), self.plane.sign_in().seal());
        let made = self.plane.store().write(|tx| route::create(tx, &Actor::PLANE, &settings, secret, key, now));
        made.unwrap().id
    }

    /// One finding that somebody wants to know of, and one that nobody does.
    fn news(&self, seq: i64, name: &str) {
        let now = self.plane.now();
        let fingerprint = format!("{seq:032}");
        let event = |severity, name| Event {
            seq,
            fingerprint: &fingerprint,
            change: "opened",
            rule: "pod-security/privileged",
            control: "pod_security",
            severity,
            kind: "Pod",
            namespace: "shop",
            name,
            message: "container `app` runs privileged",
        };
        let events = [event(Severity::Critical, name), event(Severity::Low, "quiet")];
        self.plane.store().write(|tx| record(tx, "prod-eu", &events, now)).unwrap();
    }

    fn deliveries(&self) -> Vec<Delivery> {
        self.plane.store().read(|tx| list::list(tx, None, None, 100)).unwrap().items
    }
}

#[derive(Debug, Clone)]
struct Got {
    head: String,
    body: Vec<u8>,
}

impl Got {
    fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }
}

/// Answers each request with the next of `answers`, the last one for ever.
async fn receiver(answers: &[&'static str]) -> (String, Arc<Mutex<Vec<Got>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let got = Arc::new(Mutex::new(Vec::new()));
    let (kept, answers) = (Arc::clone(&got), answers.to_vec());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (kept, answers) = (Arc::clone(&kept), answers.clone());
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    if stream.read_line(&mut head).await.unwrap() == 0 {
                        return;
                    }
                }
                let mut request = Got { head, body: Vec::new() };
                let length = request.header("content-length").unwrap().parse().unwrap();
                request.body = vec![0; length];
                stream.read_exact(&mut request.body).await.unwrap();
                let number = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(request);
                    kept.len() - 1
                };
                let status = answers[number.min(answers.len() - 1)];
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            });
        }
    });
    (format!("http://{address}/hook"), got)
}

#[tokio::test]
async fn a_webhook_is_signed_and_sent_once() {
    let house = House::new();
    let (target, got) = receiver(&["204 No Content"]).await;
    house.route(Kind::Webhook, &target, Some("s3cret"), Digest::None);
    house.news(1, "cart\u{1b}[2J");
    for _ in 0..3 {
        worker::turn(house.plane.clone()).await.unwrap();
        house.pass(600);
    }
    let got = got.lock().unwrap().clone();
    let [one] = got.as_slice() else { panic!("{got:?}") };
    let time: i64 = one.header("rampart-timestamp").unwrap().parse().unwrap();
    assert_eq!(one.header("rampart-signature").unwrap(), webhook::sign("s3cret", time, &one.body));
    let body: serde_json::Value = serde_json::from_slice(&one.body).unwrap();
    assert_eq!((&body["schema"], &body["news"][0]["total"]), (&"rampart.notification/v1".into(), &1.into()));
    let [delivery] = house.deliveries().try_into().unwrap();
    assert_eq!((delivery.state, delivery.attempts), (State::Sent, 1));
    assert_eq!(one.header("idempotency-key").unwrap(), delivery.id);
}

#[tokio::test]
async fn two_replicas_and_a_restart_send_each_piece_once() {
    let house = House::new();
    let (target, got) = receiver(&["200 OK"]).await;
    house.route(Kind::Webhook, &target, None, Digest::None);
    for seq in 0..12 {
        house.news(seq, "cart");
    }
    let other = House::replica(&house.folder, &house.clock);
    let (one, two) = tokio::join!(worker::turn(house.plane.clone()), worker::turn(other));
    one.and(two).unwrap();
    house.pass(600);
    worker::turn(House::replica(&house.folder, &house.clock)).await.unwrap();
    let mut keys: Vec<String> = got.lock().unwrap().iter().map(|got| got.header("idempotency-key").unwrap()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!((keys.len(), got.lock().unwrap().len()), (12, 12));
}

#[tokio::test]
async fn what_is_refused_for_now_is_tried_again_with_the_same_key() {
    let house = House::new();
    let (target, got) = receiver(&["503 Service Unavailable", "429 Too Many Requests", "200 OK"]).await;
    house.route(Kind::Webhook, &target, None, Digest::None);
    house.news(1, "cart");
    worker::turn(house.plane.clone()).await.unwrap();
    let waiting = house.deliveries();
    assert_eq!((waiting[0].state, waiting[0].attempts), (State::Pending, 1));
    assert!(waiting[0].problem.as_deref().unwrap().contains("503") && waiting[0].next_attempt.is_some());
    worker::turn(house.plane.clone()).await.unwrap();
    assert_eq!(got.lock().unwrap().len(), 1, "not before its time");
    for _ in 0..2 {
        house.pass(300);
        worker::turn(house.plane.clone()).await.unwrap();
    }
    let keys: Vec<_> = got.lock().unwrap().iter().map(|got| got.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 3);
    assert!(keys.iter().all(|key| *key == keys[0]));
    assert_eq!(house.deliveries()[0].state, State::Sent);
}

#[tokio::test]
async fn what_is_refused_for_good_is_a_dead_letter_that_can_be_sent_again() {
    let house = House::new();
    let (target, got) = receiver(&["401 Unauthorized", "302 Found", "200 OK"]).await;
    house.route(Kind::Webhook, &target, None, Digest::None);
    house.news(1, "cart");
    for (said, state) in [("401", State::Dead), ("302", State::Dead), ("", State::Sent)] {
        worker::turn(house.plane.clone()).await.unwrap();
        let [delivery] = house.deliveries().try_into().unwrap();
        assert_eq!(delivery.state, state);
        assert!(delivery.problem.unwrap_or_default().contains(said));
        house.pass(60);
        let now = house.plane.now();
        let again = house.plane.store().write(|tx| list::retry(tx, &Actor::PLANE, &delivery.id, now));
        assert_eq!(again.is_ok(), state == State::Dead);
    }
    assert_eq!(got.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_sender_that_died_between_sending_and_noting_leaves_a_dead_letter_and_no_second_message() {
    let house = House::new();
    let (target, got) = receiver(&["200 OK"]).await;
    house.route(Kind::Webhook, &target, None, Digest::None);
    house.news(1, "cart");
    let now = house.plane.now();
    let lease = SignedDuration::from_secs(60);
    let claim = house.plane.store().write(|tx| send::claim(tx, "gone", lease, now)).unwrap().unwrap();
    house.plane.store().write(|tx| claim.begin(tx, now)).unwrap();
    drop(claim);
    house.pass(61);
    worker::turn(house.plane.clone()).await.unwrap();
    assert!(got.lock().unwrap().is_empty());
    let [delivery] = house.deliveries().try_into().unwrap();
    assert!(delivery.state == State::Dead && delivery.problem.unwrap().contains("may have arrived"));
}

#[tokio::test]
async fn a_digest_gathers_and_goes_to_the_chat_that_the_secret_names() {
    let house = House::new();
    let (target, got) = receiver(&["200 OK"]).await;
    house.route(Kind::Slack, "our chat", Some(&target), Digest::Hourly);
    for seq in 0..3 {
        house.news(seq, "<!channel> *x*");
    }
    worker::turn(house.plane.clone()).await.unwrap();
    assert!(got.lock().unwrap().is_empty(), "not before the hour");
    house.pass(3600);
    worker::turn(house.plane.clone()).await.unwrap();
    let got = got.lock().unwrap().clone();
    let [one] = got.as_slice() else { panic!("{got:?}") };
    let body: serde_json::Value = serde_json::from_slice(&one.body).unwrap();
    assert_eq!(body["text"], "3 findings in prod-eu: 3 critical");
    let text = body.to_string();
    assert!(text.contains("&lt;!channel&gt;") && !text.contains("<!channel>") && !text.contains("*x*"), "{text}");
    assert!(house.deliveries().iter().all(|delivery| delivery.state == State::Sent));
}

#[tokio::test]
async fn private_networks_are_not_reached_unless_it_is_allowed() {
    let house = House::new();
    house.route(Kind::Webhook, "https://169.254.169.254/latest", None, Digest::None);
    house.news(1, "cart");
    worker::turn(house.plane.clone()).await.unwrap();
    let [delivery] = house.deliveries().try_into().unwrap();
    assert!(delivery.state == State::Dead && delivery.problem.unwrap().contains("private network"));
}

/// A mail server of few words; keeps what it was told.
async fn mail_server() -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&told);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            stream.write_all(b"220 mail\r\n").await.unwrap();
            let mut is_letter = false;
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).await.unwrap() == 0 {
                    break;
                }
                kept.lock().unwrap().push_str(&line);
                let answer = match (is_letter, line.trim_end()) {
                    (true, ".") => {
                        is_letter = false;
                        "250 taken\r\n"
                    }
                    (true, _) => continue,
                    (false, "DATA") => {
                        is_letter = true;
                        "354 go on\r\n"
                    }
                    _ => "250 yes\r\n",
                };
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    (port, told)
}

#[tokio::test]
async fn mail_goes_to_every_address_through_the_server_of_the_settings() {
    let house = House::new();
    let (port, told) = mail_server().await;
    house.route(Kind::Email, "ops@shop.example, Night <night@shop.example>", None, Digest::None);
    house.news(1, "cart\r\nBcc: evil@example.org");
    worker::turn(house.plane.clone()).await.unwrap();
    assert!(house.deliveries()[0].problem.as_deref().unwrap().contains("no mail server"));
    let wanted: settings::Settings = serde_json::from_value(serde_json::json!({"smtp": {
        "server": "127.0.0.1", "port": port, "security": "none", "from": "rampart@shop.example", "user": null, "sealed": null,
    }}))
    .unwrap();
    let now = house.plane.now();
    let store = house.plane.store();
    store.write(|tx| rampart_store::setting::set(tx, &Actor::PLANE, "notifications", &wanted, now)).unwrap();
    house.pass(300);
    worker::turn(house.plane.clone()).await.unwrap();
    assert_eq!(house.deliveries()[0].state, State::Sent, "{:?}", house.deliveries());
    let told = told.lock().unwrap().clone();
    assert!(told.contains("RCPT TO:<ops@shop.example>") && told.contains("RCPT TO:<night@shop.example>"), "{told}");
    assert!(told.contains("Subject: Rampart: 1 finding in prod-eu: 1 critical"), "{told}");
    assert!(!told.lines().any(|line| line.starts_with("Bcc:")) && !told.contains("RCPT TO:<evil"), "{told}");
}
