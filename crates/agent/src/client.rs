//! Requests to the plane: over TLS with the agent's certificate, and signed with the same key for where TLS ends early.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rampart_protocol::signature::{self, Signature};
use rampart_protocol::{codec, version};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode, Url};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use serde::de::DeserializeOwned;

use crate::home::Identity;
use crate::key;
use crate::plane_clock::PlaneClock;

/// Time for one request and its answer.
const REQUEST: Duration = Duration::from_secs(60);

/// Bytes of an answer.
const ANSWER_BYTES: usize = 32 << 20;

/// Files in which systems keep the authorities that they trust.
const SYSTEM_AUTHORITIES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A token that lets an agent in. It cannot be printed or serialized.
pub struct JoinToken(String);

impl JoinToken {
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The plane is not there, or not in a state to answer: try again.
    Away { why: String, retry_after: Option<Duration> },
    /// The plane says no.
    Refused { status: u16, code: String, why: String },
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Away { why, .. } => f.write_str(why),
            Self::Refused { status, why, .. } => write!(f, "{why} ({status})"),
        }
    }
}

impl Failure {
    pub(crate) fn away(why: impl Into<String>) -> Self {
        Self::Away { why: why.into(), retry_after: None }
    }

    /// Whether the plane no longer knows this agent, or turned it out.
    pub(crate) fn is_of_identity(&self) -> bool {
        let outcast = ["unknown_agent", "revoked", "expired"];
        matches!(self, Self::Refused { code, .. } if outcast.contains(&code.as_str()))
    }
}

/// The plane's address and what is trusted there.
pub struct Client {
    server: Url,
    roots: RootCertStore,
    pub clock: Arc<PlaneClock>,
    session: Mutex<Arc<Session>>,
}

/// Connections under one identity.
struct Session {
    http: reqwest::Client,
    identity: Option<Arc<Identity>>,
}

impl Client {
    /// # Errors
    /// The address is not one of a plane, or the authority's file cannot be used.
    pub fn new(server: &str, authority: Option<&Path>) -> Result<Self, String> {
        let server: Url = server.parse().map_err(|error| format!("`{server}` is no address of a plane: {error}"))?;
        let is_here = matches!(server.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if server.scheme() != "https" && !(server.scheme() == "http" && is_here) {
            return Err(format!("`{server}` is not encrypted: give an address that begins with https://"));
        }
        let roots = roots(authority)?;
        let http = http(&roots, None)?;
        let session = Mutex::new(Arc::new(Session { http, identity: None }));
        Ok(Self { server, roots, clock: Arc::default(), session })
    }

    /// From now on, requests are those of this agent.
    ///
    /// # Errors
    /// Key and certificate cannot be used.
    pub fn become_agent(&self, identity: Identity) -> Result<(), String> {
        // The plane ends a connection with a certificate that is over, and says so to a signature.
        let is_over = identity.not_after <= self.clock.now();
        let http = http(&self.roots, Some(&identity).filter(|_| !is_over))?;
        let session = Session { http, identity: Some(Arc::new(identity)) };
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(session);
        Ok(())
    }

    pub fn identity(&self) -> Option<Arc<Identity>> {
        self.session().identity.clone()
    }

    fn session(&self) -> Arc<Session> {
        Arc::clone(&self.session.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sends JSON, outside of the codec: small and before both sides know each other.
    ///
    /// # Errors
    /// There is no answer, or a refusal.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        question: &impl serde::Serialize,
        token: Option<&JoinToken>,
    ) -> Result<T, Failure> {
        let body = serde_json::to_vec(question).map_err(|error| Failure::away(error.to_string()))?;
        let answer = self.send(Method::POST, path, body, "application/json", token, REQUEST).await?;
        read(answer).await
    }

    /// Sends an encoded body.
    ///
    /// # Errors
    /// There is no answer, or a refusal.
    pub async fn send_encoded<T: DeserializeOwned>(&self, path: &str, body: Vec<u8>) -> Result<T, Failure> {
        let answer = self.send(Method::POST, path, body, codec::MEDIA_TYPE, None, REQUEST).await?;
        read(answer).await
    }

    /// Waits for news for as long as the plane keeps the request; none where there are none.
    ///
    /// # Errors
    /// There is no answer, or a refusal.
    pub async fn wait<T: DeserializeOwned>(&self, path: &str) -> Result<Option<T>, Failure> {
        let answer = self.send(Method::GET, path, Vec::new(), "application/json", None, REQUEST).await?;
        if answer.status() == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        read(answer).await.map(Some)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        media: &'static str,
        token: Option<&JoinToken>,
        time: Duration,
    ) -> Result<Response, Failure> {
        let session = self.session();
        let url = self.server.join(path).map_err(|error| Failure::away(error.to_string()))?;
        let mut request = session.http.request(method.clone(), url.clone()).timeout(time);
        if let Some(identity) = &session.identity {
            let signed = self.sign(identity, method.as_str(), &url, &body).map_err(Failure::away)?;
            request = request.header(signature::HEADER, signed);
        }
        if let Some(JoinToken(token)) = token {
            let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| Failure::Refused {
                status: 401,
                code: "token".to_owned(),
                why: "the token is no text".to_owned(),
            })?;
            bearer.set_sensitive(true);
            request = request.header(AUTHORIZATION, bearer);
        }
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, media).body(body);
        }
        let answer = request.send().await.map_err(|error| Failure::away(cause(&error)))?;
        let time = answer.headers().get(signature::TIME_HEADER).and_then(|time| time.to_str().ok()?.parse().ok());
        if let Some(time) = time {
            self.clock.hear(time);
        }
        if answer.status().is_success() { Ok(answer) } else { Err(refusal(answer).await) }
    }

    /// The path is signed as the agent sends it: something between that rewrites it must write it back.
    fn sign(&self, identity: &Identity, method: &str, url: &Url, body: &[u8]) -> Result<String, String> {
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let time = u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0);
        let nonce = key::nonce()?;
        let bytes = identity.key.sign(&signature::signed(method, &path, time, &nonce, body))?;
        Ok(Signature { agent: identity.agent.clone(), time, nonce, bytes }.to_string())
    }
}

/// Whether plane and agent understand each other.
pub(crate) fn check(protocol: u32) -> Result<(), Failure> {
    version::check_plane(protocol).map_err(|why| Failure::Refused { status: 426, code: "protocol".to_owned(), why })
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, Failure> {
    let bytes = bounded(answer).await?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::away(format!("the plane's answer makes no sense: {error}")))
}

async fn bounded(mut answer: Response) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| Failure::away(cause(&error)))? {
        if bytes.len() + chunk.len() > ANSWER_BYTES {
            return Err(Failure::away("the plane's answer is too long"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn refusal(answer: Response) -> Failure {
    let status = answer.status().as_u16();
    let seconds = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let retry_after = seconds.map(Duration::from_secs);
    let body = bounded(answer).await.unwrap_or_default();
    let said: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let part = |key| said.pointer(&format!("/error/{key}")).and_then(serde_json::Value::as_str).map(str::to_owned);
    let why = part("message").unwrap_or_else(|| format!("the plane answered {status}"));
    match status {
        408 | 425 | 429 | 500..=599 => Failure::Away { why, retry_after },
        _ => Failure::Refused { status, code: part("code").unwrap_or_default(), why },
    }
}

/// The innermost cause, which says most.
fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    if error.is_timeout() { "the plane does not answer in time".to_owned() } else { innermost.to_string() }
}

fn roots(authority: Option<&Path>) -> Result<RootCertStore, String> {
    let named = authority.map(Path::to_owned).or_else(|| std::env::var_os("SSL_CERT_FILE").map(Into::into));
    let system = || SYSTEM_AUTHORITIES.iter().map(Path::new).find(|path| path.exists()).map(Path::to_owned);
    let mut roots = RootCertStore::empty();
    let Some(path) = named.or_else(system) else { return Ok(roots) };
    let failed = |error: rustls::pki_types::pem::Error| {
        format!("cannot read the authority in `{}`: {error}; name the plane's with `--ca FILE`", path.display())
    };
    let found: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(&path).map_err(failed)?.collect::<Result<_, _>>().map_err(failed)?;
    let (added, _) = roots.add_parsable_certificates(found);
    if added == 0 {
        return Err(format!("`{}` holds no certificate; name the plane's authority with `--ca FILE`", path.display()));
    }
    Ok(roots)
}

fn http(roots: &RootCertStore, identity: Option<&Identity>) -> Result<reqwest::Client, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?
        .with_root_certificates(roots.clone());
    let config = match identity {
        Some(identity) => {
            let key = PrivateKeyDer::from_pem_slice(identity.key.expose_pem().as_bytes())
                .map_err(|error| format!("the agent's key cannot be used: {error}"))?;
            builder
                .with_client_auth_cert(vec![identity.certificate.clone()], key)
                .map_err(|error| format!("the agent's certificate cannot be used: {error}"))?
        }
        None => builder.with_no_client_auth(),
    };
    reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .connect_timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(50))
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("rampart-agent/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| format!("the client cannot be set up: {}", cause(&error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_addresses_are_taken_but_for_this_machine() {
        for good in ["https://plane.example", "https://plane.example:8443/", "http://127.0.0.1:80", "http://localhost"]
        {
            assert!(Client::new(good, None).is_ok(), "{good}");
        }
        for bad in ["plane.example", "http://plane.example", "ftp://127.0.0.1", "http://127.0.0.1.example"] {
            assert!(Client::new(bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn authority_that_is_none_is_refused_with_what_to_do() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = Client::new("https://plane.example", Some(file.path())).err().unwrap();
        assert!(error.contains("--ca FILE"), "{error}");
    }
}
