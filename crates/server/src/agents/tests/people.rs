//! Join tokens and agents as administrators see them, and as nobody else does.

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use rampart_store::role::{Role, RoleGrant};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::hand::Hand;
use crate::auth::Caller;
use crate::routes;
use crate::stage::{Answer, Stage};

/// As an administrator.
pub async fn act(stage: &Stage, method: &str, path: &str, body: Option<Value>) -> Answer {
    act_as(stage, Role::Admin, method, path, body).await
}

async fn act_as(stage: &Stage, role: Role, method: &str, path: &str, body: Option<Value>) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    request = request.header("host", "plane:8443");
    let mut request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap();
    request.extensions_mut().insert(Caller::stand_in("ada", vec![RoleGrant::everywhere(role)]));
    let response = routes::router(stage.plane.clone()).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, text }
}

#[tokio::test]
async fn a_join_token_is_shown_once_with_what_to_run_and_can_be_taken_back() {
    let stage = Stage::new();
    let wanted = json!({ "cluster": "shop", "uses": 2, "hours": 1, "needsApproval": false });
    let made = act(&stage, "POST", "/api/v1/join-tokens", Some(wanted.clone())).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = made.json();
    let secret = made["secret"].as_str().unwrap();
    assert!(made["command"].as_str().unwrap().contains(&format!("--cluster shop --token {secret} |")));
    let list = act(&stage, "GET", "/api/v1/join-tokens", None).await;
    assert!(!list.text.contains(secret));
    assert_eq!((&list.json()["items"][0]["usesLeft"], &list.json()["next"]), (&json!(2), &Value::Null));
    let mut hand = Hand::new(&stage, "uid-1");
    assert_eq!(hand.join(secret, None).await.status, StatusCode::OK);
    let agents = act(&stage, "GET", "/api/v1/agents", None).await.json();
    assert_eq!((&agents["items"][0]["cluster"], &agents["items"][0]["state"]), (&json!("shop"), &json!("joined")));
    assert_eq!(agents["items"][0]["clusterUid"], "uid-1");
    let path = format!("/api/v1/join-tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(act(&stage, "DELETE", &path, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(act(&stage, "DELETE", &path, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(Hand::new(&stage, "uid-1").join(secret, None).await.status, StatusCode::FORBIDDEN);
    for wrong in [
        json!({ "cluster": "<b>", "uses": 1, "hours": 1 }),
        json!({ "uses": 0, "hours": 1 }),
        json!({ "uses": 1, "hours": 100_000 }),
        json!({ "uses": 1, "hours": 1, "secret": "x" }),
    ] {
        let answer = act(&stage, "POST", "/api/v1/join-tokens", Some(wrong)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    }
}

#[tokio::test]
async fn only_administrators_make_tokens_and_let_agents_in_or_turn_them_out() {
    let stage = Stage::new();
    let hand = Hand::joined(&stage, "shop").await;
    let wanted = json!({ "uses": 1, "hours": 1 });
    for role in [Role::Viewer, Role::Auditor, Role::Operator] {
        for (method, path, body) in [
            ("POST", "/api/v1/join-tokens".to_owned(), Some(wanted.clone())),
            ("GET", "/api/v1/join-tokens".to_owned(), None),
            ("DELETE", "/api/v1/join-tokens/j-1".to_owned(), None),
            ("POST", format!("/api/v1/agents/{}/approve", hand.agent), None),
            ("POST", format!("/api/v1/agents/{}/revoke", hand.agent), None),
        ] {
            assert_eq!(
                act_as(&stage, role, method, &path, body).await.status,
                StatusCode::FORBIDDEN,
                "{method} {path}"
            );
        }
        assert_eq!(act_as(&stage, role, "GET", "/api/v1/agents", None).await.status, StatusCode::OK);
    }
    assert_eq!(act(&stage, "POST", "/api/v1/agents/a-0/revoke", None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        act(&stage, "POST", &format!("/api/v1/agents/{}/approve", hand.agent), None).await.status,
        StatusCode::CONFLICT
    );
}
