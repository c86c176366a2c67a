//! Signing in with the identity provider, from the browser's first request to its session.

use http::Method;
use rampart_store::audit::Outcome;
use serde_json::{Value, json};

use crate::auth::cookie::{SESSION, SIGN_IN};
use crate::auth::oidc::tests::{Issuer, Signature};
use crate::stage::{Answer, Browser, Client, PASSWORD, Stage};

const ROLES: &str = "/api/v1/roles";

/// A plane whose administrator has set the provider up, with alice's group as administrators.
async fn set_up() -> (Stage, Issuer, Browser) {
    let (stage, issuer) = (Stage::new(), Issuer::start().await);
    let admin = stage.admin().await;
    let identity = json!({
        "name": "Example", "issuer": issuer.address(), "clientId": "rampart", "clientSecret": "shared",
        "scopes": ["openid", "groups"], "groupsClaim": "groups", "enabled": true,
    });
    let answer = admin.put(&stage, "/api/v1/identity", identity).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(!answer.text.contains("shared"));
    assert_eq!(answer.json()["redirectUri"], "https://plane:8443/api/v1/auth/oidc/callback");
    let groups = json!([{"group": "platform", "grants": [{"role": "admin"}]}]);
    assert_eq!(admin.put(&stage, ROLES, json!({"basedOn": 0, "groups": groups})).await.status, 200);
    (stage, issuer, admin)
}

/// A browser under way: what `start` answered.
struct UnderWay {
    cookie: String,
    state: String,
}

async fn start(stage: &Stage, issuer: &Issuer, then: &str) -> UnderWay {
    let answer = stage.get(&Client::default(), &format!("/api/v1/auth/oidc/start?return={then}")).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let url = answer.header("location");
    assert!(url.starts_with(&format!("{}/auth?", issuer.address())), "{url}");
    let query = |name: &str| url.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)).unwrap().to_owned();
    issuer.alice(&query("nonce="));
    UnderWay { cookie: answer.cookie(SIGN_IN).unwrap(), state: query("state=") }
}

async fn back(stage: &Stage, under_way: &UnderWay, code: &str) -> Answer {
    let path = format!("/api/v1/auth/oidc/callback?state={}&code={code}", under_way.state);
    stage.get(&Client::default().cookie(&under_way.cookie).with("sec-fetch-site", "cross-site"), &path).await
}

#[tokio::test]
async fn an_administrator_comes_in_and_passwords_are_no_longer_taken() {
    let (stage, issuer, local) = set_up().await;
    let under_way = start(&stage, &issuer, "/findings?severity=high").await;
    let answer = back(&stage, &under_way, "one").await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/findings?severity=high"),
        "{}",
        answer.text
    );
    let alice = Browser::of(&stage, &answer).await;
    let session = stage.get(&alice.client(), "/api/v1/session").await.json();
    assert_eq!(
        (&session["user"]["name"], &session["user"]["source"], &session["role"]),
        (&json!("Alice"), &json!("oidc"), &json!("admin"))
    );

    let methods = stage.get(&Client::default(), "/api/v1/auth/methods").await.json();
    assert_eq!((&methods["local"], &methods["oidc"]["name"]), (&json!(false), &json!("Example")));
    assert_eq!(stage.get(&local.client(), "/api/v1/session").await.status, 401, "local sessions end");
    let told = json!({"name": "root", "password": PASSWORD});
    assert_eq!(stage.post(&Client::default(), "/api/v1/auth/login", told).await.status, 401);
    assert_eq!(stage.get(&alice.client(), "/api/v1/identity").await.json()["localDisabled"], true);

    let without_me = json!({"basedOn": 1, "groups": []});
    let answer = alice.put(&stage, ROLES, without_me).await;
    assert_eq!(answer.status, 422, "nobody locks themselves out: {}", answer.text);

    // Roles count at once.
    let groups = json!([{"group": "platform", "grants": [{"role": "admin"}]}, {"group": "other", "grants": [{"role": "viewer"}]}]);
    assert_eq!(alice.put(&stage, ROLES, json!({"basedOn": 1, "groups": groups})).await.status, 200);
}

#[tokio::test]
async fn only_the_browser_that_began_comes_back_once() {
    let (stage, issuer, _) = set_up().await;
    let mine = start(&stage, &issuer, "/").await;
    let other = start(&stage, &issuer, "/").await;
    let crossed = UnderWay { cookie: other.cookie.clone(), state: mine.state.clone() };
    let answer = back(&stage, &crossed, "one").await;
    assert_eq!((answer.status.as_u16(), answer.cookie(SESSION)), (400, None), "another state");
    let path = format!("/api/v1/auth/oidc/callback?state={}&code=one", mine.state);
    assert_eq!(stage.get(&Client::default(), &path).await.status, 400, "no cookie");
    let forged = Client::default().cookie(&format!("{SIGN_IN}=v1.0.0.0"));
    assert_eq!(stage.get(&forged, &path).await.status, 400, "a forged cookie");
    let answer = back(&stage, &other, "one").await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert!(
        answer
            .headers
            .get_all("set-cookie")
            .iter()
            .any(|line| line.to_str().unwrap().starts_with(&format!("{SIGN_IN}=; ")))
    );
    let replayed = back(&stage, &other, "one").await;
    assert_eq!((replayed.status.as_u16(), replayed.cookie(SESSION)), (403, None), "the code was used");
    assert_eq!(stage.trail()[0].outcome, Outcome::Denied);
    let late = start(&stage, &issuer, "/").await;
    stage.pass(15 * 60);
    assert_eq!(back(&stage, &late, "two").await.status, 400, "too late");
}

#[tokio::test]
async fn a_forged_token_signs_nobody_in() {
    let (stage, issuer, _) = set_up().await;
    for (number, signature) in
        [Signature::None, Signature::HmacOfPublicKey, Signature::OtherKey].into_iter().enumerate()
    {
        let under_way = start(&stage, &issuer, "/").await;
        issuer.sign(signature);
        let answer = back(&stage, &under_way, &format!("code-{number}")).await;
        assert_eq!((answer.status.as_u16(), answer.cookie(SESSION)), (403, None), "{}", answer.text);
        assert!(answer.header("content-type").starts_with("text/html") && answer.text.contains("Sign-in failed"));
        issuer.sign(Signature::Right);
    }
}

#[tokio::test]
async fn the_way_back_never_leads_to_another_site() {
    let (stage, issuer, _) = set_up().await;
    for (number, then) in
        ["//evil.example", "https://evil.example", "/%5Cevil.example", "/%09/evil", "/api/v1/auth/oidc/start"]
            .iter()
            .enumerate()
    {
        let under_way = start(&stage, &issuer, then).await;
        let answer = back(&stage, &under_way, &format!("code-{number}")).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"), "{then}");
    }
}

#[tokio::test]
async fn whoever_has_no_role_is_told_so_and_seen_in_the_preview() {
    let (stage, issuer, admin) = set_up().await;
    let under_way = start(&stage, &issuer, "/").await;
    issuer.claim("groups", json!(["shop"]));
    issuer.claim("name", json!("<b>Mallory</b>"));
    let answer = back(&stage, &under_way, "one").await;
    assert_eq!((answer.status.as_u16(), answer.cookie(SESSION)), (403, None));
    assert!(answer.text.contains("&lt;b&gt;Mallory") && !answer.text.contains("<b>Mallory"), "{}", answer.text);
    let draft = json!({"groups": [{"group": "shop", "grants": [{"role": "viewer"}]}]});
    let preview = stage.post(&admin.client(), "/api/v1/roles/preview", draft).await.json();
    assert_eq!(preview["users"][0]["name"], "<b>Mallory</b>");
    let entry = &stage.trail()[0];
    assert_eq!((entry.outcome, entry.actor.as_str()), (Outcome::Denied, "<b>Mallory</b>"));
}

#[tokio::test]
async fn what_the_provider_answers_is_shown_as_text() {
    let (stage, issuer, _) = set_up().await;
    let under_way = start(&stage, &issuer, "/").await;
    let path = format!("/api/v1/auth/oidc/callback?state={}&error=%3Cscript%3E&error_description=no", under_way.state);
    let answer = stage.get(&Client::default().cookie(&under_way.cookie), &path).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text.contains("&lt;script&gt;") && !answer.text.contains("<script"), "{}", answer.text);
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
}

#[tokio::test]
async fn a_provider_is_tried_out_before_it_is_stored() {
    let (stage, issuer, admin) = set_up().await;
    let test = "/api/v1/identity/test";
    let stored = stage.send(&admin.client(), Method::POST, test, None).await;
    assert_eq!(
        (stored.status.as_u16(), &stored.json()["ok"], &stored.json()["keys"]),
        (200, &json!(true), &json!(1)),
        "{}",
        stored.text
    );
    let identity = |address: &str| -> Value {
        json!({"name": "n", "issuer": address, "clientId": "c", "scopes": [], "groupsClaim": "groups", "enabled": true})
    };
    let none = stage.post(&admin.client(), test, identity(&format!("{}/realms/x", issuer.address()))).await.json();
    assert_eq!(none["ok"], false);
    assert!(none["message"].as_str().unwrap().contains("is the issuer complete"), "{none}");
    for wrong in ["http://id.example", "ftp://id.example", "", "https://user:pw@id.example"] {
        let answer = admin.put(&stage, "/api/v1/identity", identity(wrong)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["error"]["field"].as_str()),
            (422, Some("issuer")),
            "{wrong}"
        );
    }
    let mut scopes = identity("https://id.example");
    scopes["scopes"] = json!(["two words"]);
    assert_eq!(admin.put(&stage, "/api/v1/identity", scopes).await.status, 422);
}

#[tokio::test]
async fn without_a_provider_nobody_is_sent_anywhere() {
    let stage = Stage::new();
    assert_eq!(stage.get(&Client::default(), "/api/v1/auth/oidc/start").await.status, 404);
}
