//! API tokens.

use http::Method;
use rampart_store::role::{Role, RoleGrant};
use rampart_store::user;
use serde_json::{Value, json};

use crate::stage::{Client, Stage};

const TOKENS: &str = "/api/v1/tokens";

fn wanted(stage: &Stage, role: &str, clusters: &[&str], hours: i64) -> Value {
    let expires = stage.plane.now() + jiff::SignedDuration::from_hours(hours);
    json!({"name": "ci", "role": role, "clusters": clusters, "expires": expires.to_string()})
}

#[tokio::test]
async fn a_token_works_until_it_is_over_or_revoked_and_its_secret_is_shown_once() {
    let stage = Stage::new();
    let admin = stage.admin().await;
    let made = stage.post(&admin.client(), TOKENS, wanted(&stage, "viewer", &[], 1)).await;
    assert_eq!((made.status.as_u16(), made.header("cache-control")), (201, "no-store"), "{}", made.text);
    let made = made.json();
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("rmp_"));
    let client = Client::default().bearer(secret);
    let session = stage.get(&client, "/api/v1/session").await.json();
    assert_eq!(
        (&session["role"], &session["user"]["source"], &session["csrf"]),
        (&json!("viewer"), &json!("token"), &json!(""))
    );
    assert_eq!(session["expires"], made["expires"]);
    let list = stage.get(&admin.client(), TOKENS).await;
    assert!(!list.text.contains(secret) && list.json()["items"][0]["name"] == "ci", "{}", list.text);
    assert!(!serde_json::to_string(&stage.trail()).unwrap().contains(secret));
    assert_eq!(stage.get(&client, "/api/v1/roles").await.status, 403, "less than its owner");
    stage.pass(3600);
    assert_eq!(stage.get(&client, "/api/v1/session").await.status, 401);

    let admin = stage.person("again", &[RoleGrant::everywhere(Role::Admin)]).await;
    let made = stage.post(&admin.client(), TOKENS, wanted(&stage, "operator", &["prod-*"], 1)).await.json();
    let client = Client::default().bearer(made["secret"].as_str().unwrap());
    assert_eq!(stage.get(&client, "/api/v1/session").await.status, 200);
    let path = format!("{TOKENS}/{}", made["id"].as_str().unwrap());
    assert_eq!(stage.send(&admin.client(), Method::DELETE, &path, None).await.status, 204);
    assert_eq!(stage.get(&client, "/api/v1/session").await.status, 401);
    assert_eq!(stage.send(&admin.client(), Method::DELETE, &path, None).await.status, 404);
}

#[tokio::test]
async fn a_token_never_may_more_than_its_owner_now() {
    let stage = Stage::new();
    stage.admin().await;
    let operator = RoleGrant { role: Role::Operator, clusters: vec!["prod-*".to_owned()], namespaces: vec![] };
    let browser = stage.person("ada", &[operator]).await;
    for (role, clusters) in [("admin", &["prod-1"][..]), ("operator", &[]), ("operator", &["*"]), ("viewer", &["test"])]
    {
        let answer = stage.post(&browser.client(), TOKENS, wanted(&stage, role, clusters, 1)).await;
        assert_eq!(answer.status, 403, "{role} {clusters:?}");
    }
    let made = stage.post(&browser.client(), TOKENS, wanted(&stage, "operator", &["prod-1"], 1)).await.json();
    let client = Client::default().bearer(made["secret"].as_str().unwrap());
    assert_eq!(stage.get(&client, "/api/v1/session").await.json()["grants"][0]["clusters"], json!(["prod-1"]));
    let (id, now) = (
        stage.get(&browser.client(), "/api/v1/session").await.json()["user"]["id"].as_str().unwrap().to_owned(),
        stage.plane.now(),
    );
    let actor = rampart_store::Actor { id: "test", name: "test" };
    stage.plane.store().write(|tx| user::set_disabled(tx, &actor, &id, true, now)).unwrap();
    assert_eq!(stage.get(&client, "/api/v1/session").await.status, 401);
}

#[tokio::test]
async fn a_token_makes_no_tokens_and_decides_alone() {
    let stage = Stage::new();
    let admin = stage.admin().await;
    let made = stage.post(&admin.client(), TOKENS, wanted(&stage, "admin", &[], 1)).await.json();
    let secret = made["secret"].as_str().unwrap();
    assert_eq!(
        stage.post(&Client::default().bearer(secret), TOKENS, wanted(&stage, "viewer", &[], 1)).await.status,
        403
    );
    for wrong in
        ["rmp_0000", "nonsense", secret.strip_suffix(|_| true).unwrap(), &secret.to_uppercase(), &"x".repeat(5000)]
    {
        // The cookie is good, but not meant.
        let client = Client::default().cookie(&admin.cookie).bearer(wrong);
        assert_eq!(stage.get(&client, "/api/v1/session").await.status, 401, "{wrong}");
    }
    let basic = Client::default().with("authorization", "Basic cm9vdDpyb290");
    assert_eq!(stage.get(&basic, "/api/v1/session").await.status, 401);
    let denied = stage.trail().into_iter().filter(|entry| entry.actor == "unknown").count();
    assert_eq!(denied, 1, "once for an address");
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_tokens_only() {
    let stage = Stage::new();
    let admin = stage.admin().await;
    let made = stage.post(&admin.client(), TOKENS, wanted(&stage, "viewer", &[], 1)).await.json();
    let viewer = stage.person("viewer", &[RoleGrant::everywhere(Role::Viewer)]).await;
    assert_eq!(stage.get(&viewer.client(), TOKENS).await.json()["items"], json!([]));
    let path = format!("{TOKENS}/{}", made["id"].as_str().unwrap());
    assert_eq!(stage.send(&viewer.client(), Method::DELETE, &path, None).await.status, 404);
    for expires in ["", "tomorrow", "2000-01-01T00:00:00Z", "2999-01-01T00:00:00Z"] {
        let wanted = json!({"name": "ci", "role": "viewer", "expires": expires});
        let answer = stage.post(&viewer.client(), TOKENS, wanted).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["error"]["field"].as_str()),
            (422, Some("expires")),
            "{expires}"
        );
    }
}
