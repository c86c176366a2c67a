//! The plane's time, as far as it told it. What this machine takes for the time may jump; durations are monotonic.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

#[derive(Debug, Default)]
pub struct PlaneClock(Mutex<Option<(Instant, Timestamp)>>);

impl PlaneClock {
    /// Takes over what the plane said a moment ago, in milliseconds since 1970.
    pub fn hear(&self, milliseconds: i64) {
        if let Ok(time) = Timestamp::from_millisecond(milliseconds) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), time));
        }
    }

    /// This machine's time where the plane never said any.
    pub fn now(&self) -> Timestamp {
        let heard = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((then, time)) = heard else { return Timestamp::now() };
        let passed: Duration = then.elapsed();
        SignedDuration::try_from(passed).ok().and_then(|passed| time.checked_add(passed).ok()).unwrap_or(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_the_planes_once_it_was_heard() {
        let clock = PlaneClock::default();
        assert!(clock.now().duration_since(Timestamp::now()).abs() < SignedDuration::from_secs(5));
        clock.hear(86_400_000);
        let passed = clock.now().duration_since(Timestamp::from_second(86_400).unwrap());
        assert!(!passed.is_negative() && passed < SignedDuration::from_secs(5));
    }
}
