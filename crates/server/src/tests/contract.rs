//! Every reading address answers as the API's document says, and only to who may read.

use std::collections::BTreeSet;

use http::StatusCode;
use rampart_store::Role;
use serde_json::{Value, json};

use super::House;
use crate::routes;

fn document() -> Value {
    serde_json::from_str(&routes::openapi_text()).unwrap()
}

/// The document's schema of the answer to a GET, as a JSON Schema that stands by itself.
fn schema_of(document: &Value, path: &str) -> Option<Value> {
    let operation = &document["paths"][format!("/api/v1{path}")]["get"];
    let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    if schema.is_null() {
        return None;
    }
    Some(json!({ "allOf": [schema], "components": document["components"] }))
}

fn check(document: &Value, path: &str, answer: &Value) {
    let schema = schema_of(document, path).unwrap_or_else(|| panic!("{path} has no schema"));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> =
        validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).take(5).collect();
    assert!(problems.is_empty(), "{path}: {problems:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_is_what_the_document_says() {
    let house = House::with(&["shop", "hardened"]).await;
    let viewer = house.everywhere("vera", Role::Viewer).await;
    let document = document();
    let findings = house.get(&viewer, "/api/v1/findings?limit=500").await.json();
    let first = &findings["items"][0];
    assert!(first.is_object(), "{findings}");
    let (cluster, fingerprint) = (first["cluster"].as_str().unwrap(), first["fingerprint"].as_str().unwrap());
    let subject = &first["subject"];
    let namespace = subject["namespace"].as_str().filter(|namespace| !namespace.is_empty()).unwrap_or("-");
    let workload = format!(
        "/workloads/{cluster}/{}/{namespace}/{}",
        subject["kind"].as_str().unwrap(),
        subject["name"].as_str().unwrap()
    );
    let rule = first["rule"].as_str().unwrap();
    let finding = format!("/findings/{cluster}/{fingerprint}");
    let asked = [
        ("/overview", "/overview".to_owned()),
        ("/clusters", "/clusters".to_owned()),
        ("/clusters/{name}", "/clusters/shop".to_owned()),
        ("/compliance", "/compliance".to_owned()),
        ("/findings", "/findings?limit=20&sort=newest".to_owned()),
        ("/findings/groups", "/findings/groups?by=rule".to_owned()),
        ("/findings/groups", "/findings/groups?by=cause".to_owned()),
        ("/findings/groups", "/findings/groups?by=cluster&severity=high".to_owned()),
        ("/findings/groups", "/findings/groups?by=namespace".to_owned()),
        ("/findings/groups", "/findings/groups?by=control".to_owned()),
        ("/findings/{cluster}/{fingerprint}", finding),
        ("/workloads/{cluster}/{kind}/{namespace}/{name}", workload),
        ("/rules", "/rules".to_owned()),
        ("/rules/{control}/{name}", format!("/rules/{rule}")),
        ("/gaps", "/gaps".to_owned()),
        ("/waivers", "/waivers".to_owned()),
        ("/status", "/status".to_owned()),
    ];
    for (path, address) in asked {
        let answer = house.get(&viewer, &format!("/api/v1{address}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
        check(&document, path, &answer.json());
    }
    let auditor = house.everywhere("otto", Role::Auditor).await;
    for path in ["/trail", "/trail/verify"] {
        check(&document, path, &house.get(&auditor, &format!("/api/v1{path}")).await.json());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_the_api_is_answered_to_strangers() {
    let house = House::empty();
    let document = document();
    let public = ["/api/v1/auth/", "/agent/v1/"];
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if public.iter().any(|prefix| path.starts_with(prefix)) {
            continue;
        }
        for method in methods.as_object().unwrap().keys().filter(|method| method.len() < 7) {
            let address: Vec<&str> =
                path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
            let answer = house.ask(None, &method.to_uppercase(), &address.join("/"), Some(json!({}))).await;
            let refused = answer.status == StatusCode::UNAUTHORIZED;
            assert!(refused, "{method} {path}: {} {}", answer.status, answer.text);
            asked += 1;
        }
    }
    assert!(asked > 25, "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_things_takes_the_role_for_it() {
    let house = House::with(&["shop"]).await;
    let viewer = house.everywhere("vera", Role::Viewer).await;
    for (method, path, body) in [
        ("POST", "/clusters", json!({ "name": "new" })),
        ("DELETE", "/clusters/shop", json!(null)),
        ("POST", "/clusters/shop/rescan", json!(null)),
        ("POST", "/waivers/w_x/approve", json!({})),
        ("POST", "/waivers/w_x/reject", json!({})),
        ("GET", "/trail", json!(null)),
        ("GET", "/trail/verify", json!(null)),
    ] {
        let answer = house.ask(Some(&viewer), method, &format!("/api/v1{path}"), Some(body)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}: {}", answer.text);
        assert_eq!(answer.json()["error"]["code"], "forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_an_answer_is_told_that_it_did_not_change() {
    let house = House::with(&["shop"]).await;
    let viewer = house.everywhere("vera", Role::Viewer).await;
    let first = house.get(&viewer, "/api/v1/rules").await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let request = |tag: &str| {
        http::Request::get("/api/v1/rules").header("if-none-match", tag).body(axum::body::Body::empty()).unwrap()
    };
    let again = house.send(Some(&viewer), request(&tag)).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(house.send(Some(&viewer), request("\"other\"")).await.status, StatusCode::OK);
    assert_eq!(first.headers["cache-control"], "private, no-cache");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_comes_in_steps_that_neither_repeat_nor_leave_out() {
    let house = House::with(&["shop", "legacy"]).await;
    let viewer = house.everywhere("vera", Role::Viewer).await;
    let whole = house.get(&viewer, "/api/v1/findings?limit=500").await.json();
    let total = whole["total"].as_u64().unwrap();
    for sort in ["severity", "newest", "oldest", "subject"] {
        let (mut seen, mut cursor, mut count) = (BTreeSet::new(), String::new(), 0);
        loop {
            let page =
                house.get(&viewer, &format!("/api/v1/findings?limit=41&sort={sort}&cursor={cursor}")).await.json();
            for item in page["items"].as_array().unwrap() {
                seen.insert(format!("{} {}", item["cluster"], item["fingerprint"]));
                count += 1;
            }
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        assert_eq!((seen.len() as u64, count), (total, total), "{sort}");
    }
    let csv = house.get(&viewer, "/api/v1/findings?format=csv").await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(csv.text.lines().count() as u64, total + 1);
}

/// `docs/schema/openapi.json` is what the code says: `cargo xtask gen` writes it.
#[test]
fn the_document_in_the_repository_is_the_one_of_the_code() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/openapi.json");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let made = routes::openapi_text();
    if kept.trim_end() != made.trim_end() {
        let beside = std::env::temp_dir().join("rampart-openapi.json");
        std::fs::write(&beside, made + "\n").unwrap();
        panic!("run `cargo xtask gen`; what the code says is in {}", beside.display());
    }
}
