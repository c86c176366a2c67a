//! Calls to a plane's API: TLS, a deadline, problems in the plane's own words.

use std::time::Duration;

use reqwest::{Certificate, Client, RequestBuilder, Url};
use serde_json::Value;

use crate::exit::Refused;
use crate::output;

/// An address, and perhaps a token.
pub struct Api {
    client: Client,
    server: String,
    token: Option<String>,
}

/// What the plane said.
pub struct Answer {
    pub status: u16,
    body: Value,
}

impl Answer {
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// # Errors
    /// The plane said no.
    pub fn good(self) -> Result<Value, Refused> {
        if self.is_good() {
            return Ok(self.body);
        }
        let said = self.body.get("error").and_then(|error| error.get("message")).and_then(Value::as_str);
        Err(Refused::error(format!(
            "the plane answers {}: {}",
            self.status,
            output::plain(said.unwrap_or("no reason given"))
        )))
    }
}

impl Api {
    /// # Errors
    /// The address is none, or not by TLS.
    pub fn new(server: &str, authorities: Option<&str>, token: Option<&str>) -> Result<Self, Refused> {
        let server = server.trim_end_matches('/');
        check(server)?;
        // Whoever was first wins; there is one provider of cryptography in this program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .timeout(Duration::from_secs(30))
            // A token is for this plane, not for where it may point to.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("rampart/", env!("CARGO_PKG_VERSION")));
        if let Some(pem) = authorities {
            let certificates = Certificate::from_pem_bundle(pem.as_bytes())
                .map_err(|error| Refused::usage(format!("the plane's authority cannot be read: {error}")))?;
            builder = builder.tls_certs_merge(certificates);
        }
        let client = builder.build().map_err(|error| Refused::error(format!("no connection can be made: {error}")))?;
        Ok(Self { client, server: server.to_owned(), token: token.map(str::to_owned) })
    }

    pub fn server(&self) -> &str {
        &self.server
    }

    /// # Errors
    /// The plane does not answer.
    pub async fn get(&self, path: &str) -> Result<Answer, Refused> {
        self.send(self.client.get(format!("{}{path}", self.server))).await
    }

    /// # Errors
    /// The plane does not answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer, Refused> {
        self.send(self.client.post(format!("{}{path}", self.server)).json(body)).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, Refused> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = request.send().await.map_err(|error| self.silent(&error))?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.map_err(|error| self.silent(&error))?;
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
    }

    fn silent(&self, error: &reqwest::Error) -> Refused {
        let mut why = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(next) = cause {
            why = next.to_string();
            cause = next.source();
        }
        let hint = if why.contains("certificate") { "; name the plane's authority with `--ca`" } else { "" };
        Refused::error(format!("cannot reach the plane at {}: {}{hint}", self.server, output::plain(&why)))
    }
}

fn check(server: &str) -> Result<(), Refused> {
    let url: Url =
        server.parse().map_err(|error| Refused::usage(format!("`{server}` is no address of a plane: {error}")))?;
    let is_here = url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    });
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::usage("the address of a plane holds no user and no password: leave them out"));
    }
    if url.scheme() == "https" || (url.scheme() == "http" && is_here) {
        return Ok(());
    }
    Err(Refused::usage(format!("`{server}` must begin with `https://`: the token would be readable on the way")))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_plane_is_reached_by_tls_or_on_this_machine() {
        for good in ["https://plane.example", "http://127.0.0.1:80", "http://localhost:1", "http://[::1]:1"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in ["http://plane.example", "plane", "ftp://127.0.0.1", "https://a:b@plane", "http://localhost.evil"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
