//! What a run tells while it is under way.

use std::time::Duration;

use super::failure::ServerError;
use crate::directory::MigrationFile;

/// Something that happened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A file begins.
    FileStarted {
        /// The file.
        file: &'a MigrationFile,
        /// How many statements it has.
        statements: usize,
        /// How many of them an earlier run has executed.
        done: usize,
    },
    /// A statement begins.
    Statement {
        /// The file.
        file: &'a MigrationFile,
        /// Which statement, from 0.
        index: usize,
        /// The line it begins on.
        line: u32,
        /// Its text.
        sql: &'a str,
    },
    /// A file is done and recorded.
    FileDone {
        /// The file.
        file: &'a MigrationFile,
        /// How long it took.
        elapsed: Duration,
    },
    /// A file is not executed here, which is recorded.
    FileSkipped {
        /// The file.
        file: &'a MigrationFile,
    },
    /// A file waits for the next deployment, which is recorded.
    FileDeferred {
        /// The file.
        file: &'a MigrationFile,
        /// Why.
        reason: &'a str,
    },
    /// Someone else holds the lock.
    WaitingForLock {
        /// Who that is.
        holder: &'a str,
        /// How long it has been waited for.
        waited: Duration,
    },
    /// A statement waits for a lock.
    Blocked {
        /// The file.
        file: &'a MigrationFile,
        /// Who has it.
        blocker: &'a str,
    },
    /// A statement met a lock; after a pause, what was rolled back is tried again.
    Retry {
        /// The file.
        file: &'a MigrationFile,
        /// What PostgreSQL said.
        server: &'a ServerError,
        /// Who was in the way, if that could be seen.
        blocker: Option<&'a str>,
        /// How often it has failed.
        failures: u32,
        /// How long the pause is.
        pause: Duration,
    },
}

/// Whoever wants to know.
pub trait Observer: Send {
    /// Takes note of an event.
    fn event(&mut self, event: Event<'_>);

    /// Asked before each file: whether to go no further.
    fn wants_stop(&self) -> bool {
        false
    }
}

/// Nobody wants to know.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&mut self, _: Event<'_>) {}
}

/// A closure will do.
impl<F: FnMut(Event<'_>) + Send> Observer for F {
    fn event(&mut self, event: Event<'_>) {
        self(event);
    }
}
