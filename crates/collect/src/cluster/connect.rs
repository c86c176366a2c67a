//! From a context's name to a client, with refusals that say what to do.

use std::path::Path;
use std::time::Duration;

use kube::config::{KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};

use super::get;
use crate::collected::Refusal;

/// A server that stays silent longer than this in the middle of an answer to a scan is given up.
pub(crate) const SILENCE: Duration = Duration::from_secs(60);

pub(crate) struct Connection {
    pub(crate) client: Client,
    /// The API server's address.
    pub(crate) server: String,
    context: String,
}

/// `silence`: how long the server may say nothing in the middle of an answer.
pub(crate) async fn connect(
    context: Option<&str>,
    kubeconfig: Option<&Path>,
    silence: Duration,
) -> Result<Connection, Refusal> {
    let (mut config, context) = configure(context, kubeconfig).await?;
    config.connect_timeout = Some(Duration::from_secs(10));
    config.read_timeout = Some(silence);
    let server = config.cluster_url.to_string();
    let client = Client::try_from(config).map_err(|error| {
        let reason = format!("cannot use the credentials of {context}: {}", get::cause(&error));
        Refusal::unavailable(reason, "mend the user of this context in the kubeconfig")
    })?;
    Ok(Connection { client, server, context })
}

/// A kubeconfig that is named, or found, or (inside of a cluster, where there is none) the pod's own account.
async fn configure(context: Option<&str>, kubeconfig: Option<&Path>) -> Result<(Config, String), Refusal> {
    let read = match kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    let kubeconfig = match read {
        Ok(read) => read,
        Err(KubeconfigError::ReadConfig(..) | KubeconfigError::FindPath)
            if context.is_none() && kubeconfig.is_none() && std::env::var_os("KUBERNETES_SERVICE_HOST").is_some() =>
        {
            let config = Config::incluster().map_err(|error| {
                Refusal::unavailable(format!("cannot use this pod's account: {error}"), "mount its token into the pod")
            })?;
            return Ok((config, "this pod's account".to_owned()));
        }
        Err(KubeconfigError::ReadConfig(error, path)) => {
            let path = path.display();
            let reason = match context {
                Some(name) => {
                    format!("`{name}` is no folder or file, and no context: `{path}` cannot be read: {error}")
                }
                None => format!("the kubeconfig `{path}` cannot be read: {error}"),
            };
            return Err(Refusal::usage(reason, "name an existing path, or a kubeconfig with `--kubeconfig FILE`"));
        }
        Err(error) => {
            return Err(Refusal::usage(format!("the kubeconfig cannot be used: {error}"), "mend it or name another"));
        }
    };
    let name = context.map(str::to_owned).or_else(|| kubeconfig.current_context.clone()).unwrap_or_default();
    let known: Vec<String> = kubeconfig.contexts.iter().map(|one| format!("`{}`", one.name)).collect();
    if !kubeconfig.contexts.iter().any(|one| one.name == name) {
        let reason = match context {
            Some(name) => format!("`{name}` is neither a folder or file nor a context of the kubeconfig"),
            None => "the kubeconfig has no current context".to_owned(),
        };
        let remedy = match known.is_empty() {
            true => "name an existing path, or a kubeconfig with contexts by `--kubeconfig FILE`".to_owned(),
            false => format!("name an existing path or one of its contexts: {}", known.join(", ")),
        };
        return Err(Refusal::usage(reason, remedy));
    }
    let options = KubeConfigOptions { context: Some(name.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(kubeconfig, &options).await.map_err(|error| {
        Refusal::usage(format!("the context `{name}` cannot be used: {error}"), "mend it in the kubeconfig")
    })?;
    Ok((config, format!("the context `{name}`")))
}

impl Connection {
    /// Why nothing can be read at all.
    pub(crate) fn refusal(&self, error: &kube::Error) -> Refusal {
        let Self { server, context, .. } = self;
        let cause = get::cause(error);
        match get::code(error) {
            Some(401) => Refusal::unavailable(
                format!("the cluster at {server} does not accept the credentials of {context} (401)"),
                "sign in again and check with `kubectl auth whoami`",
            ),
            Some(403) => Refusal::unavailable(
                format!("the cluster at {server} does not let the account of {context} look at its API (403)"),
                "bind the ClusterRole `system:discovery` and read rights to this account",
            ),
            Some(_) => Refusal::unavailable(
                format!("the cluster at {server} does not say what it serves: {cause}"),
                "check it with `kubectl get --raw /api`",
            ),
            None => Refusal::unavailable(
                format!("cannot reach the cluster at {server} ({context}): {cause}"),
                "check that it runs and that this machine may reach it",
            ),
        }
    }

    pub(crate) fn silent(&self) -> Refusal {
        Refusal::unavailable(
            format!("the cluster at {} ({}) did not answer in time", self.server, self.context),
            "check that it runs and that this machine may reach it",
        )
    }
}
