//! Programs that sign in by a code.

use rampart_store::role::{Role, RoleGrant};
use serde_json::{Value, json};

use super::code;
use crate::stage::{Answer, Client, Stage};

async fn begin(stage: &Stage) -> Value {
    let answer = stage.post(&Client::default(), "/api/v1/auth/device", json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{}", answer.text);
    answer.json()
}

async fn ask(stage: &Stage, device: &Value) -> Answer {
    stage.post(&Client::default(), "/api/v1/auth/device/token", json!({"deviceCode": device["deviceCode"]})).await
}

#[tokio::test]
async fn a_program_signs_in_by_a_code_that_a_person_confirms() {
    let stage = Stage::new();
    stage.admin().await;
    let operator = RoleGrant { role: Role::Operator, clusters: vec!["prod".to_owned()], namespaces: vec![] };
    let ada = stage.person("ada", &[operator, RoleGrant::everywhere(Role::Viewer)]).await;
    let device = begin(&stage).await;
    let user_code = device["userCode"].as_str().unwrap();
    assert_eq!(device["verificationUri"], json!(format!("https://plane:8443/device?code={user_code}")));
    let pending = ask(&stage, &device).await;
    assert_eq!((pending.status.as_u16(), code(&pending)), (428, "authorization_pending".to_owned()));
    assert_eq!(ask(&stage, &device).await.status, 429, "too soon");
    let typed = user_code.to_lowercase().replace('-', " ");
    let answer = stage.post(&ada.client(), "/api/v1/auth/device/approve", json!({"userCode": typed})).await;
    assert_eq!(answer.status, 204, "{}", answer.text);
    stage.pass(5);
    let granted = ask(&stage, &device).await;
    assert_eq!(granted.status, 200, "{}", granted.text);
    let token = granted.json()["token"].as_str().unwrap().to_owned();
    let program = Client::default().bearer(&token);
    let session = stage.get(&program, "/api/v1/session").await.json();
    assert_eq!(session["role"], "operator");
    assert_eq!(session["grants"].as_array().unwrap().len(), 2, "{session}");
    let again = ask(&stage, &device).await;
    assert_eq!((again.status.as_u16(), code(&again)), (410, "expired".to_owned()));
    assert_eq!(stage.post(&program, "/api/v1/auth/logout", json!({})).await.status, 204);
    assert_eq!(stage.get(&program, "/api/v1/session").await.status, 401);
}

#[tokio::test]
async fn a_code_is_refused_mistyped_over_or_confirmed_by_a_token() {
    let stage = Stage::new();
    let admin = stage.admin().await;
    let device = begin(&stage).await;
    let approve = "/api/v1/auth/device/approve";
    assert_eq!(stage.post(&Client::default(), approve, json!({"userCode": device["userCode"]})).await.status, 401);
    let wrong = stage.post(&admin.client(), approve, json!({"userCode": "BBBB-BBBB"})).await;
    assert_eq!((wrong.status.as_u16(), wrong.json()["error"]["field"].as_str()), (422, Some("userCode")));
    let no = stage.post(&admin.client(), approve, json!({"userCode": device["userCode"], "approve": false})).await;
    assert_eq!(no.status, 204);
    let refused = ask(&stage, &device).await;
    assert_eq!((refused.status.as_u16(), code(&refused)), (403, "access_denied".to_owned()));
    let late = begin(&stage).await;
    stage.pass(600);
    assert_eq!(stage.post(&admin.client(), approve, json!({"userCode": late["userCode"]})).await.status, 422);
    assert_eq!(ask(&stage, &late).await.status, 410);
    assert_eq!(ask(&stage, &json!({"deviceCode": "made up"})).await.status, 410);

    let expires = stage.plane.now() + jiff::SignedDuration::from_hours(1);
    let token = json!({"name": "t", "role": "admin", "expires": expires.to_string()});
    let token = stage.post(&admin.client(), "/api/v1/tokens", token).await.json();
    let program = Client::default().bearer(token["secret"].as_str().unwrap());
    let device = begin(&stage).await;
    assert_eq!(stage.post(&program, approve, json!({"userCode": device["userCode"]})).await.status, 403);
}

#[tokio::test]
async fn guessing_codes_is_slowed_down() {
    let stage = Stage::new();
    let admin = stage.admin().await;
    let guess = async || {
        stage
            .post(&admin.client(), "/api/v1/auth/device/approve", json!({"userCode": "BBBB-BBBB"}))
            .await
            .status
            .as_u16()
    };
    for _ in 0..10 {
        assert_eq!(guess().await, 422);
    }
    assert_eq!(guess().await, 429);
}
