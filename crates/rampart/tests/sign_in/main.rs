//! Sign-in from end to end: the program as it is shipped, a real identity provider (`e2e/oidc`), and a client with cookies in
//! the place of a browser. Without Node it says that it was skipped.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a broken harness must stop the test with its reason")]
#![expect(clippy::indexing_slicing, reason = "fields of JSON that the test itself asked for")]

mod browser;
mod servers;

use std::process::{Command, Stdio};

use browser::Browser;
use serde_json::json;
use servers::{Plane, Provider};

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn people_sign_in_with_a_real_provider() {
    if let Err(why) = servers::install() {
        println!("SKIPPED: {why}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let plane = Plane::start(folder.path());
    let provider = Provider::start(folder.path(), &format!("{}/api/v1/auth/oidc/callback", plane.address));
    provider.tell("people", json!({"alice": ["platform-admins"], "bob": ["shop-team", "everybody"]})).await;

    // The link of the first start makes a local administrator, who sets the provider up.
    let mut root = Browser::new(folder.path(), &plane.address);
    let told = json!({"token": plane.link, "name": "root", "password": PASSWORD});
    assert_eq!(root.post("/auth/first-run", told.clone()).await.0, 204);
    assert_eq!(root.post("/auth/first-run", told).await.0, 403, "a link works once");
    root.learn_session().await;
    let identity = json!({
        "name": "Example", "issuer": provider.issuer, "clientId": "rampart", "clientSecret": "e2e-secret-of-the-client",
        "scopes": ["openid", "profile", "email", "groups"], "groupsClaim": "groups", "enabled": true,
    });
    assert_eq!(root.put("/identity", identity).await.0, 200);
    let (_, test) = root.post("/identity/test", json!(null)).await;
    assert_eq!(test["ok"], true, "{test}");
    let shop = json!({"role": "viewer", "clusters": ["shop-*"], "namespaces": []});
    let groups =
        json!([{"group": "platform-admins", "grants": [{"role": "admin"}]}, {"group": "shop-team", "grants": [shop]}]);
    assert_eq!(root.put("/roles", json!({"basedOn": 0, "groups": groups})).await.0, 200);

    // Groups give roles, and only those.
    let mut bob = Browser::new(folder.path(), &plane.address);
    assert_eq!(bob.sign_in("bob", "/findings").await, (200, "/findings".to_owned()));
    let session = bob.learn_session().await;
    assert_eq!((&session["user"]["name"], &session["grants"]), (&json!("bob"), &json!([shop])));
    assert_eq!(session["user"]["email"], "bob@example.test");
    assert_eq!(bob.get("/roles").await.0, 403);
    assert_eq!(root.get("/session").await.0, 200, "a viewer proves nothing about administrators");
    let mut mallory = Browser::new(folder.path(), &plane.address);
    assert_eq!(mallory.sign_in("mallory", "/").await.0, 403);
    assert_eq!(mallory.get("/session").await.0, 401);

    // An administrator through the provider ends the time of passwords.
    let mut alice = Browser::new(folder.path(), &plane.address);
    assert_eq!(alice.sign_in("alice", "//evil.example").await, (200, "/".to_owned()));
    assert_eq!(alice.learn_session().await["role"], "admin");
    assert_eq!(root.get("/session").await.0, 401);
    assert_eq!(root.post("/auth/login", json!({"name": "root", "password": PASSWORD})).await.0, 401);
    assert_eq!(root.get("/auth/methods").await.1["local"], false);

    // What came back from the provider is good once, and only in the browser that began.
    let used = alice.callback.clone().unwrap();
    assert_eq!(alice.visit(&used).await.0, 400);
    let mut thief = Browser::new(folder.path(), &plane.address);
    assert_eq!(thief.visit(&used).await.0, 400);

    // Signing out ends the session here.
    assert_eq!(bob.post("/auth/logout", json!({})).await.0, 204);
    assert_eq!(bob.get("/session").await.0, 401);

    // The provider changes its key, then keeps groups out of its ID tokens.
    provider.tell("keys", json!({})).await;
    let mut again = Browser::new(folder.path(), &plane.address);
    assert_eq!(again.sign_in("alice", "/").await.0, 200, "a new key is looked up");
    provider.tell("claims", json!({"conform": true})).await;
    let mut again = Browser::new(folder.path(), &plane.address);
    assert_eq!(again.sign_in("alice", "/").await.0, 200, "groups from the user-info endpoint");

    command_line(folder.path(), &plane, &mut alice).await;
    way_back_in(folder.path(), &plane, &mut root, &mut alice).await;
}

/// `rampart login`, `whoami`, `logout`.
async fn command_line(folder: &std::path::Path, plane: &Plane, alice: &mut Browser) {
    let rampart = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
        command.args(arguments).env("RAMPART_CONFIG", folder.join("config")).env_remove("XDG_CONFIG_HOME");
        command
    };
    let authority = folder.join("data/tls/authority.pem").display().to_string();
    let arguments = ["login", "--server", &plane.address, "--ca", &authority];
    let mut login = rampart(&arguments).stderr(Stdio::piped()).spawn().unwrap();
    let said = servers::Lines::of(login.stderr.take().unwrap());
    let code = said.find(|line| line.split_once("the code is ").map(|(_, code)| code.trim_end_matches(':').to_owned()));
    assert_eq!(alice.post("/auth/device/approve", json!({"userCode": code})).await.0, 204);
    let done = tokio::task::spawn_blocking(move || login.wait().unwrap()).await.unwrap();
    assert!(done.success());
    said.find(|line| line.contains("as alice").then(String::new));
    let kept = std::fs::read_to_string(folder.join("config/login.json")).unwrap();
    assert!(kept.contains("rmp_") && kept.contains("BEGIN CERTIFICATE") && !kept.contains("PRIVATE KEY"));
    let who = rampart(&["whoami"]).output().unwrap();
    let text = String::from_utf8(who.stdout).unwrap();
    assert!(text.starts_with("alice") && text.contains("admin: all clusters, all namespaces"), "{text}");
    assert!(rampart(&["logout"]).status().unwrap().success());
    assert_eq!(rampart(&["whoami"]).output().unwrap().status.code(), Some(3));
    assert!(!folder.join("config/login.json").exists());
}

/// `rampart admin-link`, where the provider is lost.
async fn way_back_in(folder: &std::path::Path, plane: &Plane, root: &mut Browser, alice: &mut Browser) {
    let data = folder.join("data").display().to_string();
    let command = ["admin-link", "--data", &data, "--public-url", &plane.address];
    let output = Command::new(env!("CARGO_BIN_EXE_rampart")).args(command).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let link = String::from_utf8(output.stdout).unwrap();
    let (base, token) = link.trim().split_once('#').unwrap();
    assert_eq!(base, format!("{}/first-run", plane.address));
    let told = json!({"token": token, "name": "root", "password": "another horse battery"});
    assert_eq!(root.post("/auth/first-run", told).await.0, 204);
    assert_eq!(root.learn_session().await["role"], "admin");
    assert_eq!(root.get("/auth/methods").await.1["local"], true);
    assert_eq!(alice.get("/session").await.0, 200);
}
