//! When to evaluate: shortly after something changed, and never for more than a share of the processor.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rampart_collect::Mirror;
use rampart_model::waiver::{SubjectSelector, Waiver};
use rampart_model::{Evaluation, Rule, Settings};
use rampart_protocol::{Desired, State};

use crate::desk::Desk;
use crate::evaluate::evaluate;
use crate::plane_clock::PlaneClock;
use crate::run::{Options, Wanted};

/// Changes come in swarms: what comes within this time is judged together.
const SETTLING: Duration = Duration::from_millis(500);

/// Certificates and waivers run out by themselves.
const REGULAR: Duration = Duration::from_secs(60 * 60);

/// Evaluates whenever there is a reason to.
pub async fn run(
    mirror: &Arc<Mirror>,
    desk: &Desk,
    clock: &PlaneClock,
    mut desired: Wanted,
    options: &Options,
) -> Infallible {
    let rules: Arc<[&'static Rule]> = rampart_controls::rules().into();
    mirror.ready().await;
    // Without its waivers, the plane would see findings that are none.
    let _ = desired.wait_for(Option::is_some).await;
    let mut revision = mirror.revision();
    let mut usage = None;
    loop {
        revision.borrow_and_update();
        let wanted = desired.borrow_and_update().clone().unwrap_or_else(Desired::nothing);
        let settings = settings(&options.settings, &wanted, clock);
        let begun = Instant::now();
        let (work, rules_there, threads) = (Arc::clone(mirror), Arc::clone(&rules), options.threads);
        let judged = tokio::task::spawn_blocking(move || {
            let evaluation: Evaluation = evaluate(&work, &settings, &rules_there, threads, "cluster");
            State::of(&evaluation, &rules_there, work.server_version().map(|version| version.to_string()))
        })
        .await;
        let took = begun.elapsed();
        match judged {
            Ok(state) => {
                let findings = state.records.len();
                let is_news = desk.evaluated(state, clock.now());
                tracing::debug!(?took, findings, is_news, "evaluated");
            }
            // A defect of a rule must not end the agent: the next change is the next try.
            Err(error) => tracing::error!(%error, "an evaluation failed"),
        }
        let now_used = mirror.usage();
        if usage.is_none_or(|before: rampart_collect::Usage| (before.absent > 0) != (now_used.absent > 0)) {
            tracing::info!(usage = ?now_used, "the mirror of the cluster");
            usage = Some(now_used);
        }
        let rest = tokio::time::sleep(took.saturating_mul(options.rest));
        let _ = tokio::join!(rest, reason(&mut revision, &mut desired, desk));
    }
}

/// Waits for a reason to evaluate, and a moment longer.
async fn reason(revision: &mut tokio::sync::watch::Receiver<u64>, desired: &mut Wanted, desk: &Desk) {
    tokio::select! {
        // Neither sender ends before this.
        _ = revision.changed() => {}
        _ = desired.changed() => {}
        () = desk.to_evaluate.notified() => {}
        () = tokio::time::sleep(REGULAR) => {}
    }
    tokio::time::sleep(SETTLING).await;
}

/// What is the same in all evaluations, with what the plane wants, at the plane's time.
pub fn settings(base: &Settings, desired: &Desired, clock: &PlaneClock) -> Settings {
    let mut settings = Settings { now: clock.now(), ..base.clone() };
    if !desired.allowed_registries.is_empty() {
        settings.allowed_registries.clone_from(&desired.allowed_registries);
    }
    for waiver in &desired.waivers {
        let Ok(expires) = waiver.expires.parse() else {
            tracing::warn!(waiver = %waiver.id, "a waiver of the plane has no day on which it ends and does not count");
            continue;
        };
        settings.waivers.push(Waiver {
            rule: waiver.rule.clone(),
            subject: SubjectSelector {
                kind: waiver.kind.clone(),
                namespace: waiver.namespace.clone(),
                name: waiver.name.clone(),
                key: waiver.key.clone(),
            },
            reason: waiver.reason.clone(),
            owner: waiver.owner.clone(),
            expires,
            origin: format!("waiver {}", waiver.id),
        });
    }
    settings
}
