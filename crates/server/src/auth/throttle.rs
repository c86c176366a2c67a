//! How often somebody may guess. Failures are counted per account and per address over a sliding quarter of an hour; who has too
//! many waits. Counting addresses apart keeps a stranger from locking an administrator out of the own account.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::Problem;

const WINDOW: i64 = 15 * 60;
/// Keys kept at most; the oldest go first.
const KEYS: usize = 20_000;

/// Attempts within the window after which somebody waits.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Of one account at one address.
    pub both: u32,
    pub address: u32,
    /// Of one account from everywhere: a botnet guesses slowly, and the account still opens now and then for its owner.
    pub account: u32,
}

/// The answer to somebody who has to wait.
pub fn too_many(seconds: i64, what: &str) -> Problem {
    let seconds = u32::try_from(seconds.max(1)).unwrap_or(u32::MAX);
    Problem::too_many(seconds, format!("{what}: wait {} minutes", seconds.div_ceil(60)))
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Both(String, IpAddr),
    Address(IpAddr),
    Account(String),
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    since: i64,
}

/// Counts of this process. Each replica counts for itself, so that several of them allow as many times more guesses.
#[derive(Debug)]
pub struct Throttle {
    limits: Limits,
    counts: Mutex<HashMap<Key, Count>>,
}

impl Throttle {
    pub fn new(limits: Limits) -> Self {
        Self { limits, counts: Mutex::default() }
    }

    /// Seconds to wait, where somebody has guessed too often. `now` in seconds.
    pub fn wait(&self, account: &str, address: IpAddr, now: i64) -> Option<i64> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        self.keys(account, address)
            .into_iter()
            .filter_map(|(key, limit)| {
                let count = counts.get(&key)?;
                let ends = count.since.saturating_add(WINDOW);
                (count.failures >= limit && ends > now).then(|| ends.saturating_sub(now))
            })
            .max()
    }

    /// Counts a guess before it is judged, so that guesses at the same time count too.
    pub fn count(&self, account: &str, address: IpAddr, now: i64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in self.keys(account, address) {
            let count = counts.entry(key).or_insert(Count { failures: 0, since: now });
            if count.since.saturating_add(WINDOW) <= now {
                *count = Count { failures: 0, since: now };
            }
            count.failures = count.failures.saturating_add(1);
        }
        if counts.len() > KEYS {
            counts.retain(|_, count| count.since.saturating_add(WINDOW) > now);
        }
        if counts.len() > KEYS {
            // Still too many: an attack from very many addresses. What was counted least recently is forgotten.
            let mut since: Vec<i64> = counts.values().map(|count| count.since).collect();
            since.sort_unstable();
            let middle = since.get(since.len() / 2).copied().unwrap_or(now);
            counts.retain(|key, count| count.since > middle || matches!(key, Key::Account(_)));
        }
    }

    /// A right guess: what was counted for this account at this address is forgotten.
    pub fn succeeded(&self, account: &str, address: IpAddr) {
        let [both, others @ ..] = self.keys(account, address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.remove(&both.0);
        for (key, _) in others {
            if let Some(count) = counts.get_mut(&key) {
                count.failures = count.failures.saturating_sub(1);
            }
        }
    }

    fn keys(&self, account: &str, address: IpAddr) -> [(Key, u32); 3] {
        let (account, address): (String, _) = (account.chars().take(128).collect(), network(address));
        [
            (Key::Both(account.clone(), address), self.limits.both),
            (Key::Address(address), self.limits.address),
            (Key::Account(account), self.limits.account),
        ]
    }
}

/// An IPv6 customer has a whole /64 of addresses.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6((six.to_bits() >> 64 << 64).into()),
        },
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle() -> Throttle {
        Throttle::new(Limits { both: 5, address: 30, account: 100 })
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn the_sixth_guess_waits_until_the_window_ends() {
        let throttle = throttle();
        for second in 0..5 {
            assert_eq!(throttle.wait("root", address(1), second), None);
            throttle.count("root", address(1), second);
        }
        assert_eq!(throttle.wait("root", address(1), 10), Some(WINDOW - 10));
        assert_eq!(throttle.wait("root", address(2), 10), None, "the owner elsewhere is not locked out");
        assert_eq!(throttle.wait("root", address(1), WINDOW), None);
    }

    #[test]
    fn guessing_many_names_from_one_address_waits() {
        let throttle = throttle();
        for number in 0..30 {
            throttle.count(&format!("name-{number}"), address(1), 0);
        }
        assert!(throttle.wait("another", address(1), 1).is_some());
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let throttle = throttle();
        for last in 0..5u16 {
            throttle.count("root", IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, last]), 0);
        }
        assert!(throttle.wait("root", IpAddr::from([0x2001, 0xdb8, 0, 0, 9, 9, 9, 9]), 1).is_some());
        assert!(throttle.wait("root", IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, 0]), 1).is_none());
    }

    #[test]
    fn a_right_guess_forgets_the_wrong_ones() {
        let throttle = throttle();
        for _ in 0..5 {
            throttle.count("root", address(1), 0);
        }
        throttle.succeeded("root", address(1));
        assert_eq!(throttle.wait("root", address(1), 1), None);
    }

    #[test]
    fn memory_stays_bounded() {
        let throttle = throttle();
        for number in 0..60_000u32 {
            throttle.count("root", IpAddr::from(number.to_be_bytes()), i64::from(number / 100));
        }
        assert!(throttle.counts.lock().unwrap().len() <= KEYS + 2);
        assert!(throttle.wait("root", address(200), 600).is_some(), "the account's own count survives");
    }
}
