//! A waiver from the wish to the end, through the API and the next evaluation.

use http::StatusCode;
use rampart_store::Role;
use serde_json::json;

use super::{House, example};

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_waiver_excuses_its_finding_until_it_is_revoked() {
    let house = House::with(&["shop"]).await;
    let (vera, olga) = (house.everywhere("vera", Role::Operator).await, house.everywhere("olga", Role::Operator).await);
    let first = house.get(&vera, "/api/v1/findings?limit=1").await.json()["items"][0].clone();
    let (cluster, fingerprint) = (first["cluster"].as_str().unwrap(), first["fingerprint"].as_str().unwrap());
    let wish = json!({
        "findings": [{ "cluster": cluster, "fingerprint": fingerprint }],
        "reason": "behind a wall", "owner": "team-a", "expires": "2099-12-31",
    });
    let made = house.ask(Some(&vera), "POST", "/api/v1/waivers/bulk", Some(wish)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let waiver = made.json()["items"][0].clone();
    assert_eq!((waiver["state"].as_str(), waiver["matches"].as_u64() > Some(0)), (Some("requested"), true), "{waiver}");
    let approve = format!("/api/v1/waivers/{}/approve", waiver["id"].as_str().unwrap());

    // Whoever asked does not decide, whatever the role.
    let own = house.ask(Some(&vera), "POST", &approve, Some(json!({}))).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", own.text);
    let elsewhere = house.within("eve", Role::Operator, &["other"], &[]).await;
    let refused = house.ask(Some(&elsewhere), "POST", &approve, Some(json!({}))).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text);
    let decided = house.ask(Some(&olga), "POST", &approve, Some(json!({ "comment": "fine" }))).await;
    assert_eq!(decided.status, StatusCode::OK, "{}", decided.text);
    let twice = house.ask(Some(&olga), "POST", &approve, Some(json!({}))).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text);

    let address = format!("/api/v1/findings/{cluster}/{fingerprint}");
    house.read("shop", &example("shop")).await;
    let finding = house.get(&vera, &address).await.json();
    assert_eq!(finding["state"], "waived", "{finding}");
    assert_eq!(finding["waivers"][0]["id"], waiver["id"]);
    let revoke = approve.replace("approve", "revoke");
    let revoked = house.ask(Some(&olga), "POST", &revoke, Some(json!({ "comment": "over" }))).await;
    assert_eq!(revoked.status, StatusCode::OK, "{}", revoked.text);
    house.read("shop", &example("shop")).await;
    let finding = house.get(&vera, &address).await.json();
    assert_eq!(finding["state"], "open");
    let history: Vec<&str> =
        finding["history"].as_array().unwrap().iter().map(|moment| moment["change"].as_str().unwrap()).collect();
    assert_eq!(history, ["opened", "waived", "unwaived"]);

    let otto = house.everywhere("otto", Role::Auditor).await;
    let trail = house.get(&otto, "/api/v1/trail?action=waiver").await.json();
    let actions: Vec<&str> =
        trail["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["waiver.revoke", "waiver.approve", "waiver.request"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_cannot_be_meant_is_refused_and_leaves_nothing() {
    let house = House::with(&["shop"]).await;
    let vera = house.everywhere("vera", Role::Viewer).await;
    let wish = |part: serde_json::Value| {
        let mut wish = json!({ "rule": "rbac/wildcard-verb", "reason": "r", "owner": "o", "expires": "2099-01-01" });
        wish.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        wish
    };
    for (part, field) in [
        (json!({ "expires": "2001-01-01" }), "expires"),
        (json!({ "expires": "soon" }), "expires"),
        (json!({ "reason": "" }), "reason"),
        (json!({ "rule": "*" }), "rule"),
    ] {
        let answer = house.ask(Some(&vera), "POST", "/api/v1/waivers", Some(wish(part.clone()))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{part}: {}", answer.text);
        assert_eq!(answer.json()["error"]["field"], field);
    }
    let tom = house.within("tom", Role::Viewer, &["shop"], &["web"]).await;
    let beyond = house.ask(Some(&tom), "POST", "/api/v1/waivers", Some(wish(json!({})))).await;
    assert_eq!(beyond.status, StatusCode::FORBIDDEN, "{}", beyond.text);
    assert_eq!(house.get(&vera, "/api/v1/waivers").await.json()["items"], json!([]));
}
