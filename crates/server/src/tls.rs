//! TLS of the listener: which certificate it shows, which client certificates it believes, and when it reads them anew.

use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::CertificateDer;
use tokio::sync::watch;

use crate::authority::{self, Authority, Identity};
use crate::options::{Options, TlsFiles};

/// The client certificate of a connection, which one of the plane's authorities signed; handlers find it among the
/// request's extensions. Whether it was revoked is for the handler to ask.
#[derive(Debug, Clone)]
pub struct PeerCertificate(pub CertificateDer<'static>);

/// What the listener uses for the next connection.
pub(crate) type Current = watch::Receiver<Arc<ServerConfig>>;

/// Keeps the listener's configuration true to files, clock and trusted authorities.
pub(crate) struct Tls {
    files: Option<TlsFiles>,
    names: Vec<String>,
    send: watch::Sender<Arc<ServerConfig>>,
    seen: Seen,
}

/// What the configuration was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    changed: [Option<SystemTime>; 2],
    leaf: Vec<u8>,
    trusted: Vec<CertificateDer<'static>>,
}

impl Tls {
    /// # Errors
    /// The certificate cannot be read, made or used; the sentence says which.
    pub fn new(options: &Options, authority: &Authority, now: Timestamp) -> Result<Self, String> {
        let names = authority::names(options.listen.ip(), options.public_url.as_deref());
        let files = options.tls.clone();
        let (config, seen) = build(files.as_ref(), &names, authority, Vec::new(), now)?;
        Ok(Self { files, names, send: watch::Sender::new(Arc::new(config)), seen })
    }

    pub fn current(&self) -> Current {
        self.send.subscribe()
    }

    /// Looks again: at changed files, at the end of the certificate's life, at authorities of other replicas.
    ///
    /// # Errors
    /// The new state cannot be used; the old one stays in use.
    pub fn refresh(
        &mut self,
        authority: &Authority,
        others: Vec<CertificateDer<'static>>,
        now: Timestamp,
    ) -> Result<(), String> {
        let (config, seen) = build(self.files.as_ref(), &self.names, authority, others, now)?;
        if seen != self.seen {
            tracing::info!("the listener's certificate or the authorities that it trusts changed");
            self.seen = seen;
            self.send.send_replace(Arc::new(config));
        }
        Ok(())
    }

    /// When the certificate in use ends.
    pub fn not_after(&self) -> Option<Timestamp> {
        authority::not_after(&CertificateDer::from(self.seen.leaf.as_slice()))
    }
}

fn build(
    files: Option<&TlsFiles>,
    names: &[String],
    authority: &Authority,
    others: Vec<CertificateDer<'static>>,
    now: Timestamp,
) -> Result<(ServerConfig, Seen), String> {
    let (identity, changed) = match files {
        Some(files) => read(files)?,
        None => (authority.server_identity(names, now)?, [None, None]),
    };
    let mut trusted = others;
    trusted.push(authority.certificate().clone());
    trusted.sort_by(|one, other| one.as_ref().cmp(other.as_ref()));
    trusted.dedup();
    let leaf = identity.chain.first().map(|leaf| leaf.to_vec()).unwrap_or_default();
    let config = config(identity, &trusted)?;
    Ok((config, Seen { changed, leaf, trusted }))
}

fn read(files: &TlsFiles) -> Result<(Identity, [Option<SystemTime>; 2]), String> {
    let mut text = Vec::new();
    for path in [&files.certificate, &files.key] {
        let content = std::fs::read(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
        text.extend(content);
        text.push(b'\n');
    }
    let identity = authority::identity(&text).map_err(|error| {
        format!("`{}` with `{}` cannot be used: {error}", files.certificate.display(), files.key.display())
    })?;
    let changed =
        [&files.certificate, &files.key].map(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok());
    Ok((identity, changed))
}

fn config(identity: Identity, trusted: &[CertificateDer<'static>]) -> Result<ServerConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted.iter().cloned());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .allow_unauthenticated()
        .build()
        .map_err(|error| format!("client certificates cannot be verified: {error}"))?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(identity.chain, identity.key)
        .map_err(|error| format!("the certificate and its key cannot be used: {error}"))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
