//! The one person of the run: signs in by the first-run link, makes the join token, asks what the UI asks.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub struct Administrator {
    pub http: reqwest::Client,
    pub url: String,
    cookie: String,
    csrf: String,
}

impl Administrator {
    pub async fn sign_in(url: &str, authority: &str, first_run: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let pem = std::fs::read(authority).unwrap();
        let http = reqwest::Client::builder()
            .tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()])
            .timeout(Duration::from_secs(300))
            .build()
            .unwrap();
        let body = json!({"token": first_run, "name": "admin", "password": "correct-horse-battery-staple"});
        let answer =
            http.post(format!("{url}/api/v1/auth/first-run")).header("origin", url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "first run: {} {}", answer.status(), answer.text().await.unwrap());
        let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let mut administrator = Self { http, url: url.to_owned(), cookie, csrf: String::new() };
        let (session, _) = administrator.get("/api/v1/session").await;
        administrator.csrf = session["csrf"].as_str().unwrap().to_owned();
        administrator
    }

    /// The answer and how long it took, to its last byte. Waits where the plane says that it was asked too often.
    pub async fn get(&self, path: &str) -> (Value, Duration) {
        loop {
            let start = Instant::now();
            let request = self.http.get(format!("{}{path}", self.url)).header("cookie", &self.cookie);
            let answer = request.send().await.unwrap();
            let status = answer.status();
            let text = answer.text().await.unwrap();
            let took = start.elapsed();
            if status.as_u16() == 429 {
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
            assert!(status.is_success(), "{path}: {status} {text}");
            return (serde_json::from_str(&text).unwrap(), took);
        }
    }

    pub async fn join_token(&self, uses: usize) -> String {
        let body = json!({"cluster": null, "uses": uses, "hours": 24, "needsApproval": false});
        let request = self.http.post(format!("{}/api/v1/join-tokens", self.url));
        let request = request.header("cookie", &self.cookie).header("x-rampart-csrf", &self.csrf);
        let answer = request.header("origin", &self.url).json(&body).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "join token: {status} {text}");
        serde_json::from_str::<Value>(&text).unwrap()["secret"].as_str().unwrap().to_owned()
    }
}
