//! One deployment at a time: an advisory lock on a connection of its own.

use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection, Row as _};

use super::error::ApplyError;
use super::observer::{Event, Observer};
use super::privilege::advise;

/// Atlas's key: the 32-bit FNV-1 hash of `atlas_migrate_execute`. So the two tools wait for each other.
const KEY: i64 = 2_686_470_616;

const FIRST_PAUSE: Duration = Duration::from_millis(25);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The lock, held as long as its connection lives.
#[derive(Debug)]
pub(super) struct Lock(PgConnection);

/// Why the lock is not ours.
pub(super) enum LockError {
    Held { holder: String, waited: Duration },
    Server(sqlx::Error),
}

impl From<sqlx::Error> for LockError {
    fn from(error: sqlx::Error) -> Self {
        Self::Server(error)
    }
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
        let start = Instant::now();
        let mut pause = FIRST_PAUSE;
        loop {
            let taken: bool = sqlx::query_scalar("SELECT pg_catalog.pg_try_advisory_lock($1)")
                .persistent(false)
                .bind(KEY)
                .fetch_one(&mut connection)
                .await?;
            if taken {
                return Ok(Self(connection));
            }
            let waited = start.elapsed();
            let holder = holder(&mut connection).await?;
            if waited >= patience {
                return Err(LockError::Held { holder, waited });
            }
            observer.event(Event::WaitingForLock { holder: &holder });
            tokio::time::sleep(pause.min(patience.saturating_sub(waited))).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Whether the server still knows the connection: without it, somebody else may have the lock.
    pub(super) async fn is_held(&mut self) -> bool {
        sqlx::raw_sql("SELECT 1").execute(&mut self.0).await.is_ok()
    }

    /// Adds to an error what only the server knows.
    pub(super) async fn advise(&mut self, error: &mut ApplyError) {
        if let Some(server) = error.server_mut() {
            advise(&mut self.0, None, server).await;
        }
    }

    pub(super) async fn release(self) {
        // The end of the session releases the lock; there is nothing to do about a failure here.
        let _ = self.0.close().await;
    }
}

async fn holder(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    let row = sqlx::query(include_str!("holder.sql"))
        .persistent(false)
        .bind(KEY)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else {
        return Ok("a session that has just ended".to_owned());
    };
    let pid: i32 = row.try_get("pid")?;
    let application: String = row.try_get("application")?;
    let user: String = row.try_get("user")?;
    let seconds: i64 = row.try_get("seconds")?;
    Ok(format!(
        "process {pid} (`{application}`, role {user}, connected for {seconds} s)"
    ))
}
