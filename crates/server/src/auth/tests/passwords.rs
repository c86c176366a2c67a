//! The one-time link and passwords.

use serde_json::json;

use super::code;
use crate::auth::admin_link;
use crate::auth::cookie::SESSION;
use crate::stage::{Browser, Client, PASSWORD, Stage};

#[tokio::test]
async fn the_link_makes_one_administrator_and_is_spent() {
    let stage = Stage::new();
    let methods = stage.get(&Client::default(), "/api/v1/auth/methods").await.json();
    assert_eq!(
        (&methods["firstRun"], &methods["local"], &methods["oidc"]),
        (&json!(true), &json!(false), &json!(null))
    );
    let link = stage.link();
    let told = json!({"token": link, "name": "root", "password": PASSWORD});
    let answer = stage.post(&Client::default(), "/api/v1/auth/first-run", told.clone()).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with(SESSION) && cookie.ends_with("; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let browser = Browser::of(&stage, &answer).await;
    let session = stage.get(&browser.client(), "/api/v1/session").await;
    assert_eq!(session.header("cache-control"), "no-store");
    let session = session.json();
    assert_eq!(
        (&session["role"], &session["user"]["name"], &session["user"]["source"]),
        (&json!("admin"), &json!("root"), &json!("local"))
    );
    assert_eq!(session["grants"], json!([{"role": "admin", "clusters": [], "namespaces": []}]));

    assert_eq!(stage.post(&Client::default(), "/api/v1/auth/first-run", told).await.status, 403);
    let methods = stage.get(&Client::default(), "/api/v1/auth/methods").await.json();
    assert_eq!((&methods["firstRun"], &methods["local"]), (&json!(false), &json!(true)));
    let trail = serde_json::to_string(&stage.trail()).unwrap();
    assert!(trail.contains("user.create") && !trail.contains(&link) && !trail.contains(PASSWORD), "{trail}");
}

#[tokio::test]
async fn a_link_that_is_over_or_made_up_and_a_weak_password_are_refused() {
    let stage = Stage::new();
    let link = stage.link();
    let told = |token: &str, password: &str| json!({"token": token, "name": "root", "password": password});
    let answer = stage.post(&Client::default(), "/api/v1/auth/first-run", told(&link, "short")).await;
    assert_eq!((answer.status.as_u16(), answer.json()["error"]["field"].as_str()), (422, Some("password")));
    assert_eq!(stage.post(&Client::default(), "/api/v1/auth/first-run", told("made up", PASSWORD)).await.status, 403);
    assert_eq!(stage.trail()[0].outcome, rampart_store::audit::Outcome::Denied);
    stage.pass(24 * 3600);
    assert_eq!(stage.post(&Client::default(), "/api/v1/auth/first-run", told(&link, PASSWORD)).await.status, 403);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same_and_are_slowed_down() {
    let stage = Stage::new();
    stage.admin().await;
    let sign_in = async |name: &str, password: &str| {
        stage.post(&Client::default(), "/api/v1/auth/login", json!({"name": name, "password": password})).await
    };
    let (wrong, nobody) = (sign_in("root", "wrong").await, sign_in("nobody", "wrong").await);
    assert_eq!((wrong.status.as_u16(), &wrong.text), (401, &nobody.text));
    assert_eq!(code(&wrong), "wrong_password");
    assert!(wrong.cookie(SESSION).is_none());
    let right = sign_in("ROOT ", PASSWORD).await;
    assert_eq!(right.status, 204);
    for _ in 0..5 {
        assert_eq!(sign_in("root", "wrong").await.status, 401);
    }
    let slowed = sign_in("root", PASSWORD).await;
    assert_eq!((slowed.status.as_u16(), slowed.header("retry-after")), (429, "900"));
    stage.pass(900);
    assert_eq!(sign_in("root", PASSWORD).await.status, 204);
    let denied = stage.trail().into_iter().filter(|entry| entry.action == "session.start" && entry.actor == "nobody");
    assert_eq!(denied.count(), 1);
}

#[tokio::test]
async fn another_sites_page_signs_nobody_in() {
    let stage = Stage::new();
    stage.admin().await;
    let told = json!({"name": "root", "password": PASSWORD});
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
        let answer = stage.post(&Client::default().with(name, value), "/api/v1/auth/login", told.clone()).await;
        assert_eq!(answer.status, 403, "{name}");
    }
}

#[tokio::test]
async fn a_malformed_sign_in_is_refused() {
    let stage = Stage::new();
    for (body, status) in
        [(json!({"name": "x"}), 422), (json!([]), 422), (json!({"name": "a", "password": "b", "c": 1}), 422)]
    {
        let answer = stage.post(&Client::default(), "/api/v1/auth/login", body).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
}

#[tokio::test]
async fn whoever_holds_the_database_gets_back_in() {
    let stage = Stage::new();
    let before = stage.admin().await;
    let link = admin_link(stage.plane.store(), "https://plane/", stage.plane.now()).unwrap();
    let (base, token) = link.expose().split_once('#').unwrap();
    assert_eq!(base, "https://plane/first-run");
    let told = json!({"token": token, "name": "root", "password": "another horse battery"});
    let answer = stage.post(&Client::default(), "/api/v1/auth/first-run", told.clone()).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    Browser::of(&stage, &answer).await;
    assert_eq!(stage.get(&before.client(), "/api/v1/session").await.status, 401, "earlier sessions end");
    assert_eq!(stage.post(&Client::default(), "/api/v1/auth/first-run", told).await.status, 403, "once");
    let actions: Vec<String> = stage.trail().into_iter().map(|entry| entry.action).collect();
    assert!(
        actions.iter().any(|action| action == "admin_link.issue")
            && actions.iter().any(|action| action == "user.restore")
    );
    let old = json!({"name": "root", "password": PASSWORD});
    assert_eq!(stage.post(&Client::default(), "/api/v1/auth/login", old).await.status, 401);
}
