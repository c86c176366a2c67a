//! A webhook: JSON, signed with the route's secret over time and body, so that a receiver can refuse what others made up
//! or send again.
//!
//! `rampart-signature: v1=HEX` is HMAC-SHA256 of `TIMESTAMP.BODY`; `rampart-timestamp` is in seconds since 1970;
//! `idempotency-key` is the same in every attempt.

use rampart_store::Concealed;
use ring::hmac;
use serde::Serialize;

use super::message::Message;
use super::sender::{Outcome, Sender};

#[derive(Serialize)]
struct Body<'m> {
    schema: &'static str,
    id: &'m str,
    title: String,
    link: Option<&'m str>,
    news: &'m [rampart_store::delivery::News],
}

pub(super) async fn send(
    sender: &Sender,
    target: &str,
    secret: Option<&Concealed>,
    message: &Message,
    now: i64,
) -> Outcome {
    let body = Body {
        schema: "rampart.notification/v1",
        id: &message.key,
        title: message.title(),
        link: message.link.as_deref(),
        news: &message.news,
    };
    let body = match serde_json::to_vec(&body) {
        Ok(body) => body,
        Err(error) => return Outcome::Never(format!("the message cannot be written: {error}")),
    };
    let signature = secret.map(|secret| sign(secret.expose(), now, &body));
    let request = |request: reqwest::RequestBuilder| {
        let request = request
            .header("content-type", "application/json")
            .header("idempotency-key", &message.key)
            .header("rampart-timestamp", now.to_string());
        match signature {
            Some(signature) => request.header("rampart-signature", signature).body(body),
            None => request.body(body),
        }
    };
    sender.post(target, request, true).await
}

pub(super) fn sign(secret: &str, now: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(format!("{now}.").as_bytes());
    context.update(body);
    let hex: String = context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v1={hex}")
}
