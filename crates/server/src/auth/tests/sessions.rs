//! Sessions, the walls against other sites, and limits of roles.

use http::Method;
use rampart_store::audit::Outcome;
use rampart_store::role::{Role, RoleGrant};
use serde_json::json;

use crate::auth::cookie::SESSION;
use crate::stage::{Browser, Client, PASSWORD, Stage};

const TOKENS: &str = "/api/v1/tokens";

#[tokio::test]
async fn nobody_is_answered_without_a_session() {
    let stage = Stage::new();
    for path in ["/api/v1/session", TOKENS, "/api/v1/roles", "/api/v1/identity", "/api/v1/status"] {
        assert_eq!(stage.get(&Client::default(), path).await.status, 401, "{path}");
    }
    assert!(stage.trail().is_empty(), "a stranger fills no trail");
}

#[tokio::test]
async fn a_request_from_elsewhere_changes_nothing_although_the_cookie_is_there() {
    let stage = Stage::new();
    let admin = stage.admin().await;
    let wanted = json!({"name": "x", "role": "viewer", "expires": "2000-01-01T00:00:00Z"});
    let bare = Client::default().cookie(&admin.cookie);
    let other = stage.person("other", &[RoleGrant::everywhere(Role::Admin)]).await;
    for client in [
        bare.clone(),
        bare.clone().with("x-rampart-csrf", "wrong"),
        bare.clone().with("x-rampart-csrf", &other.csrf),
        bare.clone().with("x-rampart-csrf", &admin.csrf).with("origin", "https://evil.example"),
        bare.clone().with("x-rampart-csrf", &admin.csrf).with("sec-fetch-site", "cross-site"),
    ] {
        let answer = stage.post(&client, TOKENS, wanted.clone()).await;
        assert_eq!(answer.status, 403, "{client:?}");
        let newest = &stage.trail()[0];
        assert_eq!(
            (newest.outcome, newest.actor.as_str(), newest.action.as_str()),
            (Outcome::Denied, "root", "POST /api/v1/tokens")
        );
    }
    // The right one gets as far as the content.
    assert_eq!(stage.post(&admin.client(), TOKENS, wanted).await.status, 422);
    assert_eq!(stage.get(&bare, TOKENS).await.status, 200, "reading needs no header");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_or_old_or_signed_out() {
    let stage = Stage::new();
    let idle = stage.admin().await;
    stage.pass(3599);
    assert_eq!(stage.get(&idle.client(), "/api/v1/session").await.status, 200);
    // The last use is written down beside the answer.
    settled().await;
    stage.pass(3599);
    assert_eq!(stage.get(&idle.client(), "/api/v1/session").await.status, 200, "use keeps it");
    stage.pass(3600);
    assert_eq!(stage.get(&idle.client(), "/api/v1/session").await.status, 401);

    let busy = stage.person("busy", &[RoleGrant::everywhere(Role::Viewer)]).await;
    for _ in 0..12 {
        assert_eq!(stage.get(&busy.client(), "/api/v1/session").await.status, 200);
        settled().await;
        stage.pass(3590);
    }
    stage.pass(200);
    assert_eq!(stage.get(&busy.client(), "/api/v1/session").await.status, 401, "twelve hours are over");

    let gone = stage.person("gone", &[RoleGrant::everywhere(Role::Viewer)]).await;
    let answer = stage.post(&gone.client(), "/api/v1/auth/logout", json!({})).await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").starts_with(&format!("{SESSION}=; Path=/; Max-Age=0")));
    assert_eq!(stage.get(&gone.client(), "/api/v1/session").await.status, 401);
    assert_eq!(stage.trail()[0].action, "session.end");
}

#[tokio::test]
async fn signing_in_ends_the_session_that_the_browser_came_with() {
    let stage = Stage::new();
    let planted = stage.admin().await;
    let told = json!({"name": "root", "password": PASSWORD});
    let answer = stage.post(&Client::default().cookie(&planted.cookie), "/api/v1/auth/login", told).await;
    let fresh = Browser::of(&stage, &answer).await;
    assert_ne!(planted.cookie, fresh.cookie);
    assert_eq!(stage.get(&planted.client(), "/api/v1/session").await.status, 401);
}

#[tokio::test]
async fn roles_have_limits_and_their_refusals_are_in_the_trail() {
    let stage = Stage::new();
    stage.admin().await;
    let bounded = RoleGrant { role: Role::Admin, clusters: vec!["prod".to_owned()], namespaces: vec![] };
    for (name, grants) in [("viewer", vec![RoleGrant::everywhere(Role::Operator)]), ("bounded", vec![bounded])] {
        let browser = stage.person(name, &grants).await;
        for (method, path) in [
            (Method::PUT, "/api/v1/roles"),
            (Method::POST, "/api/v1/roles/preview"),
            (Method::PUT, "/api/v1/identity"),
            (Method::POST, "/api/v1/identity/test"),
        ] {
            let body = json!({
                "basedOn": 0, "groups": [], "name": "n", "issuer": "https://x", "clientId": "c", "groupsClaim": "g", "enabled": true,
            });
            // Unknown fields are refused only after the role was: nobody learns shapes.
            let answer = stage.send(&browser.client(), method.clone(), path, Some(strip(path, body))).await;
            assert_eq!(answer.status, 403, "{name} {path} {}", answer.text);
            let newest = &stage.trail()[0];
            assert_eq!((newest.actor.as_str(), newest.object.as_str(), newest.outcome), (name, path, Outcome::Denied));
        }
    }
}

/// Only the fields that this address knows.
fn strip(path: &str, mut body: serde_json::Value) -> serde_json::Value {
    let known: &[&str] = match path {
        "/api/v1/roles" => &["basedOn", "groups"],
        "/api/v1/roles/preview" => &["groups"],
        _ => &["name", "issuer", "clientId", "groupsClaim", "enabled"],
    };
    body.as_object_mut().unwrap().retain(|key, _| known.contains(&key.as_str()));
    body
}

/// Until what is written beside an answer is written.
async fn settled() {
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
}
