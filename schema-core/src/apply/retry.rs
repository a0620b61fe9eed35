//! Trying again what met a lock.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::time::{Duration, Instant};

use super::error::ApplyError;
use super::failure::ServerError;

/// SQLSTATE `query_canceled`.
const CANCELED: &str = "57014";

/// SQLSTATE `deadlock_detected`.
const DEADLOCK: &str = "40P01";

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Whether the same may work a moment later: a lock was not had in time, a deadlock was broken,
/// or a serializable transaction came too late.
pub(super) fn is_passing(server: &ServerError) -> bool {
    // lock_not_available, serialization_failure
    is_deadlock(server) || matches!(server.sqlstate.as_deref(), Some("55P03" | "40001"))
}

/// Whether two transactions waited for each other.
pub(super) fn is_deadlock(server: &ServerError) -> bool {
    server.sqlstate.as_deref() == Some(DEADLOCK)
}

/// What PostgreSQL says when we had it stop a statement.
pub(super) fn is_canceled(server: &ServerError) -> bool {
    server.sqlstate.as_deref() == Some(CANCELED)
}

/// The attempts at one file.
#[derive(Debug)]
pub(super) struct Attempts {
    /// For how long to go on from the first failure.
    patience: Duration,
    first_failure: Option<Instant>,
    failures: u32,
    pause: Pause,
}

impl Attempts {
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            patience,
            first_failure: None,
            failures: 0,
            pause: Pause::new(FIRST_PAUSE, LONGEST_PAUSE),
        }
    }

    /// Takes note of a failure. How long to pause before the next attempt; `None` if it was the last.
    pub(super) fn failed(&mut self) -> Option<Duration> {
        self.failures += 1;
        let waited = self.waited();
        let pause = self.pause.next();
        (waited + pause <= self.patience).then_some(pause)
    }

    /// The next failure is the first again: something got done.
    pub(super) fn moved_on(&mut self) {
        *self = Self::new(self.patience);
    }

    /// How many attempts have failed.
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    /// The time since the first failure.
    fn waited(&mut self) -> Duration {
        self.first_failure
            .get_or_insert_with(Instant::now)
            .elapsed()
    }

    /// Says of the last failure how often it was tried and who stood in the way.
    pub(super) fn explain(&mut self, error: &mut ApplyError, blocker: Option<&str>) {
        let waited = self.waited();
        let Some(server) = error.server_mut() else {
            return;
        };
        let mut detail: Vec<String> = server.detail.take().into_iter().collect();
        detail.extend(blocker.map(|blocker| format!("it waited for {blocker}")));
        if self.failures > 1 {
            detail.push(format!("tried {} times in {:.0?}", self.failures, waited));
        }
        if !detail.is_empty() {
            server.detail = Some(detail.join("; "));
        }
    }
}

/// Pauses that grow, none like another's: who failed together does not come back together.
#[derive(Debug)]
pub(super) struct Pause {
    next: Duration,
    longest: Duration,
    chance: RandomState,
}

impl Pause {
    pub(super) fn new(first: Duration, longest: Duration) -> Self {
        Self {
            next: first,
            longest,
            chance: RandomState::new(),
        }
    }

    /// Between a half and the whole of what doubles each time.
    pub(super) fn next(&mut self) -> Duration {
        let whole = self.next;
        self.next = (whole * 2).min(self.longest);
        let chance = self.chance.hash_one(whole) % 1024;
        whole / 2 + whole / 2 * u32::try_from(chance).unwrap_or_default() / 1024
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut pause = Pause::new(Duration::from_millis(100), Duration::from_millis(300));
        for whole in [100, 200, 300, 300] {
            let pause = pause.next();
            assert!(pause >= Duration::from_millis(whole / 2), "{pause:?}");
            assert!(pause <= Duration::from_millis(whole), "{pause:?}");
        }
    }

    #[test]
    fn without_patience_nothing_is_tried_again() {
        assert_eq!(Attempts::new(Duration::ZERO).failed(), None);
        let mut attempts = Attempts::new(Duration::from_mins(1));
        assert!(attempts.failed().is_some());
        assert_eq!(attempts.failures(), 1);
    }
}
