//! Starts the plane, and stops it when it is told to.

use jiff::Timestamp;
use rampart_store::Store;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::authority::Authority;
use crate::options::Options;
use crate::plane::Plane;
use crate::tls::Tls;
use crate::{agents, auth, duties, listener, routes, secret_file, source, trust};

/// Runs until SIGTERM or SIGINT.
///
/// # Errors
/// It cannot start: the sentence says why and what to do.
pub async fn serve(options: Options) -> Result<(), String> {
    if options.insecure_http && !options.listen.ip().is_loopback() {
        return Err(format!(
            "`--insecure-http` is for a loopback address only, and `{}` is none: leave it out, or listen on 127.0.0.1",
            options.listen
        ));
    }
    let sources = source::parse(&options.clusters, options.kubeconfig.as_deref())?;
    let now = Timestamp::now();
    secret_file::folder(&options.data)
        .map_err(|error| format!("cannot make `{}`: {error}; name a folder with `--data`", options.data.display()))?;
    let authority = Authority::open(&options.data, now)?;
    let store = open_store(&options).await?;
    tracing::info!(database = store.shown(), "the store is open");
    let plane = Plane::new(options, store, authority, Box::new(Timestamp::now))?;
    crate::notify::start(&plane);
    crate::reports::start(&plane);
    let tls =
        if plane.options().insecure_http { None } else { Some(Tls::new(plane.options(), plane.authority(), now)?) };
    let listener = TcpListener::bind(plane.options().listen).await.map_err(|error| {
        format!("cannot listen on `{}`: {error}; choose another with `--listen`", plane.options().listen)
    })?;
    let address = listener.local_addr().map_err(|error| format!("the listener has no address: {error}"))?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    tracing::info!(address = %format!("{scheme}://{address}"), "the plane is listening");
    if !crate::ui::is_built() {
        tracing::warn!("the web UI was not built into this program: `cargo xtask ui`, then build again");
    }
    let mut terminate =
        signal(SignalKind::terminate()).map_err(|error| format!("cannot watch for SIGTERM: {error}"))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| format!("cannot watch for SIGINT: {error}"))?;
    let stop = plane.stop().clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: no new connections; requests in flight may end");
        stop.cancel();
    });
    auth::announce(&plane, address).await.map_err(|problem| problem.message)?;
    agents::begin(&plane);
    let current = tls.as_ref().map(Tls::current);
    plane.set_certificate_end(tls.as_ref().and_then(Tls::not_after));
    trust::announce(&plane).await.map_err(|problem| problem.message)?;
    duties::begin(&plane, tls);
    source::start(&plane, sources);
    listener::run(listener, current, routes::router(plane.clone()), plane.stop().clone()).await;
    duties::resign(&plane).await;
    Ok(())
}

async fn open_store(options: &Options) -> Result<Store, String> {
    let url = match &options.database {
        Some(url) => url.reveal().to_owned(),
        None => format!("sqlite:{}", options.data.join("rampart.db").display()),
    };
    let opened = tokio::task::spawn_blocking(move || Store::open(&url)).await;
    match opened {
        Ok(Ok(store)) => Ok(store),
        Ok(Err(failure)) => Err(failure.to_string()),
        Err(error) => Err(format!("the store cannot be opened: {error}")),
    }
}
