//! A provider that lies in every way, on a loopback port: what it says must not sign anybody in.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use openidconnect::Nonce;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use ring::{hmac, signature};
use serde_json::{Value, json};

use super::attempt::Attempt;
use super::claims::Person;
use super::fetch::Fetch;
use super::flow::{Returned, begin, finish};
use super::provider::Providers;
use super::{Registration, SignInFailure};

/// How the next ID token is signed.
#[derive(Clone, Copy, PartialEq)]
pub enum Signature {
    Right,
    None,
    /// With the published public key taken for a shared secret.
    HmacOfPublicKey,
    /// With the secret that client and provider share.
    HmacOfClientSecret,
    /// By somebody else under the right key's name.
    OtherKey,
    Broken,
}

struct Provider {
    issuer: String,
    key: EcdsaKeyPair,
    key_id: String,
    /// Whether the key set lists the key.
    publishes: bool,
    signature: Signature,
    claims: Value,
    user_info: Value,
    asked: u32,
    codes: Vec<String>,
}

type Shared = Arc<Mutex<Provider>>;

fn key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap()
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

impl Provider {
    fn token(&self) -> String {
        let algorithm = match self.signature {
            Signature::None => "none",
            Signature::HmacOfPublicKey | Signature::HmacOfClientSecret => "HS256",
            _ => "ES256",
        };
        let header = json!({"alg": algorithm, "kid": self.key_id, "typ": "JWT"});
        let signed =
            format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(self.claims.to_string().as_bytes()));
        let hmac =
            |key: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes()).as_ref().to_vec();
        let ecdsa = |key: &EcdsaKeyPair| {
            let signature: signature::Signature = key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
            signature.as_ref().to_vec()
        };
        let signature = match self.signature {
            Signature::Right => ecdsa(&self.key),
            Signature::OtherKey => ecdsa(&key()),
            Signature::None => vec![],
            Signature::HmacOfPublicKey => hmac(self.key.public_key().as_ref()),
            Signature::HmacOfClientSecret => hmac(b"shared"),
            Signature::Broken => vec![7; 64],
        };
        format!("{signed}.{}", base64url(&signature))
    }
}

async fn discovery(State(shared): State<Shared>) -> Json<Value> {
    let mut provider = shared.lock().unwrap();
    provider.asked += 1;
    let at = |path: &str| format!("{}{path}", provider.issuer);
    Json(json!({
        "issuer": provider.issuer, "authorization_endpoint": at("/auth"), "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"), "userinfo_endpoint": at("/me"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // A careless provider: it says that it signs in any way.
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
    }))
}

async fn keys(State(shared): State<Shared>) -> Json<Value> {
    let provider = shared.lock().unwrap();
    if !provider.publishes {
        return Json(json!({"keys": []}));
    }
    let point = provider.key.public_key().as_ref();
    let key = json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": provider.key_id, "x": base64url(&point[1..33]), "y": base64url(&point[33..])});
    Json(json!({"keys": [key]}))
}

async fn token(State(shared): State<Shared>, body: String) -> (http::StatusCode, Json<Value>) {
    let mut provider = shared.lock().unwrap();
    let code = body.split('&').find_map(|pair| pair.strip_prefix("code=")).unwrap().to_owned();
    if !body.contains("code_verifier=") || provider.codes.contains(&code) {
        return (
            http::StatusCode::BAD_REQUEST,
            Json(json!({"error": "invalid_grant", "error_description": "used before"})),
        );
    }
    provider.codes.push(code);
    let token = provider.token();
    (
        http::StatusCode::OK,
        Json(json!({"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": token})),
    )
}

async fn me(State(shared): State<Shared>) -> Json<Value> {
    Json(shared.lock().unwrap().user_info.clone())
}

/// The lying provider, for tests of routes as well.
pub struct Issuer(Shared);

impl Issuer {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = Provider {
            issuer,
            key: key(),
            key_id: "one".to_owned(),
            publishes: true,
            signature: Signature::Right,
            claims: Value::Null,
            user_info: json!({"sub": "alice"}),
            asked: 0,
            codes: vec![],
        };
        let shared = Arc::new(Mutex::new(provider));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self(shared)
    }

    pub fn address(&self) -> String {
        self.0.lock().unwrap().issuer.clone()
    }

    /// What the next ID token says.
    pub fn alice(&self, nonce: &str) {
        let now = jiff::Timestamp::now().as_second();
        let claims = json!({
            "iss": self.address(), "aud": "rampart", "sub": "alice", "nonce": nonce,
            "iat": now, "exp": now + 60, "groups": ["platform"], "name": "Alice", "email": "alice@example.test",
        });
        self.0.lock().unwrap().claims = claims;
    }

    pub fn claim(&self, name: &str, value: Value) {
        self.0.lock().unwrap().claims[name] = value;
    }

    pub fn sign(&self, signature: Signature) {
        self.0.lock().unwrap().signature = signature;
    }
}

/// A browser that begins to sign in, and the plane's side of it.
struct Stage {
    issuer: Issuer,
    providers: Providers,
    registration: Registration,
}

async fn stage() -> Stage {
    let issuer = Issuer::start().await;
    let registration = Registration {
        issuer: issuer.address(),
        client_id: "rampart".to_owned(),
        client_secret: Some(Arc::new(rampart_store::Concealed::new("shared".to_owned()))),
        scopes: vec!["openid".to_owned(), "groups".to_owned()],
        groups_claim: "groups".to_owned(),
        redirect_uri: "https://plane.example/api/v1/auth/oidc/callback".to_owned(),
    };
    let providers = Providers::new(Fetch::new(None).unwrap()).asking_again_after(Duration::ZERO);
    Stage { issuer, providers, registration }
}

impl Stage {
    async fn begin(&self) -> Attempt {
        let (url, attempt) = begin(&self.providers, &self.registration, "/", 1000).await.unwrap();
        assert!(url.contains("code_challenge_method=S256") && url.contains("scope=openid+groups"), "{url}");
        assert!(!url.contains("shared") && !url.contains(attempt.verifier.secret()), "{url}");
        self.issuer.alice(attempt.nonce.secret());
        attempt
    }

    async fn finish(&self, attempt: Attempt) -> Result<Person, SignInFailure> {
        let returned = returned(&attempt);
        finish(&self.providers, &self.registration, attempt, returned).await
    }

    /// A sign-in whose token has one claim changed.
    async fn with_claim(&self, name: &str, value: Value) -> Result<Person, SignInFailure> {
        let attempt = self.begin().await;
        self.issuer.claim(name, value);
        self.finish(attempt).await
    }
}

fn returned(attempt: &Attempt) -> Returned {
    let code = Nonce::new_random().secret().clone();
    Returned { state: Some(attempt.state.secret().clone()), code: Some(code), ..Returned::default() }
}

fn assert_refused(outcome: Result<Person, SignInFailure>, words: &str) {
    match outcome {
        Err(SignInFailure::Refused(why)) => assert!(why.contains(words), "{why}"),
        other => panic!("expected a refusal with `{words}`, not {other:?}"),
    }
}

#[tokio::test]
async fn a_right_token_signs_in() {
    let stage = stage().await;
    let attempt = stage.begin().await;
    let person = stage.finish(attempt).await.unwrap();
    assert_eq!(
        (person.subject.as_str(), person.name.as_str(), person.groups.as_slice()),
        ("alice", "Alice", &["platform".to_owned()][..])
    );
    let attempt = stage.begin().await;
    stage.finish(attempt).await.unwrap();
    assert_eq!(stage.issuer.0.lock().unwrap().asked, 1, "the provider is remembered");
}

#[tokio::test]
async fn a_token_without_or_with_a_forged_signature_is_refused() {
    let stage = stage().await;
    for (signature, words) in [
        (Signature::None, "signature"),
        (Signature::HmacOfPublicKey, "HS256"),
        (Signature::HmacOfClientSecret, "HS256"),
        (Signature::OtherKey, "ignature"),
        (Signature::Broken, "ignature"),
    ] {
        let attempt = stage.begin().await;
        stage.issuer.0.lock().unwrap().signature = signature;
        assert_refused(stage.finish(attempt).await, words);
    }
}

#[tokio::test]
async fn a_token_for_somebody_else_or_another_time_is_refused() {
    let stage = stage().await;
    assert_refused(stage.with_claim("nonce", json!("other")).await, "nonce");
    assert_refused(stage.with_claim("nonce", Value::Null).await, "nonce");
    assert_refused(stage.with_claim("aud", json!("another-client")).await, "audience");
    assert_refused(stage.with_claim("aud", json!(["rampart", "another-client"])).await, "audience");
    assert_refused(stage.with_claim("iss", json!("https://evil.example")).await, "issuer");
    assert_refused(stage.with_claim("exp", json!(1)).await, "xpired");
    assert_refused(stage.with_claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")).await, "access token");
}

#[tokio::test]
async fn a_code_is_good_once() {
    let stage = stage().await;
    let attempt = stage.begin().await;
    let again = returned(&attempt);
    finish(&stage.providers, &stage.registration, attempt, again.clone()).await.unwrap();
    let mut attempt = stage.begin().await;
    attempt.state = openidconnect::CsrfToken::new(again.state.clone().unwrap());
    assert_refused(finish(&stage.providers, &stage.registration, attempt, again).await, "invalid_grant");
}

#[tokio::test]
async fn an_answer_to_another_attempt_is_refused_before_anything_is_asked() {
    let stage = stage().await;
    let attempt = stage.begin().await;
    for change in [
        |returned: &mut Returned| returned.state = Some("other".to_owned()),
        |returned: &mut Returned| returned.state = None,
        |returned: &mut Returned| returned.iss = Some("https://evil.example".to_owned()),
        |returned: &mut Returned| returned.code = None,
    ] {
        let mut told = returned(&attempt);
        change(&mut told);
        let same = Attempt {
            state: attempt.state.clone(),
            nonce: attempt.nonce.clone(),
            verifier: openidconnect::PkceCodeVerifier::new(attempt.verifier.secret().clone()),
            then: String::new(),
            ends: attempt.ends,
            issuer: attempt.issuer.clone(),
        };
        let outcome = finish(&stage.providers, &stage.registration, same, told).await;
        assert!(matches!(outcome, Err(SignInFailure::Attempt(_))), "{outcome:?}");
    }
    assert!(stage.issuer.0.lock().unwrap().codes.is_empty());
}

#[tokio::test]
async fn the_providers_no_is_told() {
    let stage = stage().await;
    let attempt = stage.begin().await;
    let told = Returned { error: Some("access_denied".to_owned()), ..returned(&attempt) };
    assert_refused(finish(&stage.providers, &stage.registration, attempt, told).await, "access_denied");
}

#[tokio::test]
async fn a_new_key_is_looked_up_and_a_withdrawn_one_is_not_taken() {
    let stage = stage().await;
    let attempt = stage.begin().await;
    stage.finish(attempt).await.unwrap();
    {
        let mut provider = stage.issuer.0.lock().unwrap();
        (provider.key, provider.key_id) = (key(), "two".to_owned());
    }
    let attempt = stage.begin().await;
    stage.finish(attempt).await.unwrap();
    let attempt = stage.begin().await;
    {
        let mut provider = stage.issuer.0.lock().unwrap();
        (provider.key, provider.key_id, provider.publishes) = (key(), "three".to_owned(), false);
    }
    assert_refused(stage.finish(attempt).await, "does not publish");
}

#[tokio::test]
async fn groups_may_come_from_the_user_info_endpoint_of_the_same_person() {
    let stage = stage().await;
    let attempt = stage.begin().await;
    {
        let mut provider = stage.issuer.0.lock().unwrap();
        provider.claims.as_object_mut().unwrap().remove("groups");
        provider.user_info = json!({"sub": "alice", "groups": ["from-there"]});
    }
    assert_eq!(stage.finish(attempt).await.unwrap().groups, ["from-there"]);
    let attempt = stage.begin().await;
    {
        let mut provider = stage.issuer.0.lock().unwrap();
        provider.claims.as_object_mut().unwrap().remove("groups");
        provider.user_info = json!({"sub": "mallory", "groups": ["admins"]});
    }
    assert_refused(stage.finish(attempt).await, "subject");
}

#[tokio::test]
async fn a_provider_that_calls_itself_otherwise_is_no_provider() {
    let stage = stage().await;
    stage.issuer.0.lock().unwrap().issuer = "https://evil.example".to_owned();
    let outcome = begin(&stage.providers, &stage.registration, "/", 0).await;
    assert!(matches!(outcome, Err(SignInFailure::Provider(why)) if why.contains("evil.example")));
}
