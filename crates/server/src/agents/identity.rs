//! Which agent asks: by the certificate of its connection, or by a signature where something in between ended TLS.
//!
//! Asked of the store at each request, so that a revocation holds at once.

use http::StatusCode;
use http::request::Parts;
use rampart_protocol::signature::{self, Signature};
use rampart_store::agent::{self, Agent, State};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

use crate::tls::PeerCertificate;
use crate::{Plane, Problem};

/// The points of P-256, uncompressed.
const KEY_BYTES: usize = 65;

/// The agent that sent this request.
///
/// # Errors
/// The request proves nothing, or the agent may not speak.
pub(super) async fn identify(plane: &Plane, parts: &Parts, body: &[u8]) -> Result<Agent, Problem> {
    let shown = match parts.extensions.get::<PeerCertificate>() {
        Some(peer) => Shown::Certificate(read_certificate(&peer.0)?),
        None => Shown::Signature(read_signature(plane, parts)?),
    };
    let id = match &shown {
        Shown::Certificate(Leaf { agent, .. }) => agent.clone(),
        Shown::Signature(signature) => signature.agent.clone(),
    };
    let found = plane.read(move |tx| agent::by_id(tx, &id)).await?;
    let agent = found.ok_or_else(unknown)?;
    let is_proven = match &shown {
        Shown::Certificate(leaf) => keys(&agent).any(|key| key == leaf.key),
        Shown::Signature(signature) => keys(&agent).any(|key| is_signed(parts, body, signature, key)),
    };
    if !is_proven {
        return Err(unknown());
    }
    match agent.state {
        State::Joined => {}
        State::Waiting => return Err(no("waiting", "this agent waits until somebody lets it in")),
        State::Revoked => return Err(no("revoked", "this agent was revoked")),
    }
    if agent.certificate_expires.is_none_or(|end| end <= plane.now()) {
        let message = "the agent's certificate is over: join again with a new token";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "expired", message));
    }
    if let Shown::Signature(signature) = &shown {
        // Only now: who is not who he says must not fill the memory of others.
        plane.agents().nonces.take(&agent.id, signature.nonce, plane.now())?;
    }
    Ok(agent)
}

enum Shown {
    Certificate(Leaf),
    Signature(Signature),
}

/// What counts of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    pub agent: String,
    pub key: String,
}

/// The listener has verified who signed it and that it is not over.
pub(super) fn read_certificate(der: &[u8]) -> Result<Leaf, Problem> {
    let wrong = || Problem::new(StatusCode::UNAUTHORIZED, "certificate", "this is no certificate of an agent");
    let (_, read) = x509_parser::parse_x509_certificate(der).map_err(|_| wrong())?;
    let name = read.subject().iter_common_name().next().and_then(|name| name.as_str().ok()).ok_or_else(wrong)?;
    let key = read.public_key().subject_public_key.data.as_ref();
    Ok(Leaf { agent: name.to_owned(), key: signature::hex(key) })
}

fn read_signature(plane: &Plane, parts: &Parts) -> Result<Signature, Problem> {
    let Some(header) = parts.headers.get(signature::HEADER) else {
        let message = "an agent shows its certificate or signs its requests";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", message));
    };
    let wrong = |why: String| Problem::new(StatusCode::UNAUTHORIZED, "signature", why);
    let text = header.to_str().map_err(|_| wrong("the signature is no text".to_owned()))?;
    let read: Signature = text.parse().map_err(wrong)?;
    let now = u64::try_from(plane.now().as_millisecond()).unwrap_or(0);
    if now.abs_diff(read.time) > signature::WINDOW_MILLISECONDS {
        let message = "the signature is too old or of the future: the answer's header says the plane's time";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "clock", message));
    }
    Ok(read)
}

fn keys(agent: &Agent) -> impl Iterator<Item = &str> {
    std::iter::once(agent.public_key.as_str()).chain(agent.previous_key.as_deref())
}

fn is_signed(parts: &Parts, body: &[u8], signature: &Signature, key: &str) -> bool {
    let Some(key) = signature::unhex(key).filter(|key| key.len() == KEY_BYTES) else { return false };
    // Where routes are nested, the request's own address is shortened.
    let uri = parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |original| &original.0);
    let path = uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
    let signed = signature::signed(parts.method.as_str(), path, signature.time, &signature.nonce, body);
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(&signed, &signature.bytes).is_ok()
}

/// An id that nobody has, and a proof that does not fit, are told apart by nobody.
fn unknown() -> Problem {
    let message = "the plane does not know this agent: join with a new token";
    Problem::new(StatusCode::UNAUTHORIZED, "unknown_agent", message)
}

fn no(code: &'static str, message: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, code, message)
}

/// The public key of a certificate request in PEM, which proves that its sender holds the private one.
pub(super) fn requested_key(request: &str) -> Result<String, Problem> {
    if request.len() > 8 << 10 {
        return Err(Problem::invalid("request", "the certificate request is too long"));
    }
    let read = rcgen::CertificateSigningRequestParams::from_pem(request)
        .map_err(|error| Problem::invalid("request", format!("the certificate request cannot be used: {error}")))?;
    let key = rcgen::PublicKeyData::der_bytes(&read.public_key);
    let algorithm = rcgen::PublicKeyData::algorithm(&read.public_key);
    if *algorithm != rcgen::PKCS_ECDSA_P256_SHA256 || key.len() != KEY_BYTES {
        return Err(Problem::invalid("request", "the key of a certificate request must be one of ECDSA over P-256"));
    }
    Ok(signature::hex(key))
}
