//! The mapping of groups to roles.

use rampart_store::role::{Role, RoleGrant};
use rampart_store::user::{self, Vouched};
use serde_json::{Value, json};

use crate::stage::Stage;

const ROLES: &str = "/api/v1/roles";

fn mapping(group: &str, role: &str, clusters: &[&str]) -> Value {
    json!([{"group": group, "grants": [{"role": role, "clusters": clusters, "namespaces": []}]}])
}

fn vouch(stage: &Stage, name: &str, groups: &[&str]) {
    let groups: Vec<String> = groups.iter().map(|&group| group.to_owned()).collect();
    let now = stage.plane.now();
    let who = Vouched { issuer: "https://id.example", subject: name, name, email: None, groups: &groups };
    stage.plane.store().write(|tx| user::vouched(tx, &who, now)).unwrap();
}

#[tokio::test]
async fn a_change_is_tried_out_made_and_kept() {
    let stage = Stage::new();
    let admin = stage.admin().await;
    vouch(&stage, "alice", &["platform"]);
    vouch(&stage, "bob", &["shop"]);
    let draft = json!({"groups": mapping("platform", "operator", &["prod-*"])});
    let preview = stage.post(&admin.client(), "/api/v1/roles/preview", draft).await;
    let after = json!([{"role": "operator", "clusters": ["prod-*"], "namespaces": []}]);
    assert_eq!(preview.json(), json!({"users": [{"name": "alice", "before": [], "after": after}]}));
    assert_eq!(
        stage.get(&admin.client(), ROLES).await.json(),
        json!({"version": 0, "changedBy": null, "changedAt": null, "groups": []})
    );

    let change = json!({"basedOn": 0, "groups": mapping("platform", "operator", &["prod-*"])});
    let made = admin.put(&stage, ROLES, change.clone()).await;
    assert_eq!(
        (made.status.as_u16(), &made.json()["version"], &made.json()["changedBy"]),
        (200, &json!(1), &json!("root"))
    );
    let stale = admin.put(&stage, ROLES, change).await;
    assert_eq!(stale.status, 409, "{}", stale.text);
    let next = json!({"basedOn": 1, "groups": []});
    assert_eq!(admin.put(&stage, ROLES, next).await.status, 200);
    let versions = stage.get(&admin.client(), "/api/v1/roles/versions").await.json();
    let numbers: Vec<u64> =
        versions["items"].as_array().unwrap().iter().map(|item| item["version"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [2, 1]);
    assert!(stage.trail().iter().any(|entry| entry.action == "roles.change" && entry.actor == "root"));
}

#[tokio::test]
async fn a_mapping_that_cannot_be_meant_is_refused() {
    let stage = Stage::new();
    let admin = stage.admin().await;
    let group = |name: &str| json!({"group": name, "grants": []});
    for groups in [
        mapping("platform", "admin", &["prod"]),
        mapping("", "viewer", &[]),
        mapping("a\u{1b}[m", "viewer", &[]),
        json!([group("twice"), group("twice")]),
        mapping("platform", "root", &[]),
        json!([{"group": "g", "grants": [{"role": "viewer", "cluster": ["misspelt"]}]}]),
    ] {
        let answer = admin.put(&stage, ROLES, json!({"basedOn": 0, "groups": groups})).await;
        assert_eq!(answer.status, 422, "{groups}");
    }
}

#[tokio::test]
async fn an_auditor_reads_roles_and_others_do_not() {
    let stage = Stage::new();
    stage.admin().await;
    let auditor = stage.person("auditor", &[RoleGrant::everywhere(Role::Auditor)]).await;
    assert_eq!(stage.get(&auditor.client(), ROLES).await.status, 200);
    let bounded = RoleGrant { role: Role::Auditor, clusters: vec!["prod".to_owned()], namespaces: vec![] };
    let bounded = stage.person("bounded", &[bounded]).await;
    assert_eq!(stage.get(&bounded.client(), ROLES).await.status, 403);
    assert_eq!(stage.get(&bounded.client(), "/api/v1/roles/versions").await.status, 403);
}
