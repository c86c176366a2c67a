//! As much of a browser as sign-in needs: cookies, redirects, and the headers that browsers add.

use std::collections::BTreeMap;
use std::path::Path;

use reqwest::{Certificate, Client, Method, Url};
use serde_json::Value;

const MOST_STEPS: usize = 20;

/// Trusts the plane and the provider, and follows no redirect by itself.
pub fn client(folder: &Path) -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let read = |path: &str| Certificate::from_pem_bundle(&std::fs::read(folder.join(path)).unwrap()).unwrap();
    let certificates = [read("data/tls/authority.pem"), read("provider.pem")].concat();
    Client::builder().redirect(reqwest::redirect::Policy::none()).tls_certs_only(certificates).build().unwrap()
}

pub struct Browser {
    client: Client,
    plane: String,
    /// By name: both servers are one host to a browser.
    cookies: BTreeMap<String, String>,
    csrf: String,
    /// The address at which the provider sent it back.
    pub callback: Option<String>,
}

impl Browser {
    pub fn new(folder: &Path, plane: &str) -> Self {
        let client = client(folder);
        Self { client, plane: plane.to_owned(), cookies: BTreeMap::new(), csrf: String::new(), callback: None }
    }

    pub async fn get(&mut self, path: &str) -> (u16, Value) {
        self.api(Method::GET, path, Value::Null).await
    }

    pub async fn post(&mut self, path: &str, body: Value) -> (u16, Value) {
        self.api(Method::POST, path, body).await
    }

    pub async fn put(&mut self, path: &str, body: Value) -> (u16, Value) {
        self.api(Method::PUT, path, body).await
    }

    /// Reads who is signed in, and the value against cross-site requests.
    pub async fn learn_session(&mut self) -> Value {
        let (status, session) = self.get("/session").await;
        assert_eq!(status, 200, "{session}");
        self.csrf = session["csrf"].as_str().unwrap().to_owned();
        session
    }

    async fn api(&mut self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/api/v1{path}", self.plane);
        let mut request = self.client.request(method, &url).header("cookie", self.cookie_header());
        request = request.header("origin", &self.plane).header("x-rampart-csrf", &self.csrf);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        self.keep_cookies(&answer);
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or(Value::Null))
    }

    /// Goes to an address and on from there; the last status and path.
    pub async fn visit(&mut self, url: &str) -> (u16, String) {
        let (status, url, _) = self.follow(Method::GET, Url::parse(url).unwrap(), None).await;
        (status, url.path().to_owned())
    }

    /// Signs in with the provider as anybody would: password, then consent. The last status and the path arrived at; a page of
    /// the UI that was not built counts as arrived.
    pub async fn sign_in(&mut self, name: &str, then: &str) -> (u16, String) {
        let start = format!("{}/api/v1/auth/oidc/start", self.plane);
        let start = Url::parse_with_params(&start, [("return", then)]).unwrap();
        let (_, login, page) = self.follow(Method::GET, start, None).await;
        assert!(page.contains("name=\"prompt\""), "no page to sign in: {page}");
        let form = [("prompt", "login"), ("login", name), ("password", "any")];
        let (_, consent, page) = self.follow(Method::POST, login, Some(&form)).await;
        assert!(page.contains("value=\"consent\""), "no page of consent: {page}");
        let (status, url, _) = self.follow(Method::POST, consent, Some(&[("prompt", "consent")])).await;
        let arrived = if url.path().starts_with("/api/") { status } else { 200 };
        (arrived, url.path().to_owned())
    }

    async fn follow(&mut self, method: Method, url: Url, form: Option<&[(&str, &str)]>) -> (u16, Url, String) {
        let (mut method, mut url, mut form) = (method, url, form);
        for _ in 0..MOST_STEPS {
            if url.path().ends_with("/oidc/callback") {
                self.callback = Some(url.to_string());
            }
            let mut request = self.client.request(method, url.clone()).header("cookie", self.cookie_header());
            if let Some(form) = form {
                request = request.form(form);
            }
            let answer = request.send().await.unwrap();
            self.keep_cookies(&answer);
            let status = answer.status().as_u16();
            let Some(next) = answer.headers().get("location").filter(|_| (300..400).contains(&status)) else {
                return (status, url, answer.text().await.unwrap());
            };
            url = url.join(next.to_str().unwrap()).unwrap();
            (method, form) = (Method::GET, None);
        }
        panic!("the redirects do not end: {url}");
    }

    fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep_cookies(&mut self, answer: &reqwest::Response) {
        for line in answer.headers().get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty()
                || line.contains("Max-Age=0;")
                || line.to_lowercase().contains("expires=thu, 01 jan 1970")
            {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
