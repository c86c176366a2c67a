//! Input that means harm: refused with the right status, or shown as what it is.

use axum::body::Body;
use http::{Request, StatusCode};
use rampart_store::Role;
use serde_json::json;

use super::House;

#[tokio::test(flavor = "multi_thread")]
async fn queries_that_cannot_be_meant_are_refused() {
    let house = House::with(&["shop"]).await;
    let viewer = house.everywhere("vera", Role::Viewer).await;
    for query in [
        "cursor=x",
        "cursor=%27%3B--",
        "cursor=5b225d",
        "limit=0",
        "limit=501",
        "limit=1e3",
        "severity=severe",
        "state=closed",
        "control=rbac%27",
        "fixable=maybe",
        "since=yesterday",
        "sort=name",
        "order=1",
        "format=xml",
        "cursor=5b226e6577657374222c2231222c2231222c2261225d",
    ] {
        let answer = house.get(&viewer, &format!("/api/v1/findings?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", answer.text);
        assert!(answer.json()["error"]["message"].is_string());
    }
    for path in ["/api/v1/findings?q=%ff%fe", "/api/v1/findings?%", "/api/v1/clusters/%ff"] {
        let answer = house.get(&viewer, path).await;
        assert!(answer.status.is_client_error() || answer.status.is_success(), "{path}: {}", answer.status);
        assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
    // Filters are values, never SQL.
    for text in ["'%20OR%20'1'='1", "%25", "_", "%5C", "%00", "%22;DROP%20TABLE%20finding;--"] {
        let answer = house.get(&viewer, &format!("/api/v1/findings?name={text}&cluster={text}")).await;
        assert_eq!((answer.status, answer.json()["items"].clone()), (StatusCode::OK, json!([])), "{text}");
        assert_eq!(
            house.get(&viewer, &format!("/api/v1/findings?q=zz{text}")).await.json()["items"],
            json!([]),
            "{text}"
        );
    }
    assert_ne!(house.get(&viewer, "/api/v1/findings").await.json()["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_meant_are_refused() {
    let house = House::empty();
    let admin = house.everywhere("ada", Role::Admin).await;
    let post = |body: Vec<u8>, media: &str| {
        Request::post("/api/v1/clusters").header("content-type", media).body(Body::from(body)).unwrap()
    };
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(2 << 20));
    let deep = "[".repeat(100_000);
    for (body, media, status) in [
        (b"{".to_vec(), "application/json", StatusCode::BAD_REQUEST),
        (b"".to_vec(), "application/json", StatusCode::BAD_REQUEST),
        (b"\xff\xfe".to_vec(), "application/json", StatusCode::BAD_REQUEST),
        (deep.into_bytes(), "application/json", StatusCode::UNPROCESSABLE_ENTITY),
        (b"{}".to_vec(), "application/json", StatusCode::UNPROCESSABLE_ENTITY),
        (b"{\"name\":1}".to_vec(), "application/json", StatusCode::UNPROCESSABLE_ENTITY),
        (b"{\"name\":\"a\",\"more\":1}".to_vec(), "application/json", StatusCode::UNPROCESSABLE_ENTITY),
        (b"{\"name\":\"<script>\"}".to_vec(), "application/json", StatusCode::UNPROCESSABLE_ENTITY),
        (b"{\"name\":\"../../etc\"}".to_vec(), "application/json", StatusCode::UNPROCESSABLE_ENTITY),
        (b"{\"name\":\"a\"}".to_vec(), "text/plain", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (large.into_bytes(), "application/json", StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let shown = String::from_utf8_lossy(body.get(..40).unwrap_or(&body)).into_owned();
        let answer = house.send(Some(&admin), post(body, media)).await;
        assert_eq!(answer.status, status, "{shown}: {}", answer.text);
        assert!(answer.json()["error"]["code"].is_string(), "{shown}");
    }
    assert_eq!(house.get(&admin, "/api/v1/clusters").await.json()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_objects_are_data_wherever_they_are_shown() {
    let house = House::empty();
    let folder = tempfile::tempdir().unwrap();
    let name = "x'); DROP TABLE finding; --<script>alert(1)</script>";
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name, "namespace": "=cmd|' /C calc'!A0" },
        "spec": { "containers": [{ "name": "c", "image": "i", "securityContext": { "privileged": true } }] },
    });
    std::fs::write(folder.path().join("pod.json"), pod.to_string()).unwrap();
    house.read("evil", folder.path()).await;
    let viewer = house.everywhere("vera", Role::Viewer).await;
    let found = house.get(&viewer, "/api/v1/findings?kind=Pod").await;
    assert_eq!(found.json()["items"][0]["subject"]["name"], name);
    assert_eq!(found.headers["content-type"], "application/json");
    assert_eq!(found.headers["x-content-type-options"], "nosniff");
    let policy = found.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let csv = house.get(&viewer, "/api/v1/findings?kind=Pod&format=csv").await.text;
    assert!(csv.contains("\"'=cmd|") && !csv.contains(",=cmd"), "{csv}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_says_so() {
    let house = House::empty();
    let viewer = house.everywhere("vera", Role::Viewer).await;
    for path in [
        "/api/v1/nothing",
        "/api/v2/findings",
        "/api",
        "/agent/v1/nothing",
        "/api/v1/rules/a/b",
        "/api/v1/clusters/x",
        "/api/v1/findings/x/y",
    ] {
        let answer = house.get(&viewer, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json()["error"]["code"], "not_found", "{path}");
    }
    let wrong = house.ask(Some(&viewer), "PATCH", "/api/v1/findings", None).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(house.ask(None, "GET", "/healthz", None).await.text, "ok\n");
    assert_eq!(house.ask(None, "GET", "/readyz", None).await.status, StatusCode::OK);
    assert!(house.ask(None, "GET", "/metrics", None).await.text.contains("rampart_http_requests_total"));
    assert_eq!(house.ask(None, "GET", "/api/v1/openapi.json", None).await.status, StatusCode::OK);
    assert_eq!(house.ask(None, "GET", "/assets/gone.js", None).await.status, StatusCode::NOT_FOUND);
}
