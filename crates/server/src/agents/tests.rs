//! Agents at the door and at the table: what is let in, what is refused, and that a refusal leaves nothing behind.

mod hand;
mod people;

use http::StatusCode;
use rampart_protocol::{Ack, Batch, Desired, Joined, Synced, codec, signature};
use rampart_store::{Scope, agent, cluster, finding, join_token};
use serde_json::json;

use crate::stage::Stage;
use hand::{Hand, records, state, token};

#[tokio::test]
async fn an_agent_joins_once_and_asking_again_costs_nothing() {
    let stage = Stage::new();
    let secret = token(&stage, Some("shop"), 1, false);
    let mut hand = Hand::new(&stage, "uid-1");
    let joined = hand.join(&secret, None).await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.text);
    let first: Joined = serde_json::from_str(&joined.text).unwrap();
    assert_eq!(first.cluster, "shop");
    assert!(first.certificate.unwrap().certificate.contains("BEGIN CERTIFICATE"));
    let again: Joined = serde_json::from_str(&hand.join(&secret, None).await.text).unwrap();
    assert_eq!(again.agent, first.agent, "the answer may have been lost");
    let mut other = Hand::new(&stage, "uid-1");
    assert_eq!(other.join(&secret, None).await.status, StatusCode::FORBIDDEN, "the token had one use");
    let agents = stage.plane.store().read(|tx| agent::list(tx, &Scope::all())).unwrap();
    assert_eq!(agents.len(), 1);
}

#[tokio::test]
async fn a_token_that_is_wrong_over_or_for_another_cluster_lets_nobody_in_and_leaves_nothing() {
    let stage = Stage::new();
    let good = token(&stage, Some("shop"), 5, false);
    for wrong in ["", "rmj_0000", "rmp_0000", "<script>"] {
        let answer = Hand::new(&stage, "uid-1").join(wrong, None).await;
        assert!([StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&answer.status), "{wrong} {}", answer.text);
        assert!(!answer.header(signature::TIME_HEADER).is_empty());
    }
    // The first use binds the token to a cluster.
    assert_eq!(Hand::new(&stage, "uid-1").join(&good, None).await.status, StatusCode::OK);
    assert_eq!(Hand::new(&stage, "uid-2").join(&good, None).await.status, StatusCode::FORBIDDEN);
    // A name that belongs to one cluster cannot be taken by another with a token of its own.
    let open = token(&stage, None, 5, false);
    assert_eq!(Hand::new(&stage, "uid-2").join(&open, Some("shop")).await.status, StatusCode::CONFLICT);
    assert_eq!(Hand::new(&stage, "uid-2").join(&open, None).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for name in ["<b>", "a'; DROP TABLE agent; --", "../x", ""] {
        let answer = Hand::new(&stage, "uid-2").join(&open, Some(name)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
    stage.pass(3 * 3600);
    assert_eq!(Hand::new(&stage, "uid-1").join(&good, None).await.status, StatusCode::FORBIDDEN, "it is over");
    let (agents, clusters) = stage
        .plane
        .store()
        .read(|tx| {
            Ok((agent::list(tx, &Scope::all())?, cluster::list(tx, &Scope::all(), None, 10, stage.plane.now())?))
        })
        .unwrap();
    assert_eq!((agents.len(), clusters.items.len()), (1, 1));
    assert_eq!(uses_of_open_tokens(&stage), 5, "a refusal gives the use back");
}

fn uses_of_open_tokens(stage: &Stage) -> u32 {
    let far = "2000-01-01T00:00:00Z".parse().unwrap();
    let all = stage.plane.store().read(|tx| join_token::list(tx, far)).unwrap();
    all.iter().filter(|token| token.cluster.is_none()).map(|token| token.uses_left).sum()
}

#[tokio::test]
async fn an_agent_that_waits_may_say_nothing_until_somebody_lets_it_in() {
    let stage = Stage::new();
    let secret = token(&stage, Some("shop"), 1, true);
    let mut hand = Hand::new(&stage, "uid-1");
    let waiting: Joined = serde_json::from_str(&hand.join(&secret, None).await.text).unwrap();
    assert_eq!(waiting.certificate, None);
    hand.agent.clone_from(&waiting.agent);
    assert_eq!(hand.batch(&records("a", 1)).await.status, StatusCode::FORBIDDEN);
    let approved = people::act(&stage, "POST", &format!("/api/v1/agents/{}/approve", waiting.agent), None).await;
    assert_eq!(approved.status, StatusCode::OK, "{}", approved.text);
    let joined: Joined = serde_json::from_str(&hand.join(&secret, None).await.text).unwrap();
    assert!(joined.certificate.is_some());
    assert_eq!(hand.batch(&records("a", 1)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_an_agent_sends_is_kept_under_its_own_cluster_whatever_it_claims() {
    let stage = Stage::new();
    let (shop, bank) = (Hand::joined(&stage, "shop").await, Hand::joined(&stage, "bank").await);
    let answer = shop.batch(&records("a", 1)).await;
    let ack: Ack = serde_json::from_str(&answer.text).unwrap();
    assert_eq!((answer.status, ack.sequence, ack.resync.len()), (StatusCode::OK, 1, 0));
    // A body cannot say for which cluster it is; a signature of one agent under the id of another is none.
    let forged = Hand { agent: shop.agent.clone(), ..bank };
    let answer = forged.batch(&records("b", 2)).await;
    assert_eq!(
        (answer.status, answer.json()["error"]["code"].clone()),
        (StatusCode::UNAUTHORIZED, json!("unknown_agent"))
    );
    let found = findings(&stage);
    assert_eq!(found, [("shop".to_owned(), "a".to_owned())]);
}

fn findings(stage: &Stage) -> Vec<(String, String)> {
    let list = |tx: &mut rampart_store::Tx<'_>| {
        let (filter, sort) = (finding::Filter::default(), finding::list::Sort::default());
        finding::list::list(tx, &Scope::all(), &filter, sort, None, 100, &|rule| rule.to_owned())
    };
    let page = stage.plane.store().read(list).unwrap();
    page.items.into_iter().map(|brief| (brief.cluster, brief.subject.name.to_string())).collect()
}

#[tokio::test]
async fn a_request_counts_once_and_only_as_it_was_signed() {
    let stage = Stage::new();
    let hand = Hand::joined(&stage, "shop").await;
    let body = codec::encode(&records("a", 1)).unwrap();
    let signed = hand.signature("POST", "/agent/v1/batch", &body);
    assert_eq!(hand.raw("POST", "/agent/v1/batch", body.clone(), Some(&signed)).await.status, StatusCode::OK);
    let code = |answer: crate::stage::Answer| answer.json()["error"]["code"].as_str().unwrap().to_owned();
    let replayed = hand.raw("POST", "/agent/v1/batch", body.clone(), Some(&signed)).await;
    assert_eq!((replayed.status, code(replayed)), (StatusCode::UNAUTHORIZED, "replayed".to_owned()));
    let fresh = hand.signature("POST", "/agent/v1/batch", &body);
    let other = codec::encode(&records("b", 2)).unwrap();
    let forged = hand.raw("POST", "/agent/v1/batch", other, Some(&fresh)).await;
    assert_eq!((forged.status, code(forged)), (StatusCode::UNAUTHORIZED, "unknown_agent".to_owned()));
    let moved = hand.raw("POST", "/agent/v1/sync", body.clone(), Some(&fresh)).await;
    assert_eq!(moved.status, StatusCode::UNAUTHORIZED);
    for wrong in ["", "rubbish", "a-1:1:00:00"] {
        assert_eq!(
            hand.raw("POST", "/agent/v1/batch", body.clone(), Some(wrong)).await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    assert_eq!(hand.raw("POST", "/agent/v1/batch", body.clone(), None).await.status, StatusCode::UNAUTHORIZED);
    let old = hand.signature("POST", "/agent/v1/batch", &body);
    stage.pass(3600);
    let late = hand.raw("POST", "/agent/v1/batch", body, Some(&old)).await;
    assert_eq!(late.header(signature::TIME_HEADER), stage.plane.now().as_millisecond().to_string());
    assert_eq!(code(late), "clock");
    assert_eq!(findings(&stage).len(), 1);
}

#[tokio::test]
async fn a_certificate_of_the_connection_is_enough_and_only_its_own_key_counts() {
    let stage = Stage::new();
    let hand = Hand::joined(&stage, "shop").await;
    let answer = hand.by_certificate("POST", "/agent/v1/batch", codec::encode(&records("a", 1)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    // The same agent's name over another key: as if an authority had been fooled.
    let stranger = Hand::new(&stage, "uid-9");
    let request = stranger.key.request().unwrap();
    let signed = stage.plane.authority().sign_agent(&request, &hand.agent, 30, stage.plane.now()).unwrap();
    let forged = Hand { certificate: signed.der, agent: hand.agent.clone(), ..stranger };
    let answer = forged.by_certificate("POST", "/agent/v1/batch", codec::encode(&records("b", 2)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_revoked_agent_is_refused_everywhere_at_once() {
    let stage = Stage::new();
    let hand = Hand::joined(&stage, "shop").await;
    assert_eq!(hand.get("/agent/v1/desired").await.status, StatusCode::OK);
    let revoked = people::act(&stage, "POST", &format!("/api/v1/agents/{}/revoke", hand.agent), None).await;
    assert_eq!(revoked.json()["state"], "revoked");
    for answer in [
        hand.get("/agent/v1/desired").await,
        hand.batch(&records("a", 1)).await,
        hand.sync(&state(&[])).await,
        hand.renew().await,
        hand.by_certificate("GET", "/agent/v1/desired", Vec::new()).await,
    ] {
        assert_eq!((answer.status, answer.json()["error"]["code"].clone()), (StatusCode::FORBIDDEN, json!("revoked")));
    }
    assert!(findings(&stage).is_empty());
}

#[tokio::test]
async fn a_certificate_is_renewed_with_a_new_key_and_ends_when_it_is_over() {
    let stage = Stage::new();
    let mut hand = Hand::joined(&stage, "shop").await;
    stage.pass(20 * 86_400);
    let old = Hand { key: rampart_agent::key::AgentKey::from_pem(&hand.pem).unwrap(), ..hand.clone_without_key() };
    assert_eq!(hand.renew_with_new_key().await.status, StatusCode::OK);
    assert_eq!(hand.batch(&records("a", 1)).await.status, StatusCode::OK);
    assert_eq!(old.batch(&records("a", 2)).await.status, StatusCode::OK, "an agent that never got the answer");
    stage.pass(20 * 86_400);
    assert_eq!(hand.batch(&records("a", 3)).await.status, StatusCode::OK);
    stage.pass(20 * 86_400);
    let over = hand.batch(&records("b", 4)).await;
    assert_eq!((over.status, over.json()["error"]["code"].clone()), (StatusCode::UNAUTHORIZED, json!("expired")));
}

#[tokio::test]
async fn bodies_that_are_too_large_or_make_no_sense_are_refused_with_their_status() {
    let stage = Stage::new();
    let hand = Hand::joined(&stage, "shop").await;
    let post = async |body: Vec<u8>| hand.post("/agent/v1/batch", body).await.status;
    assert_eq!(post(vec![0; codec::MAX_BYTES + 1]).await, StatusCode::PAYLOAD_TOO_LARGE);
    let bomb = zstd::bulk::compress(&vec![b' '; codec::MAX_DECODED_BYTES + 1], 3).unwrap();
    assert!(bomb.len() < 100_000);
    assert_eq!(post(bomb).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(post(b"{}".to_vec()).await, StatusCode::BAD_REQUEST);
    assert_eq!(post(zstd::bulk::compress(b"{\"protocol\":\"x\"}", 3).unwrap()).await, StatusCode::BAD_REQUEST);
    let newer = Batch { protocol: rampart_protocol::version::CURRENT + 1, ..records("a", 1) };
    let answer = hand.batch(&newer).await;
    assert_eq!(answer.status, StatusCode::UPGRADE_REQUIRED);
    assert!(answer.text.contains("upgrade the plane"), "{}", answer.text);
    let long = Batch { epoch: "x".repeat(65), ..records("a", 1) };
    assert_eq!(hand.batch(&long).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(findings(&stage).is_empty());
}

#[tokio::test]
async fn a_settled_agent_writes_nothing_and_a_repeated_batch_is_applied_once() {
    let stage = Stage::new();
    let hand = Hand::joined(&stage, "shop").await;
    let now = state(&["a", "<b>'; DROP TABLE finding; --"]);
    let settled: Synced = serde_json::from_str(&hand.sync(&now).await.text).unwrap();
    assert_eq!((settled.resync.len(), settled.wants_summary), (1, true));
    let mut batch = Batch::replacing(&now, &settled.resync, settled.wants_summary);
    (batch.epoch, batch.sequence) = ("one".to_owned(), 1);
    for _ in 0..2 {
        let ack: Ack = serde_json::from_str(&hand.batch(&batch).await.text).unwrap();
        assert_eq!((ack.sequence, ack.resync.len()), (1, 0));
    }
    let settled: Synced = serde_json::from_str(&hand.sync(&now).await.text).unwrap();
    assert_eq!((settled.resync.len(), settled.wants_summary), (0, false));
    assert_eq!(findings(&stage).len(), 2);
}

#[tokio::test]
async fn what_is_wanted_is_told_at_once_and_news_of_it_wake_who_waits() {
    let stage = Stage::new();
    let hand = Hand::joined(&stage, "shop").await;
    let first: Desired = serde_json::from_str(&hand.get("/agent/v1/desired").await.text).unwrap();
    let path = format!("/agent/v1/desired?after={}", first.version);
    let waiting = hand.get(&path);
    let news = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        stage
            .plane
            .write(|tx| {
                let id = cluster::id_of(tx, "shop")?.unwrap_or_default();
                rampart_store::desired::rescan(tx, id)
            })
            .await
            .unwrap();
        stage.plane.bus().poke(crate::bus::Poke::Desired);
    };
    let begun = std::time::Instant::now();
    let (answer, ()) = tokio::join!(waiting, news);
    let second: Desired = serde_json::from_str(&answer.text).unwrap();
    assert_eq!((second.version, second.rescan), (first.version + 1, first.rescan + 1));
    assert!(begun.elapsed().as_secs() < 3);
    assert_eq!(hand.get("/agent/v1/desired?after=x").await.status, StatusCode::BAD_REQUEST);
}
