//! Join tokens and agents as administrators see them, and as nobody else does.

use std::sync::atomic::{AtomicU32, Ordering};

use http::StatusCode;
use rampart_store::role::{Role, RoleGrant};
use serde_json::{Value, json};

use super::hand::Hand;
use crate::stage::{Answer, Stage};

/// As an administrator.
pub async fn act(stage: &Stage, method: &str, path: &str, body: Option<Value>) -> Answer {
    act_as(stage, Role::Admin, method, path, body).await
}

async fn act_as(stage: &Stage, role: Role, method: &str, path: &str, body: Option<Value>) -> Answer {
    // Each act is another person's: names are taken once.
    static PEOPLE: AtomicU32 = AtomicU32::new(0);
    let name = format!("ada-{}", PEOPLE.fetch_add(1, Ordering::Relaxed));
    let client = stage.person(&name, &[RoleGrant::everywhere(role)]).await.client();
    stage.send(&client, method.parse().unwrap(), path, body).await
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
