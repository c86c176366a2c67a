//! What an identity provider says of itself (its addresses and keys), remembered for an hour. A token signed with a key that is
//! not known asks again, at most twice a minute, so that a provider may change its keys at any time and nobody can make the plane
//! ask for ever.

use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::core::CoreProviderMetadata;
use openidconnect::{DiscoveryError, IssuerUrl};
use tokio::sync::Mutex;

use super::fetch::{Fetch, NoAnswer, check_address};
use super::{SignInFailure, chain};

const FRESH: Duration = Duration::from_secs(3600);
const AGAIN: Duration = Duration::from_secs(30);
/// How long a provider that did not answer is left alone.
const REST: Duration = Duration::from_secs(5);

/// One provider at a time, since a plane has one.
#[derive(Debug)]
pub struct Providers {
    fetch: Fetch,
    again: Duration,
    known: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    good: Option<Known>,
    bad: Option<(String, SignInFailure, Instant)>,
    /// When an unknown key last made the plane ask.
    forced: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Stale,
    UnknownKey,
}

#[derive(Debug, Clone)]
struct Known {
    issuer: String,
    metadata: Arc<CoreProviderMetadata>,
    asked: Instant,
}

impl Providers {
    pub fn new(fetch: Fetch) -> Self {
        Self { fetch, again: AGAIN, known: Mutex::default() }
    }

    /// How soon an unknown key may make the plane ask again.
    #[cfg(test)]
    pub fn asking_again_after(mut self, pause: Duration) -> Self {
        self.again = pause;
        self
    }

    pub fn fetch(&self) -> &Fetch {
        &self.fetch
    }

    /// The provider, from memory where that is fresh.
    pub async fn of(&self, issuer: &str) -> Result<Arc<CoreProviderMetadata>, SignInFailure> {
        self.known(issuer, Why::Stale).await
    }

    /// The provider anew, for a key that was not there.
    pub async fn anew(&self, issuer: &str) -> Result<Arc<CoreProviderMetadata>, SignInFailure> {
        self.known(issuer, Why::UnknownKey).await
    }

    async fn known(&self, issuer: &str, why: Why) -> Result<Arc<CoreProviderMetadata>, SignInFailure> {
        // Held while asking: a hundred people who sign in at once ask once.
        let mut memory = self.known.lock().await;
        let may_force = memory.forced.is_none_or(|last| last.elapsed() >= self.again);
        let forces = why == Why::UnknownKey && may_force;
        if let Some(known) = memory.good.as_ref().filter(|known| known.issuer == issuer && !forces)
            && known.asked.elapsed() < FRESH
        {
            return Ok(known.metadata.clone());
        }
        if forces {
            memory.forced = Some(Instant::now());
        }
        if let Some((of, failure, asked)) = &memory.bad
            && of == issuer
            && asked.elapsed() < REST.min(self.again)
        {
            return Err(failure.clone());
        }
        match discover(&self.fetch, issuer).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                let known = Known { issuer: issuer.to_owned(), metadata: metadata.clone(), asked: Instant::now() };
                (memory.good, memory.bad) = (Some(known), None);
                Ok(metadata)
            }
            Err(failure) => {
                memory.bad = Some((issuer.to_owned(), failure.clone(), Instant::now()));
                Err(failure)
            }
        }
    }
}

/// Reads a provider's own description and checks it.
pub async fn discover(fetch: &Fetch, issuer: &str) -> Result<CoreProviderMetadata, SignInFailure> {
    check_address(issuer).map_err(SignInFailure::Provider)?;
    let url = IssuerUrl::new(issuer.to_owned())
        .map_err(|error| SignInFailure::Provider(format!("`{issuer}` is no issuer: {error}")))?;
    let metadata = CoreProviderMetadata::discover_async(url, fetch).await.map_err(|error| unknown(issuer, &error))?;
    let mut addresses = vec![metadata.authorization_endpoint().as_str(), metadata.jwks_uri().as_str()];
    let Some(token) = metadata.token_endpoint() else {
        return Err(SignInFailure::Provider(format!("the provider `{issuer}` names no token endpoint")));
    };
    addresses.push(token.as_str());
    addresses.extend(metadata.userinfo_endpoint().map(|url| url.as_str()));
    for address in addresses {
        check_address(address).map_err(SignInFailure::Provider)?;
    }
    Ok(metadata)
}

fn unknown(issuer: &str, error: &DiscoveryError<NoAnswer>) -> SignInFailure {
    let why = match error {
        DiscoveryError::Response(status, ..) => {
            format!("it answers {status} at `/.well-known/openid-configuration`; is the issuer complete, path and all?")
        }
        other => chain(other),
    };
    SignInFailure::Provider(format!("cannot learn of the identity provider `{issuer}`: {why}"))
}
