//! The sending side: the ring's batches one after the other, then a settlement by digests where one is due.

use std::time::Duration;

use rampart_collect::Pause;
use rampart_protocol::{Ack, Synced, codec};

use crate::client::{self, Client, Failure};
use crate::desk::Desk;

/// How long to wait where the plane gives no credit.
const NO_CREDIT: Duration = Duration::from_secs(3);

/// Ends only where the plane no longer knows this agent.
pub async fn run(client: &Client, desk: &Desk) -> Failure {
    let mut pause = Pause::new(Duration::from_secs(1), Duration::from_secs(60));
    loop {
        let credit = match step(client, desk).await {
            Ok(Step::Idle) => {
                pause.reset();
                desk.to_send.notified().await;
                continue;
            }
            Ok(Step::Done { credit }) => credit,
            Err(failure) if failure.is_of_identity() => return failure,
            Err(failure) => {
                if pause.failures() == 0 {
                    tracing::warn!(%failure, waiting = desk.waiting(), "the plane takes nothing at the moment");
                }
                let due = pause.due();
                let wished = match &failure {
                    Failure::Away { retry_after: Some(wished), .. } => Pause::around(*wished),
                    _ => Duration::ZERO,
                };
                tokio::time::sleep(due.max(wished)).await;
                continue;
            }
        };
        if pause.failures() > 0 {
            tracing::info!(waiting = desk.waiting(), "the plane takes what is sent again");
            pause.reset();
        }
        if credit == 0 {
            tokio::time::sleep(Pause::around(NO_CREDIT)).await;
        }
    }
}

enum Step {
    Idle,
    Done { credit: u32 },
}

async fn step(client: &Client, desk: &Desk) -> Result<Step, Failure> {
    if let Some((number, body)) = desk.first() {
        let sent: Result<Ack, Failure> = client.send_encoded("/agent/v1/batch", body).await;
        return match sent {
            Ok(ack) => {
                if !ack.resync.is_empty() {
                    tracing::info!(
                        rules = ack.resync.len(),
                        "the plane holds something else of some rules: sending them anew"
                    );
                }
                desk.acknowledged(number, &ack.resync);
                Ok(Step::Done { credit: ack.credit })
            }
            // It would be refused for ever: what it said is settled by digests.
            Err(failure @ Failure::Refused { status: 400 | 409 | 413 | 415 | 422, .. }) => {
                tracing::warn!(%failure, "the plane refuses a batch: settling by digests");
                desk.quarrel();
                Err(failure)
            }
            Err(failure) => Err(failure),
        };
    }
    let Some((state, sync)) = desk.to_settle() else { return Ok(Step::Idle) };
    let body = codec::encode(&sync).map_err(Failure::away)?;
    let synced: Synced = client.send_encoded("/agent/v1/sync", body).await?;
    client::check(synced.protocol)?;
    tracing::info!(rules = synced.resync.len(), summary = synced.wants_summary, "settled with the plane by digests");
    desk.settled(&state, &synced.resync, synced.wants_summary, client.clock.now());
    Ok(Step::Done { credit: synced.credit })
}
