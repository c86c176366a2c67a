//! Getting in, and staying: the token and the cluster's uid for a certificate, and a new one at two thirds of its life.

use std::path::Path;
use std::time::Duration;

use rampart_collect::Pause;
use rampart_protocol::{Join, Joined, Renew, Renewed, version};

use crate::client::{self, Client, Failure, JoinToken};
use crate::home::Home;

/// How often to ask whether somebody has let this agent in.
const WAITING: Duration = Duration::from_secs(10);

/// How often to look whether the certificate is to be renewed: a machine that slept finds out soon.
const RENEWAL: Duration = Duration::from_secs(10 * 60);

/// What an agent says of itself at the door.
pub struct Door<'a> {
    pub token_file: Option<&'a Path>,
    pub cluster: Option<&'a str>,
    pub cluster_uid: &'a str,
}

/// Becomes the agent that it was, or joins. Goes on until it is let in.
///
/// # Errors
/// There is no way in: no token, or a folder that cannot be used.
pub async fn join(client: &Client, home: &Home, door: &Door<'_>) -> Result<(), String> {
    if let Some(identity) = home.identity()? {
        tracing::info!(agent = %identity.agent, "this agent has joined before");
        return client.become_agent(identity);
    }
    let mut pause = Pause::new(Duration::from_secs(2), Duration::from_secs(120));
    let mut said = String::new();
    loop {
        let wait = match ask(client, home, door).await? {
            Ok(joined) => match joined.certificate {
                Some(certificate) => {
                    let identity = home.keep_identity(&home.next_key()?, &certificate.certificate)?;
                    tracing::info!(agent = %joined.agent, cluster = %joined.cluster, "this agent has joined");
                    return client.become_agent(identity);
                }
                None => {
                    let agent = &joined.agent;
                    let news =
                        format!("agent `{agent}` waits until somebody lets it in: approve it under Settings, Clusters");
                    (news, Pause::around(WAITING))
                }
            },
            Err(failure) => (format!("cannot join: {failure}"), pause.due()),
        };
        let (news, time) = wait;
        if news != said {
            tracing::warn!("{news}");
            said = news;
        }
        tokio::time::sleep(time).await;
    }
}

async fn ask(client: &Client, home: &Home, door: &Door<'_>) -> Result<Result<Joined, Failure>, String> {
    let path = door.token_file.ok_or("this agent has not joined yet: give it a join token with `--token-file FILE`")?;
    let token = read_token(path)?;
    let question = Join {
        protocol: version::CURRENT,
        agent_version: env!("CARGO_PKG_VERSION").to_owned(),
        cluster: door.cluster.map(str::to_owned),
        cluster_uid: door.cluster_uid.to_owned(),
        request: home.next_key()?.request()?,
    };
    let joined: Result<Joined, Failure> = client.ask("/agent/v1/join", &question, Some(&token)).await;
    Ok(joined.and_then(|joined| client::check(joined.protocol).map(|()| joined)))
}

fn read_token(path: &Path) -> Result<JoinToken, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read the join token in `{}`: {error}", path.display()))?;
    Ok(JoinToken::new(&text))
}

/// Renews the certificate whenever it is time; ends only where the plane no longer knows this agent.
pub async fn renew(client: &Client, home: &Home) -> Failure {
    let mut pause = Pause::new(Duration::from_secs(5), Duration::from_secs(15 * 60));
    loop {
        let due = client.identity().is_none_or(|identity| identity.renewal() <= client.clock.now());
        if !due {
            tokio::time::sleep(Pause::around(RENEWAL)).await;
            continue;
        }
        match renew_once(client, home).await {
            Ok(()) => pause.reset(),
            Err(failure) if failure.is_of_identity() => return failure,
            Err(failure) => {
                tracing::warn!(%failure, "cannot renew the certificate");
                tokio::time::sleep(pause.due()).await;
            }
        }
    }
}

/// Renews the certificate now.
///
/// # Errors
/// The plane is away or says no, or the folder cannot be written.
pub async fn renew_once(client: &Client, home: &Home) -> Result<(), Failure> {
    let key = home.next_key().map_err(Failure::away)?;
    let question = Renew { protocol: version::CURRENT, request: key.request().map_err(Failure::away)? };
    let renewed: Renewed = client.ask("/agent/v1/renew", &question, None).await?;
    let identity = home.keep_identity(&key, &renewed.certificate.certificate).map_err(Failure::away)?;
    tracing::info!(until = %identity.not_after, "the certificate is renewed");
    client.become_agent(identity).map_err(Failure::away)
}
