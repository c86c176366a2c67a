//! What the plane wants of this agent: a long poll, which is also the sign that the agent is alive.

use std::time::Duration;

use rampart_collect::Pause;
use rampart_protocol::Desired;
use tokio::sync::watch;

use crate::client::{Client, Failure};
use crate::home::Home;

/// Ends only where the plane no longer knows this agent.
pub async fn run(client: &Client, home: &Home, desired: &watch::Sender<Option<Desired>>) -> Failure {
    let mut pause = Pause::new(Duration::from_secs(1), Duration::from_secs(30));
    // After a start, what the disk says is asked for again: the plane may have been set back.
    let mut known = None::<u64>;
    loop {
        let path = match known {
            Some(version) => format!("/agent/v1/desired?after={version}"),
            None => "/agent/v1/desired".to_owned(),
        };
        match client.wait::<Desired>(&path).await {
            Ok(news) => {
                pause.reset();
                let Some(news) = news else { continue };
                known = Some(news.version);
                if let Err(why) = home.keep_desired(&news) {
                    tracing::warn!("{why}");
                }
                desired.send_if_modified(|current| {
                    let is_new = current.as_ref() != Some(&news);
                    *current = Some(news);
                    is_new
                });
            }
            Err(failure) if failure.is_of_identity() => return failure,
            Err(failure) => {
                if pause.failures() == 0 {
                    tracing::warn!(%failure, "the plane does not say what it wants");
                }
                tokio::time::sleep(pause.due()).await;
            }
        }
    }
}
