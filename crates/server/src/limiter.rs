//! How often somebody may ask: token buckets by credential and by address, bounded in number.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header;
use sha2::{Digest, Sha256};

use crate::tls::PeerCertificate;
use crate::{Plane, Problem};

/// Whom a bucket belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// Whoever tries to sign in.
    SignIn(IpAddr),
    /// Whoever shows nothing.
    Anonymous(IpAddr),
    /// A session, token or certificate, by its hash. It may be forged, so its address has a bucket, too.
    Credential([u8; 16]),
    /// All credentials of an address: an ingress may stand for many people.
    Address(IpAddr),
}

impl Key {
    /// What fits in, and what comes back each second.
    fn rate(self) -> (f64, f64) {
        match self {
            Self::SignIn(_) => (30.0, 1.0),
            Self::Anonymous(_) => (200.0, 40.0),
            Self::Credential(_) => (300.0, 50.0),
            Self::Address(_) => (6000.0, 2000.0),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

#[derive(Debug, Default)]
pub(crate) struct Limiter {
    buckets: Mutex<HashMap<Key, Bucket>>,
}

/// More would be an attack by itself: then all start anew.
const MOST_BUCKETS: usize = 100_000;

impl Limiter {
    /// Takes one; the error is how many seconds to wait.
    fn take(&self, key: Key, now: Instant) -> Result<(), u32> {
        let (size, rate) = key.rate();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_BUCKETS {
            // A bucket that has filled up again says nothing.
            buckets.retain(|key, bucket| {
                let (size, rate) = key.rate();
                bucket.left + now.saturating_duration_since(bucket.at).as_secs_f64() * rate < size
            });
            if buckets.len() >= MOST_BUCKETS {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(key).or_insert(Bucket { left: size, at: now });
        bucket.left = (bucket.left + now.saturating_duration_since(bucket.at).as_secs_f64() * rate).min(size);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        // Of sizes and rates above, never more than a second.
        Err(1)
    }
}

fn keys(request: &Request) -> Vec<Key> {
    let address = request.extensions().get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip());
    let Some(address) = address.map(|address| address.to_canonical()) else { return Vec::new() };
    let credential = request
        .extensions()
        .get::<PeerCertificate>()
        .map(|peer| peer.0.to_vec())
        .or_else(|| request.headers().get(header::AUTHORIZATION).map(|value| value.as_bytes().to_vec()))
        .or_else(|| request.headers().get("rampart-signature").map(|_| b"agent behind an ingress".to_vec()))
        .or_else(|| session_cookie(request));
    let path = request.uri().path();
    let is_unsafe = !request.method().is_safe();
    match credential {
        _ if path.starts_with("/api/v1/auth/") && is_unsafe => vec![Key::SignIn(address)],
        Some(shown) if !path.starts_with("/agent/") => {
            let mut hash = [0; 16];
            hash.iter_mut().zip(Sha256::digest(shown)).for_each(|(to, from)| *to = from);
            vec![Key::Address(address), Key::Credential(hash)]
        }
        // Agents have a credit of their own, and a thousand of them may come back at once.
        Some(_) => vec![Key::Address(address)],
        None => vec![Key::Anonymous(address)],
    }
}

fn session_cookie(request: &Request) -> Option<Vec<u8>> {
    let cookies = request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut parts = cookies.flat_map(|cookies| cookies.split(';'));
    let session = parts.find_map(|part| part.trim().strip_prefix("__Host-rampart-session="));
    session.map(|session| session.as_bytes().to_vec())
}

pub(crate) async fn layer(State(plane): State<Plane>, request: Request, next: Next) -> Response {
    let now = Instant::now();
    let refused = keys(&request).into_iter().find_map(|key| plane.limiter().take(key, now).err());
    match refused {
        None => next.run(request).await,
        Some(seconds) => {
            plane.metrics().limited.inc();
            Problem::too_many(seconds, "too many requests: wait a moment").into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again_and_is_nobody_elses() {
        let limiter = Limiter::default();
        let (one, other) = (Key::SignIn([10, 0, 0, 1].into()), Key::SignIn([10, 0, 0, 2].into()));
        let start = Instant::now();
        for _ in 0..30 {
            assert_eq!(limiter.take(one, start), Ok(()));
        }
        assert_eq!(limiter.take(one, start), Err(1));
        assert_eq!(limiter.take(other, start), Ok(()));
        assert_eq!(limiter.take(one, start + Duration::from_secs(1)), Ok(()));
        assert_eq!(limiter.take(one, start + Duration::from_secs(1)), Err(1));
    }
}
