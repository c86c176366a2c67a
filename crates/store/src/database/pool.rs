//! Connections that are used in turn: at most so many at once, opened when needed, thrown away when broken.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::failure::{Failure, Kind};

/// How long a caller waits for its turn.
const PATIENCE: Duration = Duration::from_secs(15);

pub(crate) struct Pool<C> {
    state: Mutex<State<C>>,
    freed: Condvar,
    limit: usize,
}

struct State<C> {
    idle: Vec<C>,
    out: usize,
    /// Raised to throw away what was opened before.
    generation: u64,
}

/// What is to become of a connection after its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Keep,
    Drop,
    /// This one and all that were opened before now.
    DropAll,
}

impl<C> Pool<C> {
    pub(crate) fn new(limit: usize) -> Self {
        Self { state: Mutex::new(State { idle: Vec::new(), out: 0, generation: 0 }), freed: Condvar::new(), limit }
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// # Errors
    /// No connection came free in time, or none could be opened.
    pub(crate) fn with<T>(
        &self,
        open: impl FnOnce() -> Result<C, Failure>,
        work: impl FnOnce(&mut C) -> (T, Fate),
    ) -> Result<T, Failure> {
        let (mut state, wait) = self
            .freed
            .wait_timeout_while(self.lock(), PATIENCE, |state| state.out >= self.limit)
            .unwrap_or_else(PoisonError::into_inner);
        if wait.timed_out() && state.out >= self.limit {
            return Err(Failure::new(
                Kind::Busy,
                "the database is overloaded: all connections were busy for 15 seconds; try again",
            ));
        }
        state.out += 1;
        let generation = state.generation;
        let idle = state.idle.pop();
        drop(state);
        let permit = Permit(self);
        let mut connection = match idle {
            Some(connection) => connection,
            None => open()?,
        };
        let (outcome, fate) = work(&mut connection);
        let mut state = self.lock();
        if fate == Fate::DropAll && state.generation == generation {
            state.generation += 1;
            let stale = std::mem::take(&mut state.idle);
            drop(state);
            drop(stale);
        } else if fate == Fate::Keep && state.generation == generation {
            state.idle.push(connection);
            drop(state);
        } else {
            drop(state);
        }
        drop(permit);
        Ok(outcome)
    }

    /// Throws away what is idle, and what is in use as soon as it comes back.
    pub(crate) fn clear(&self) {
        let mut state = self.lock();
        state.generation += 1;
        let stale = std::mem::take(&mut state.idle);
        drop(state);
        drop(stale);
    }
}

/// Gives the place back even when the work panics.
struct Permit<'p, C>(&'p Pool<C>);

impl<C> Drop for Permit<'_, C> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.out = state.out.saturating_sub(1);
        drop(state);
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, Pool};

    #[test]
    fn a_kept_connection_is_used_again_and_a_broken_one_is_not() {
        let pool = Pool::new(1);
        let mut opened = 0;
        for (fate, expected) in [(Fate::Keep, 1), (Fate::Drop, 1), (Fate::Keep, 2), (Fate::DropAll, 2), (Fate::Keep, 3)]
        {
            let open = || {
                opened += 1;
                Ok(opened)
            };
            assert_eq!(pool.with(open, |connection| (*connection, fate)).unwrap(), expected);
        }
    }

    #[test]
    fn a_panic_gives_the_place_back() {
        let pool = Pool::new(1);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.with(|| Ok(()), |()| -> ((), Fate) { panic!("on purpose") })
        }));
        assert!(panicked.is_err());
        assert!(pool.with(|| Ok(()), |()| ((), Fate::Keep)).is_ok());
    }

    #[test]
    fn what_was_out_while_the_pool_was_cleared_does_not_return() {
        let pool = Pool::new(2);
        pool.with(|| Ok(1), |_| (pool.clear(), Fate::Keep)).unwrap();
        assert_eq!(pool.with(|| Ok(2), |connection| (*connection, Fate::Keep)).unwrap(), 2);
    }
}
