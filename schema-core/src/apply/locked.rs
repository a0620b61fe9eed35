//! A target on which no deployment runs meanwhile, and its history.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::error::ApplyError;
use super::history::History;
use super::lock::Lock;
use super::observer::Observer;
use super::pooler::sessions;
use super::revision::Revision;
use super::session::locate;
use super::settings::APPLICATION;

/// A connection to a target. As long as it lives, no deployment runs there.
#[derive(Debug)]
pub struct Locked {
    lock: Lock,
    /// The connection. It holds no lock itself.
    pub connection: PgConnection,
    pub(super) history: History,
    /// The rows of the history, by version.
    pub revisions: Vec<Revision>,
}

impl Locked {
    /// Waits until no deployment runs on the target, keeps others away, and reads the history.
    ///
    /// No privilege is needed but to read the history.
    pub async fn open(
        target: &PgConnectOptions,
        revisions_schema: Option<&str>,
        lock_timeout: Duration,
        observer: &mut dyn Observer,
    ) -> Result<Self, ApplyError> {
        let named = target.clone().application_name(APPLICATION);
        let (waiting, mut connection) = sessions(&named).await?;
        let lock = Lock::acquire(waiting, lock_timeout, observer).await?;
        let history = locate(&mut connection, revisions_schema).await?;
        let revisions = history
            .read(&mut connection)
            .await
            .map_err(ApplyError::session("read the history"))?;
        Ok(Self {
            lock,
            connection,
            history,
            revisions,
        })
    }

    /// Lets others go on.
    pub async fn close(self) {
        // The end of the sessions is what counts; there is nothing to do about a failure here.
        let _ = self.connection.close().await;
        self.lock.release().await;
    }
}
