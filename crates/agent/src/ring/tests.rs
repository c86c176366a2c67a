//! The ring over restarts, cut tails, spoilt bytes and more than it may hold.

use proptest::prelude::*;

use super::*;

fn bodies(ring: &mut Ring) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    while let Some((number, body)) = ring.first().unwrap() {
        found.push(body);
        ring.acknowledge(number);
    }
    found
}

fn open(folder: &Path) -> (Ring, Option<String>) {
    Ring::open(folder, 1 << 20).unwrap()
}

#[test]
fn what_is_not_acknowledged_survives_a_restart_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ring, damage) = open(folder.path());
    assert_eq!((damage, ring.is_empty()), (None, true));
    for body in [b"one", b"two", b"six"] {
        ring.push(body.to_vec()).unwrap();
    }
    let (number, body) = ring.first().unwrap().unwrap();
    assert_eq!(body, b"one");
    ring.acknowledge(number);
    drop(ring);
    let (mut ring, damage) = open(folder.path());
    assert_eq!((damage, ring.len()), (None, 2));
    assert_eq!(bodies(&mut ring), [b"two", b"six"]);
    assert_eq!(std::fs::metadata(folder.path().join("unsent.ring")).unwrap().len(), 0);
    ring.push(b"new".to_vec()).unwrap();
    assert_eq!(bodies(&mut open(folder.path()).0), [b"new"]);
}

#[test]
fn full_ring_refuses_and_is_usable_when_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ring, _) = Ring::open(folder.path(), 10).unwrap();
    assert_eq!(ring.push(vec![0; 8]), Ok(()));
    assert_eq!(ring.push(vec![0; 8]), Err(Full));
    ring.clear();
    assert_eq!(ring.push(vec![1; 8]), Ok(()));
    assert_eq!(bodies(&mut ring), [vec![1; 8]]);
}

#[test]
fn file_stays_small_while_batches_come_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ring, _) = Ring::open(folder.path(), 64 << 20).unwrap();
    ring.push(vec![7; 100_000]).unwrap();
    for _ in 0..200 {
        ring.push(vec![8; 100_000]).unwrap();
        let (number, _) = ring.first().unwrap().unwrap();
        ring.acknowledge(number);
    }
    assert!(std::fs::metadata(folder.path().join("unsent.ring")).unwrap().len() < 4 << 20);
    drop(ring);
    assert_eq!(bodies(&mut Ring::open(folder.path(), 64 << 20).unwrap().0), [vec![8; 100_000]]);
}

#[test]
fn batch_that_rots_under_the_ring_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ring, _) = open(folder.path());
    ring.push(b"one".to_vec()).unwrap();
    let path = folder.path().join("unsent.ring");
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(ring.first().is_err());
    ring.clear();
    assert_eq!(ring.first(), Ok(None));
}

proptest! {
    #[test]
    fn whatever_happens_to_the_file_a_prefix_of_the_batches_comes_back(
        lengths in prop::collection::vec(0usize..300, 1..8),
        cut in 0usize..3000,
        flip in prop::option::of(0usize..3000),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (mut ring, _) = open(folder.path());
        let pushed: Vec<Vec<u8>> = lengths.iter().enumerate().map(|(at, length)| vec![u8::try_from(at).unwrap(); *length]).collect();
        for body in &pushed {
            ring.push(body.clone()).unwrap();
        }
        drop(ring);
        let path = folder.path().join("unsent.ring");
        let mut bytes = std::fs::read(&path).unwrap();
        let whole = bytes.len();
        bytes.truncate(whole.saturating_sub(cut));
        if let Some(byte) = flip.and_then(|at| bytes.get_mut(at)) {
            *byte ^= 0x40;
        }
        let spoilt = std::fs::write(&path, &bytes);
        prop_assert!(spoilt.is_ok());
        let (mut ring, damage) = open(folder.path());
        let kept = ring.len();
        prop_assert!(kept == pushed.len() || damage.is_some() || bytes.len() < whole);
        // What is pushed behind the cut comes behind what is left.
        ring.push(b"next".to_vec()).unwrap();
        drop(ring);
        let (mut ring, damage) = open(folder.path());
        prop_assert_eq!(damage, None);
        let found = bodies(&mut ring);
        prop_assert_eq!(&found[..kept], &pushed[..kept]);
        prop_assert_eq!(&found[kept..], &[b"next".to_vec()]);
    }
}
