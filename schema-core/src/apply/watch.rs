//! Looking after a statement while it runs: whom it waits for, and who waits for it.
//!
//! A statement that waits for a lock while its transaction holds others is how a migration and the
//! app come to wait for each other, and PostgreSQL would end the one that finds out first. So a
//! migration gives way: it is stopped, its locks are free, and it is tried again.

use std::pin::pin;
use std::time::{Duration, Instant};

use super::lock::Lock;
use super::settings::statement_of;

/// How often to look. What is done sooner is not looked at.
const INTERVAL: Duration = Duration::from_millis(50);

/// How often to ask for whom it waits, which is dearer.
const BLOCKERS_INTERVAL: Duration = Duration::from_millis(300);

/// What was seen of a statement, or of several in one query.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The statement that it was at, from 0.
    pub statement: Option<usize>,
    /// For whom it waited last.
    pub blocker: Option<String>,
    /// The command that takes the lock that it waited for last.
    pub wanted: Option<String>,
    /// Who waited for it when it was stopped.
    pub gave_way_to: Option<String>,
}

/// Something worth telling.
#[derive(Clone, Copy, Debug)]
pub(super) enum News<'a> {
    /// It has come to this statement.
    Statement(usize),
    /// It waits for somebody.
    Waits(&'a str),
}

/// Does the work of a session, whose process number this is, and looks after it meanwhile.
pub(super) async fn watched<T>(
    work: impl Future<Output = T>,
    session: i32,
    lock: &mut Lock,
    tell: &mut (dyn FnMut(News<'_>) + Send),
) -> (T, Seen) {
    let mut seen = Seen::default();
    let mut asked: Option<Instant> = None;
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return (done, seen),
            () = tokio::time::sleep(INTERVAL) => {}
        }
        let Ok(Some(sight)) = lock.look(session).await else {
            // Whatever is wrong shows in the work, or before the next file.
            return (work.await, seen);
        };
        let statement = statement_of(&sight.application);
        if statement != seen.statement {
            seen.statement = statement;
            if let Some(index) = statement {
                tell(News::Statement(index));
            }
        }
        seen.wanted = sight.wanted;
        let is_due = asked.is_none_or(|asked| asked.elapsed() >= BLOCKERS_INTERVAL);
        if sight.waits && (is_due || sight.held_up.is_some()) {
            asked = Some(Instant::now());
            if let Ok(blocker) = lock.blockers(session).await
                && !blocker.is_empty()
            {
                tell(News::Waits(&blocker));
                seen.blocker = Some(blocker);
            }
        }
        if let Some(process) = sight.held_up
            && seen.gave_way_to.is_none()
            && lock.stop(session).await.is_ok_and(|stopped| stopped)
        {
            seen.gave_way_to = Some(format!("process {process}"));
        }
    }
}
