//! An agent played by hand: its key, its certificate, and requests as it signs them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use rampart_agent::key::AgentKey;
use rampart_model::{Control, Severity};
use rampart_protocol::signature::{self, Signature};
use rampart_protocol::{Batch, Join, Joined, Record, Renew, Renewed, State, Summary, Sync, codec, version};
use rampart_report::document::{FindingEntry, SubjectEntry};
use rampart_store::{Actor, join_token};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use tower::ServiceExt as _;

use crate::stage::{Answer, Stage};
use crate::{PeerCertificate, Plane, routes};

pub struct Hand {
    pub plane: Plane,
    pub key: AgentKey,
    pub pem: String,
    pub agent: String,
    pub certificate: Vec<u8>,
    pub uid: String,
}

pub fn token(stage: &Stage, cluster: Option<&str>, uses: u32, needs_approval: bool) -> String {
    let wanted = join_token::Wanted { cluster: cluster.map(str::to_owned), uses, hours: 2, needs_approval, uid: None };
    let now = stage.plane.now();
    let made = stage.plane.store().write(|tx| join_token::create(tx, &Actor::PLANE, &wanted, now)).unwrap();
    made.1.expose().to_owned()
}

impl Hand {
    pub fn new(stage: &Stage, uid: &str) -> Self {
        let pair = rcgen::KeyPair::generate().unwrap();
        let pem = pair.serialize_pem();
        Self {
            plane: stage.plane.clone(),
            key: AgentKey::from_pem(&pem).unwrap(),
            pem,
            agent: String::new(),
            certificate: Vec::new(),
            uid: uid.to_owned(),
        }
    }

    pub fn clone_without_key(&self) -> Self {
        Self {
            plane: self.plane.clone(),
            key: AgentKey::generate().unwrap(),
            pem: String::new(),
            agent: self.agent.clone(),
            certificate: self.certificate.clone(),
            uid: self.uid.clone(),
        }
    }

    /// One that has joined as this cluster.
    pub async fn joined(stage: &Stage, cluster: &str) -> Self {
        let secret = token(stage, Some(cluster), 1, false);
        let mut hand = Self::new(stage, &format!("uid-{cluster}"));
        let answer = hand.join(&secret, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        hand
    }

    pub async fn join(&mut self, secret: &str, cluster: Option<&str>) -> Answer {
        let question = Join {
            protocol: version::CURRENT,
            agent_version: "0.1.0".to_owned(),
            cluster: cluster.map(str::to_owned),
            cluster_uid: self.uid.clone(),
            request: self.key.request().unwrap(),
        };
        let request = Request::post("/agent/v1/join").header("authorization", format!("Bearer {secret}"));
        let request = request.body(Body::from(serde_json::to_vec(&question).unwrap())).unwrap();
        let answer = self.send(request).await;
        if let Ok(joined) = serde_json::from_str::<Joined>(&answer.text) {
            self.agent = joined.agent;
            if let Some(certificate) = joined.certificate {
                self.certificate = der(&certificate.certificate);
            }
        }
        answer
    }

    pub async fn renew(&self) -> Answer {
        let question = Renew { protocol: version::CURRENT, request: self.key.request().unwrap() };
        self.post("/agent/v1/renew", serde_json::to_vec(&question).unwrap()).await
    }

    pub async fn renew_with_new_key(&mut self) -> Answer {
        let pair = rcgen::KeyPair::generate().unwrap();
        let next = AgentKey::from_pem(&pair.serialize_pem()).unwrap();
        let question = Renew { protocol: version::CURRENT, request: next.request().unwrap() };
        let answer = self.post("/agent/v1/renew", serde_json::to_vec(&question).unwrap()).await;
        let renewed: Renewed = serde_json::from_str(&answer.text).unwrap();
        self.certificate = der(&renewed.certificate.certificate);
        (self.key, self.pem) = (next, pair.serialize_pem());
        answer
    }

    pub async fn batch(&self, batch: &Batch) -> Answer {
        self.post("/agent/v1/batch", codec::encode(batch).unwrap()).await
    }

    pub async fn sync(&self, state: &State) -> Answer {
        let question = Sync {
            protocol: version::CURRENT,
            agent_version: "0.1.0".to_owned(),
            epoch: "one".to_owned(),
            summary: state.summary.digest(),
            buckets: state.buckets(),
        };
        self.post("/agent/v1/sync", codec::encode(&question).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: Vec<u8>) -> Answer {
        let signed = self.signature("POST", path, &body);
        self.raw("POST", path, body, Some(&signed)).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        let signed = self.signature("GET", path, b"");
        self.raw("GET", path, Vec::new(), Some(&signed)).await
    }

    pub fn signature(&self, method: &str, path: &str, body: &[u8]) -> String {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&COUNT.fetch_add(1, Ordering::Relaxed).to_le_bytes());
        let time = u64::try_from(self.plane.now().as_millisecond()).unwrap();
        let bytes = self.key.sign(&signature::signed(method, path, time, &nonce, body)).unwrap();
        Signature { agent: self.agent.clone(), time, nonce, bytes }.to_string()
    }

    pub async fn raw(&self, method: &str, path: &str, body: Vec<u8>, signed: Option<&str>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("content-type", codec::MEDIA_TYPE);
        if let Some(signed) = signed {
            request = request.header(signature::HEADER, signed);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// As it comes through a listener that has verified the certificate.
    pub async fn by_certificate(&self, method: &str, path: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder().method(method).uri(path).header("content-type", codec::MEDIA_TYPE);
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(PeerCertificate(CertificateDer::from(self.certificate.clone())));
        self.send(request).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = routes::router(self.plane.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

fn der(pem: &str) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec()
}

/// Findings of one rule, by name.
pub fn state(names: &[&str]) -> State {
    let record = |name: &&str| Record {
        finding: FindingEntry {
            fingerprint: rampart_protocol::Digest::of(name.as_bytes()).to_string().into(),
            rule: "rbac/wildcard-verb".into(),
            control: Control::Rbac,
            severity: Severity::High,
            subject: SubjectEntry {
                api_version: "v1".into(),
                kind: "Role".into(),
                namespace: "n".into(),
                name: (*name).to_owned().into(),
            },
            key: "".into(),
            message: "m".into(),
            path: "".into(),
            location: None,
            value: None,
            excerpt: None,
            cause: None,
            due: None,
            remedies: Vec::new(),
        },
        waiver: None,
    };
    let summary = Summary {
        server_version: None,
        score: Some(50),
        objects: 1,
        kinds: BTreeMap::new(),
        controls: Vec::new(),
        rules: BTreeMap::new(),
        gaps: Vec::new(),
        diagnostics: Vec::new(),
        namespaces: Vec::new(),
    };
    let records = names.iter().map(record).map(|record| (record.fingerprint().to_owned(), record));
    State { summary, records: records.collect() }
}

/// A batch that brings one finding.
pub fn records(name: &str, sequence: u64) -> Batch {
    let mut batch = Batch::between(None, &state(&[name]));
    (batch.epoch, batch.sequence, batch.at) = ("one".to_owned(), sequence, "2026-01-01T00:00:00Z".to_owned());
    batch
}
