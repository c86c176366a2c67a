//! For tests of routes: a plane over an SQLite store in a temporary folder, with a clock that stands still until it is moved,
//! and calls as a client makes them. `stage/people.rs` signs people in.

mod people;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use jiff::Timestamp;
use rampart_store::Store;
use rampart_store::audit::{self, TrailEntry};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{Authority, Options, Plane, routes};

pub(crate) use people::{Browser, PASSWORD};

pub(crate) struct Stage {
    pub plane: Plane,
    router: Router,
    seconds: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// `name=value` of a cookie that was set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        let mut pairs = lines.map(|line| line.split(';').next().unwrap().to_owned());
        pairs.rfind(|pair| pair.split_once('=').is_some_and(|(key, value)| key == name && !value.is_empty()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A client: what it sends along with each request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    pub headers: Vec<(String, String)>,
    pub address: Option<IpAddr>,
}

impl Client {
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn cookie(self, pair: &str) -> Self {
        self.with(COOKIE.as_str(), pair)
    }

    pub fn bearer(self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }
}

impl Stage {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options {
            data: folder.path().to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            database: None,
            clusters: Vec::new(),
            tls: None,
            public_url: None,
            settings: Vec::new(),
            insecure_http: false,
            rescan: Duration::from_secs(60),
            kubeconfig: None,
            identity_ca: None,
            seal_key: None,
        };
        change(&mut options);
        let start = Timestamp::now().as_second();
        let seconds = Arc::new(AtomicI64::new(start));
        let clock = seconds.clone();
        let now = Timestamp::from_second(start).unwrap();
        let store = Store::open(&format!("sqlite:{}", folder.path().join("rampart.db").display())).unwrap();
        let authority = Authority::open(folder.path(), now).unwrap();
        let tell = move || Timestamp::from_second(clock.load(Ordering::SeqCst)).unwrap();
        let plane = Plane::new(options, store, authority, Box::new(tell)).unwrap();
        let router = routes::router(plane.clone());
        Self { plane, router, seconds, _folder: folder }
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub async fn get(&self, client: &Client, path: &str) -> Answer {
        self.send(client, Method::GET, path, None).await
    }

    pub async fn post(&self, client: &Client, path: &str, body: Value) -> Answer {
        self.send(client, Method::POST, path, Some(body)).await
    }

    pub async fn send(&self, client: &Client, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(HOST, "plane:8443");
        for (name, value) in &client.headers {
            request = request.header(name, value);
        }
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let mut request = request.body(body).unwrap();
        let address = client.address.unwrap_or(IpAddr::from([192, 0, 2, 1]));
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 50_000)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// The newest entries of the trail first.
    pub fn trail(&self) -> Vec<TrailEntry> {
        self.plane.store().read(|tx| audit::list(tx, &audit::Filter::default(), None, 100)).unwrap().items
    }
}
