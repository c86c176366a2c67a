//! One simulated agent: a key, an identity, and the requests of the protocol.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rampart_protocol::join::{Join, Joined};
use rampart_protocol::signature::{self, Signature};
use rampart_protocol::{Ack, Batch, State, Sync, Synced, codec, part, version};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub struct Simulated {
    pub number: usize,
    http: reqwest::Client,
    url: String,
    key: EcdsaKeyPair,
    agent: String,
    epoch: String,
    sequence: u64,
}

impl Simulated {
    pub async fn join(http: reqwest::Client, url: &str, token: &str, number: usize) -> Self {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let request = rcgen::CertificateParams::default().serialize_request(&pair).unwrap().pem().unwrap();
        let join = Join {
            protocol: version::CURRENT,
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            cluster: Some(format!("cluster-{number:04}")),
            cluster_uid: format!("00000000-0000-4000-8000-{number:012}"),
            request,
        };
        let answer = loop {
            let request = http.post(format!("{url}/agent/v1/join")).bearer_auth(token);
            let answer = request.json(&join).send().await.unwrap();
            // The plane says when it has enough; agents wait.
            if answer.status().as_u16() != 429 {
                break answer;
            }
            tokio::time::sleep(Duration::from_millis(500 + (number as u64 % 10) * 50)).await;
        };
        assert!(answer.status().is_success(), "join: {} {}", answer.status(), answer.text().await.unwrap());
        let joined: Joined = answer.json().await.unwrap();
        let key =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pair.serialize_der(), &SystemRandom::new());
        Self {
            number,
            http,
            url: url.to_owned(),
            key: key.unwrap(),
            agent: joined.agent,
            epoch: format!("epoch-{number}"),
            sequence: 0,
        }
    }

    /// Asks what differs, and sends it. Returns how many requests that took.
    pub async fn sync(&mut self, state: &State) -> usize {
        let sync = Sync {
            protocol: version::CURRENT,
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            epoch: self.epoch.clone(),
            summary: state.summary.digest(),
            buckets: state.buckets(),
        };
        let synced: Synced = self.post("/agent/v1/sync", &sync).await;
        let batch = Batch::replacing(state, &synced.resync, synced.wants_summary);
        if batch.is_empty() { 1 } else { 1 + self.send(batch).await }
    }

    pub async fn send(&mut self, batch: Batch) -> usize {
        let parts = batch.parts(part::PART_BYTES);
        let count = parts.len();
        for mut part in parts {
            self.sequence += 1;
            part.epoch = self.epoch.clone();
            part.sequence = self.sequence;
            part.at = "2026-01-01T00:00:00Z".to_owned();
            let ack: Ack = self.post("/agent/v1/batch", &part).await;
            assert_eq!((ack.sequence, ack.resync.is_empty()), (self.sequence, true));
        }
        count
    }

    async fn post<T: Serialize, A: DeserializeOwned>(&self, path: &str, value: &T) -> A {
        let body = codec::encode(value).unwrap();
        loop {
            let request = self.http.post(format!("{}{path}", self.url)).header("content-type", codec::MEDIA_TYPE);
            let request = request.header(signature::HEADER, self.sign(path, &body)).body(body.clone());
            let answer = request.send().await.unwrap();
            let status = answer.status();
            if matches!(status.as_u16(), 429 | 503) {
                tokio::time::sleep(Duration::from_millis(200 + (self.number as u64 % 10) * 50)).await;
                continue;
            }
            assert!(status.is_success(), "{path}: {status} {}", answer.text().await.unwrap());
            return answer.json().await.unwrap();
        }
    }

    fn sign(&self, path: &str, body: &[u8]) -> String {
        let random = SystemRandom::new();
        let mut nonce = [0; 16];
        random.fill(&mut nonce).unwrap();
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let time = u64::try_from(time).unwrap();
        let message = signature::signed("POST", path, time, &nonce, body);
        let bytes = self.key.sign(&random, &message).unwrap().as_ref().to_vec();
        Signature { agent: self.agent.clone(), time, nonce, bytes }.to_string()
    }
}
