//! Sign-in by an identity provider: the code flow of OpenID Connect with PKCE, state and nonce. `flow.rs` knows the steps,
//! `provider.rs` remembers what the provider says of itself, `fetch.rs` is the only way out, `claims.rs` reads the person.

pub mod attempt;
pub mod claims;
pub mod fetch;
pub mod flow;
pub mod provider;

use std::sync::Arc;

use rampart_store::Concealed;

/// What the plane knows of its identity provider.
#[derive(Clone)]
pub struct Registration {
    pub issuer: String,
    pub client_id: String,
    /// None for a public client, which PKCE alone protects.
    pub client_secret: Option<Arc<Concealed>>,
    pub scopes: Vec<String>,
    /// The claim that lists groups; dots lead into nested claims.
    pub groups_claim: String,
    /// Where the provider sends the browser back to.
    pub redirect_uri: String,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInFailure {
    /// The provider cannot be reached or does not speak as it should: nobody's fault who signs in.
    Provider(String),
    /// The browser came back with something that this plane did not start.
    Attempt(String),
    /// The provider said no, or what it said does not prove who signs in.
    Refused(String),
}

impl std::fmt::Display for SignInFailure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Provider(why) | Self::Attempt(why) | Self::Refused(why)) = self;
        out.write_str(why)
    }
}

impl std::error::Error for SignInFailure {}

/// An error with its causes, for the log and for whoever sets the provider up.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = next.source();
    }
    text.chars().take(500).collect()
}

#[cfg(test)]
pub(in crate::auth) mod tests;
