//! One deployment at a time: an advisory lock on a connection of its own.
//!
//! While the other connection works, this one looks after it.

use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection, Row as _};

use super::error::ApplyError;
use super::observer::{Event, Observer};
use super::privilege::advise;
use super::retry::Pause;

/// Atlas's key: the 32-bit FNV-1 hash of `atlas_migrate_execute`. So the two tools wait for each other.
const KEY: i64 = 2_686_470_616;

/// The key of the session that works: that hash of `cargo_migrate_work`.
///
/// When a run is killed, or the network is, its lock goes at once; but PostgreSQL goes on with the
/// statement that it was at, and may commit it. Nobody else begins before that is over.
const WORK_KEY: i64 = 2_683_471_647;

const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// How long a look at the lock counts: it goes only with its connection, which has to end first.
const FRESH: Duration = Duration::from_millis(100);

/// An answer to a look that takes longer than this is none.
const LONGEST_LOOK: Duration = Duration::from_secs(5);

/// The lock, held as long as its connection lives.
#[derive(Debug)]
pub(super) struct Lock {
    connection: PgConnection,
    seen: Instant,
}

/// Why the lock is not ours.
pub(super) enum LockError {
    Held { holder: String, waited: Duration },
    Server(sqlx::Error),
}

impl From<LockError> for ApplyError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held { holder, waited } => Self::Locked { holder, waited },
            LockError::Server(error) => Self::session("take the lock")(error),
        }
    }
}

impl From<sqlx::Error> for LockError {
    fn from(error: sqlx::Error) -> Self {
        Self::Server(error)
    }
}

/// How a session is doing.
pub(super) struct Sight {
    /// Its name, which says what it runs.
    pub application: String,
    /// Whether it waits for a lock.
    pub waits: bool,
    /// Who waits for a lock of its own meanwhile, for too long.
    pub held_up: Option<i32>,
    /// The command that takes the lock that it waits for, if that is one of a table.
    pub wanted: Option<String>,
}

impl Lock {
    pub(super) async fn acquire(
        mut connection: PgConnection,
        patience: Duration,
        observer: &mut dyn Observer,
    ) -> Result<Self, LockError> {
        // The connection is idle while the migrations run; no server setting may end it for that.
        sqlx::raw_sql(
            "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings \
             WHERE name IN ('idle_session_timeout', 'idle_in_transaction_session_timeout', 'statement_timeout')",
        )
        .execute(&mut connection)
        .await?;
        take(&mut connection, KEY, patience, observer).await?;
        let seen = Instant::now();
        Ok(Self { connection, seen })
    }

    /// Whether our session still has it, and nobody else can.
    pub(super) async fn is_held(&mut self) -> bool {
        if self.seen.elapsed() < FRESH {
            return true;
        }
        let held = sqlx::query_scalar(include_str!("held.sql"))
            .bind(KEY)
            .fetch_one(&mut self.connection);
        let held = timely(held).await.unwrap_or(false);
        if held {
            self.seen = Instant::now();
        }
        held
    }

    /// How a session is doing; `None` if it is gone.
    pub(super) async fn look(&mut self, session: i32) -> Result<Option<Sight>, sqlx::Error> {
        let row = sqlx::query(include_str!("look.sql"))
            .bind(session)
            .fetch_optional(&mut self.connection);
        let Some(row) = timely(row).await? else {
            return Ok(None);
        };
        Ok(Some(Sight {
            application: row.try_get::<Option<_>, _>(0)?.unwrap_or_default(),
            waits: row.try_get(1)?,
            held_up: row.try_get(2)?,
            wanted: row.try_get(3)?,
        }))
    }

    /// Whom a session waits for; empty if for nobody any more.
    pub(super) async fn blockers(&mut self, session: i32) -> Result<String, sqlx::Error> {
        let blockers = sqlx::query_scalar(include_str!("blockers.sql"))
            .bind(session)
            .fetch_all(&mut self.connection);
        let blockers: Vec<String> = timely(blockers).await?;
        Ok(blockers.join(", "))
    }

    /// Has a session stop what it does.
    pub(super) async fn stop(&mut self, session: i32) -> Result<bool, sqlx::Error> {
        let stopped = sqlx::query_scalar("SELECT pg_catalog.pg_cancel_backend($1)")
            .bind(session)
            .fetch_one(&mut self.connection);
        timely(stopped).await
    }

    /// Adds to an error what only the server knows.
    pub(super) async fn advise(&mut self, role: Option<&str>, error: &mut ApplyError) {
        if let Some(server) = error.server_mut() {
            advise(&mut self.connection, role, server).await;
        }
    }

    pub(super) async fn release(self) {
        // The end of the session releases the lock; there is nothing to do about a failure here.
        let _ = self.connection.close().await;
    }
}

/// Has a session be the one that works, as soon as no other one does.
pub(super) async fn claim_work(
    connection: &mut PgConnection,
    patience: Duration,
    observer: &mut dyn Observer,
) -> Result<(), LockError> {
    take(connection, WORK_KEY, patience, observer).await
}

/// Takes a lock for a session, asking again and again: who waits for one inside of PostgreSQL has a
/// transaction open, and a concurrent build would wait for that.
async fn take(
    connection: &mut PgConnection,
    key: i64,
    patience: Duration,
    observer: &mut dyn Observer,
) -> Result<(), LockError> {
    let start = Instant::now();
    let mut pause = Pause::new(FIRST_PAUSE, LONGEST_PAUSE);
    loop {
        let taken: bool = sqlx::query_scalar("SELECT pg_catalog.pg_try_advisory_lock($1)")
            .persistent(false)
            .bind(key)
            .fetch_one(&mut *connection)
            .await?;
        if taken {
            return Ok(());
        }
        let waited = start.elapsed();
        let holder = sqlx::query_scalar(include_str!("holder.sql"))
            .persistent(false)
            .bind(key)
            .fetch_optional(&mut *connection)
            .await?;
        let holder: String = holder.unwrap_or_else(|| "a session that has just ended".to_owned());
        if waited >= patience {
            return Err(LockError::Held { holder, waited });
        }
        observer.event(Event::WaitingForLock {
            holder: &holder,
            waited,
        });
        tokio::time::sleep(pause.next().min(patience.saturating_sub(waited))).await;
    }
}

/// A connection that does not answer may be gone without a word.
async fn timely<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    tokio::time::timeout(LONGEST_LOOK, answer)
        .await
        .unwrap_or(Err(sqlx::Error::PoolTimedOut))
}
