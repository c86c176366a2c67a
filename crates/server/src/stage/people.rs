//! People who are signed in: the first administrator by the real link, others without a detour.

use http::Method;
use jiff::SignedDuration;
use rampart_store::role::RoleGrant;
use rampart_store::{Actor, Concealed, first_run, session, user};
use serde_json::{Value, json};

use super::{Answer, Client, Stage};

/// The name of the session's cookie.
const SESSION: &str = "__Host-rampart-session";
pub(crate) const PASSWORD: &str = "correct horse battery";

impl Stage {
    /// What `rampart serve` prints.
    pub fn link(&self) -> String {
        let now = self.plane.now();
        let life = SignedDuration::from_hours(24);
        self.plane.store().write(|tx| first_run::issue(tx, life, now)).unwrap().unwrap().expose().to_owned()
    }

    /// The first administrator, signed in by the link.
    pub async fn admin(&self) -> Browser {
        let told = json!({"token": self.link(), "name": "root", "password": PASSWORD});
        let answer = self.post(&Client::default(), "/api/v1/auth/first-run", told).await;
        assert_eq!(answer.status, 204, "{}", answer.text);
        Browser::of(self, &answer).await
    }

    /// Somebody with these roles, signed in without a detour.
    pub async fn person(&self, name: &str, grants: &[RoleGrant]) -> Browser {
        let now = self.plane.now();
        let actor = Actor { id: "test", name: "test" };
        let (secret, _) = self
            .plane
            .store()
            .write(|tx| {
                let hash = Concealed::new("none".to_owned());
                let user = user::create_local(tx, &actor, name, &hash, grants, now)?;
                session::start(tx, &user, session::Limits::default(), now)
            })
            .unwrap();
        Browser::with(self, &format!("{SESSION}={}", secret.expose())).await
    }
}

/// A browser that is signed in and knows its value against cross-site requests.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    pub cookie: String,
    pub csrf: String,
}

impl Browser {
    pub async fn of(stage: &Stage, answer: &Answer) -> Self {
        Self::with(stage, &answer.cookie(SESSION).expect("a session")).await
    }

    async fn with(stage: &Stage, cookie: &str) -> Self {
        let session = stage.get(&Client::default().cookie(cookie), "/api/v1/session").await;
        assert_eq!(session.status, 200, "{}", session.text);
        Self { cookie: cookie.to_owned(), csrf: session.json()["csrf"].as_str().unwrap().to_owned() }
    }

    /// As the plane's own pages ask.
    pub fn client(&self) -> Client {
        Client::default()
            .cookie(&self.cookie)
            .with("x-rampart-csrf", &self.csrf)
            .with("origin", "https://plane:8443")
            .with("sec-fetch-site", "same-origin")
    }

    pub async fn put(&self, stage: &Stage, path: &str, body: Value) -> Answer {
        stage.send(&self.client(), Method::PUT, path, Some(body)).await
    }
}
