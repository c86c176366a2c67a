//! What somebody may see is what is answered: two tenants over one plane.

use http::StatusCode;
use rampart_store::Role;

use super::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_sees_its_namespaces_and_nothing_of_others() {
    let house = House::with(&["shop", "legacy"]).await;
    let whole = house.within("ada", Role::Viewer, &["shop"], &[]).await;
    let all = house.get(&whole, "/api/v1/findings?limit=500").await.json();
    let items = all["items"].as_array().unwrap();
    assert!(!items.is_empty() && items.iter().all(|item| item["cluster"] == "shop"), "{all}");
    let namespace = items
        .iter()
        .map(|item| item["subject"]["namespace"].as_str().unwrap())
        .find(|namespace| !namespace.is_empty())
        .unwrap()
        .to_owned();
    let tenant = house.within("tom", Role::Viewer, &["shop"], &[&namespace]).await;
    let seen = house.get(&tenant, "/api/v1/findings?limit=500").await.json();
    let seen = seen["items"].as_array().unwrap();
    assert!(!seen.is_empty() && seen.iter().all(|item| item["subject"]["namespace"] == namespace.as_str()));
    let hidden = items.iter().find(|item| item["subject"]["namespace"] != namespace.as_str()).unwrap();
    let address = format!("/api/v1/findings/shop/{}", hidden["fingerprint"].as_str().unwrap());
    assert_eq!(house.get(&whole, &address).await.status, StatusCode::OK);
    assert_eq!(house.get(&tenant, &address).await.status, StatusCode::NOT_FOUND);
    for path in ["/api/v1/clusters/legacy", "/api/v1/workloads/legacy/Deployment/default/web"] {
        let answer = house.get(&whole, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text);
    }
    for path in [
        "/api/v1/overview",
        "/api/v1/clusters",
        "/api/v1/compliance",
        "/api/v1/gaps",
        "/api/v1/findings/groups?by=cluster",
    ] {
        let answer = house.get(&whole, path).await;
        assert!(!answer.text.contains("legacy"), "{path}: {}", answer.text);
    }
}
