//! Notifications: where news goes (routes), what was sent (deliveries), and the worker that sends it.
//!
//! News is written to an outbox in the transaction of the change that it speaks of. The worker claims a piece under a
//! lease, notes that it begins, sends, and notes how it ended; so two replicas never send the same piece. Where a sender
//! dies between sending and noting, the piece becomes a dead letter that says it may have arrived: nothing is sent twice
//! unasked. Webhooks carry an idempotency key that is the same in every attempt, so that a person's retry does no harm.

mod address;
#[cfg(test)]
mod alerts;
mod deliveries;
mod email;
mod message;
mod routes;
mod sender;
mod settings;
mod slack;
#[cfg(test)]
mod tests;
mod webhook;
mod worker;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Plane;

pub(crate) use message::announcement;
pub(crate) use sender::{Outcome, Sender};
pub(crate) use settings::read as shared_settings;
pub(crate) use worker::start;

/// Below `/api/v1`.
pub fn routes() -> OpenApiRouter<Plane> {
    OpenApiRouter::new()
        .routes(routes!(routes::list, routes::create))
        .routes(routes!(routes::change, routes::remove))
        .routes(routes!(routes::test))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::retry))
        .routes(routes!(settings::show, settings::change))
}
