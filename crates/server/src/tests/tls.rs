//! The listener as clients meet it: its certificate, theirs, and the end.

use std::sync::Arc;

use axum::routing::get;
use axum::{Extension, Router};
use jiff::Timestamp;
use rustls::RootCertStore;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::tls::{PeerCertificate, Tls};
use crate::{Authority, Options};

fn options(data: &std::path::Path) -> Options {
    Options {
        data: data.to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        database: None,
        clusters: Vec::new(),
        tls: None,
        public_url: None,
        settings: Vec::new(),
        insecure_http: false,
        rescan: std::time::Duration::from_secs(60),
        kubeconfig: None,
        identity_ca: None,
        seal_key: None,
    }
}

struct Door {
    address: String,
    authority: Authority,
    stop: CancellationToken,
    served: tokio::task::JoinHandle<()>,
    folder: tempfile::TempDir,
}

async fn who(peer: Option<Extension<PeerCertificate>>) -> String {
    peer.map_or_else(
        || "nobody".to_owned(),
        |Extension(peer)| {
            let (_, read) = x509_parser::parse_x509_certificate(&peer.0).unwrap();
            read.subject().to_string()
        },
    )
}

async fn open() -> Door {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let authority = Authority::open(folder.path(), now).unwrap();
    let tls = Tls::new(&options(folder.path()), &authority, now).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    let (current, token) = (tls.current(), stop.clone());
    let slow = || async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        "done"
    };
    let router = Router::new().route("/who", get(who)).route("/slow", get(slow));
    let served = tokio::spawn(async move {
        crate::listener::run(listener, Some(current), router, token).await;
        drop(tls);
    });
    Door { address, authority, stop, served, folder }
}

/// A client that trusts `authority` and shows a certificate, if it has one.
fn client(authority: &Authority, identity: Option<(String, String)>) -> reqwest::Client {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate().clone()).unwrap();
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match identity {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => builder
            .with_client_auth_cert(
                vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
                PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
            )
            .unwrap(),
    };
    reqwest::Client::builder().use_preconfigured_tls(config).build().unwrap()
}

fn agent(authority: &Authority, name: &str) -> (String, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let request = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    let signed = authority.sign_agent(&request, name, 30, Timestamp::now()).unwrap();
    (signed.pem, key.serialize_pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_is_believed_only_from_the_planes_own_authority() {
    let door = open().await;
    let address = format!("{}/who", door.address);
    let text = async |client: reqwest::Client| client.get(&address).send().await.unwrap().text().await.unwrap();
    assert_eq!(text(client(&door.authority, None)).await, "nobody");
    assert_eq!(text(client(&door.authority, Some(agent(&door.authority, "agent-7")))).await, "CN=agent-7");
    let stranger = tempfile::tempdir().unwrap();
    let other = Authority::open(stranger.path(), Timestamp::now()).unwrap();
    assert!(client(&door.authority, Some(agent(&other, "agent-7"))).get(&address).send().await.is_err());
    assert!(client(&other, None).get(&address).send().await.is_err());
    door.stop.cancel();
    drop(door.folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_flight_ends_before_the_plane_does() {
    let door = open().await;
    let client = client(&door.authority, None);
    let address = format!("{}/slow", door.address);
    let asked = tokio::spawn(async move { client.get(&address).send().await.unwrap().text().await.unwrap() });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    door.stop.cancel();
    assert_eq!(asked.await.unwrap(), "done");
    tokio::time::timeout(std::time::Duration::from_secs(5), door.served).await.unwrap().unwrap();
}

#[tokio::test]
async fn plain_http_is_for_this_machine_alone() {
    let folder = tempfile::tempdir().unwrap();
    let open = Options { listen: "0.0.0.0:0".parse().unwrap(), insecure_http: true, ..options(folder.path()) };
    let refused = crate::serve(open).await.unwrap_err();
    assert!(refused.contains("--insecure-http"), "{refused}");
}

#[test]
fn files_that_are_replaced_are_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::now();
    let authority = Authority::open(folder.path(), now).unwrap();
    let write = |name: &str| {
        let issued = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        std::fs::write(folder.path().join("tls.crt"), issued.cert.pem()).unwrap();
        std::fs::write(folder.path().join("tls.key"), issued.signing_key.serialize_pem()).unwrap();
    };
    write("one.example.org");
    let files =
        crate::options::TlsFiles { certificate: folder.path().join("tls.crt"), key: folder.path().join("tls.key") };
    let given = Options { tls: Some(files), ..options(folder.path()) };
    let mut tls = Tls::new(&given, &authority, now).unwrap();
    let mut current = tls.current();
    tls.refresh(&authority, Vec::new(), now).unwrap();
    assert!(!current.has_changed().unwrap());
    write("two.example.org");
    tls.refresh(&authority, Vec::new(), now).unwrap();
    assert!(current.has_changed().unwrap());
    current.mark_unchanged();
    std::fs::write(folder.path().join("tls.key"), "broken").unwrap();
    assert!(tls.refresh(&authority, Vec::new(), now).is_err());
    assert!(!current.has_changed().unwrap());
}
