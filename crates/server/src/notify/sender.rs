//! Sends one message to where a route says.

use std::time::Duration;

use rampart_store::route::{Kind, Route};
use rampart_store::{Failure, SealKey};

use super::address::{self, Lookup};
use super::message::Message;
use super::settings::Settings;
use super::{email, slack, webhook};

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Sent,
    /// It did not arrive, or its receiver can tell a second one from the first: try again.
    Later(String),
    /// Trying again is of no use, or could send it twice.
    Never(String),
}

/// An answer has to come within it.
pub(super) const DEADLINE: Duration = Duration::from_secs(15);

pub(crate) struct Sender {
    pub(super) client: reqwest::Client,
    pub(super) lookup: Lookup,
    pub(super) settings: Settings,
}

impl Sender {
    /// # Errors
    /// The client cannot be made.
    pub(crate) fn new(settings: Settings) -> Result<Self, String> {
        // Whoever was first wins; there is one provider of cryptography in this program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let lookup = Lookup { allow_private: settings.allow_private };
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(DEADLINE)
            .connect_timeout(Duration::from_secs(5))
            .dns_resolver(std::sync::Arc::new(lookup))
            .user_agent(concat!("rampart/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| format!("no client for notifications: {error}"))?;
        Ok(Self { client, lookup, settings })
    }

    pub(crate) async fn send(&self, route: &Route, key: &SealKey, message: &Message, now: i64) -> Outcome {
        let secret = match route.secret(key) {
            Ok(secret) => secret,
            Err(failure) => return Outcome::Never(sealed(&failure)),
        };
        match route.settings.kind {
            Kind::Webhook => webhook::send(self, &route.settings.target, secret.as_ref(), message, now).await,
            Kind::Slack => slack::send(self, &route.settings.target, secret.as_ref(), message).await,
            Kind::Email => email::send(self, key, &route.settings.target, message).await,
        }
    }

    /// Posts JSON. `again` says whether the receiver can tell a second one from the first.
    pub(super) async fn post(
        &self,
        target: &str,
        request: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
        again: bool,
    ) -> Outcome {
        if let Err(why) = address::check(target, self.settings.allow_private) {
            return Outcome::Never(why);
        }
        match request(self.client.post(target)).send().await {
            Ok(answer) => judge(answer.status()),
            Err(error) => {
                // Addresses may be secrets themselves.
                let error = error.without_url();
                let why = chain(&error);
                if error.is_connect() || again {
                    Outcome::Later(format!("not sent: {why}"))
                } else {
                    Outcome::Never(format!("no answer, so it may have arrived: {why}; send it again if it did not"))
                }
            }
        }
    }
}

fn sealed(failure: &Failure) -> String {
    format!("the route's secret cannot be opened: {failure}")
}

fn judge(status: reqwest::StatusCode) -> Outcome {
    let code = status.as_u16();
    match code {
        200..=299 => Outcome::Sent,
        300..=399 => {
            Outcome::Never(format!("the receiver answered {code}: redirects are not followed; name the new address"))
        }
        408 | 425 | 429 | 500..=599 => Outcome::Later(format!("the receiver answered {code}")),
        _ => Outcome::Never(format!("the receiver refused it with {code}; look at its address and secret")),
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
