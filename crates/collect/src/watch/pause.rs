//! How long to wait before another try: twice as long each time, and never in step with others.

use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// Waits that grow from try to try.
#[derive(Debug, Clone)]
pub struct Pause {
    least: Duration,
    most: Duration,
    failures: u32,
}

impl Pause {
    pub fn new(least: Duration, most: Duration) -> Self {
        Self { least, most, failures: 0 }
    }

    /// The wait before the next try: at least half and at most all of what is due.
    pub fn due(&mut self) -> Duration {
        let due = self.least.saturating_mul(1u32.checked_shl(self.failures.min(20)).unwrap_or(u32::MAX)).min(self.most);
        self.failures = self.failures.saturating_add(1);
        due.mul_f64(0.5 + 0.5 * chance())
    }

    /// To be called when a try went well.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// `time`, give or take a quarter, so that what many do regularly they do not do at once.
    pub fn around(time: Duration) -> Duration {
        time.mul_f64(0.75 + 0.5 * chance())
    }
}

/// From 0 to 1. Good enough to spread load, and for nothing else.
fn chance() -> f64 {
    // Every state is keyed anew.
    let number = std::collections::hash_map::RandomState::new().build_hasher().finish();
    f64::from(u32::try_from(number >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_most_and_begin_anew() {
        let mut pause = Pause::new(Duration::from_secs(1), Duration::from_secs(30));
        for due in [1, 2, 4, 8, 16, 30, 30].map(Duration::from_secs) {
            let wait = pause.due();
            assert!(due / 2 <= wait && wait <= due, "{wait:?} of {due:?}");
        }
        for _ in 0..100 {
            pause.due();
        }
        pause.reset();
        assert!(pause.due() <= Duration::from_secs(1));
        let around = Pause::around(Duration::from_secs(100)).as_secs();
        assert!((75..=125).contains(&around));
    }
}
