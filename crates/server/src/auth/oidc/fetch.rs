//! The only way from the plane to an identity provider: TLS, a deadline, no redirects (they would lead requests into the plane's
//! own network), and bodies of a bounded size.

use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

use super::chain;

const LONGEST_BODY: usize = 1024 * 1024;
const DEADLINE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub struct Fetch {
    client: reqwest::Client,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAnswer(pub String);

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for NoAnswer {}

impl Fetch {
    /// `authorities`: certificates in PEM that are trusted beside those of the system.
    pub fn new(authorities: Option<&Path>) -> Result<Self, NoAnswer> {
        // Whoever was first wins; there is one provider of cryptography in this program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(DEADLINE)
            .connect_timeout(DEADLINE)
            .pool_max_idle_per_host(2)
            .user_agent(concat!("rampart/", env!("CARGO_PKG_VERSION")));
        if let Some(path) = authorities {
            let refused = |why: &dyn std::fmt::Display| {
                NoAnswer(format!("cannot read the certificate authorities `{}`: {why}", path.display()))
            };
            let pem = std::fs::read(path).map_err(|error| refused(&error))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| refused(&chain(&error)))?;
            if certificates.is_empty() {
                return Err(refused(&"it holds no certificate in PEM"));
            }
            builder = builder.tls_certs_merge(certificates);
        }
        let client = builder.build().map_err(|error| NoAnswer(chain(&error)))?;
        Ok(Self { client })
    }

    async fn answer(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let (parts, body) = request.into_parts();
        let uri = parts.uri.to_string();
        check_address(&uri).map_err(NoAnswer)?;
        let mut answer = self
            .client
            .request(parts.method, &uri)
            .headers(parts.headers)
            .body(body)
            .send()
            .await
            .map_err(|error| NoAnswer(chain(&error)))?;
        let mut response = http::Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| NoAnswer(chain(&error)))? {
            if bytes.len() + chunk.len() > LONGEST_BODY {
                return Err(NoAnswer("the answer is larger than 1 MB".to_owned()));
            }
            bytes.extend_from_slice(&chunk);
        }
        response.body(bytes).map_err(|error| NoAnswer(error.to_string()))
    }
}

impl<'c> AsyncHttpClient<'c> for Fetch {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.answer(request))
    }
}

/// An identity provider is reached by TLS; only one on this very machine may do without.
pub fn check_address(address: &str) -> Result<(), String> {
    let uri: http::Uri = address.parse().map_err(|error| format!("`{address}` is no address: {error}"))?;
    let host = uri.host().ok_or_else(|| format!("`{address}` names no host"))?;
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(format!("the address of `{host}` must not hold a user or a password"));
    }
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if loopback(host) => Ok(()),
        _ => Err(format!(
            "`{address}` must begin with `https://`: what it says would be readable and forgeable on the way"
        )),
    }
}

fn loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_reached_by_tls_or_on_this_machine() {
        for address in [
            "https://id.example",
            "https://id.example/realms/a",
            "http://127.0.0.1:80/x",
            "http://[::1]/",
            "http://localhost:1",
        ] {
            assert_eq!(check_address(address), Ok(()), "{address}");
        }
        for address in [
            "http://id.example",
            "http://localhost.evil.example",
            "ftp://id.example",
            "id.example",
            "",
            "https://a:b@id.example",
            "file:///etc/passwd",
        ] {
            assert!(check_address(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, "nothing").unwrap();
        assert!(Fetch::new(Some(&path)).is_err());
        assert!(Fetch::new(Some(&folder.path().join("absent"))).is_err());
    }
}
