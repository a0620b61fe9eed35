//! Files that wait, on record: before anything runs, and again when the deployment is done.
//!
//! A deployment that is killed or fails has brought no release into service. So what it put off
//! waits on for whoever goes on with it, and is taken up only after one that came to its end.

use jiff::Timestamp;
use sqlx::PgConnection;

use super::error::ApplyError;
use super::history::History;
use super::phases::Deferred;
use super::record::fresh;
use super::revision::{Deferral, Revision};

/// The clock of the server, which also stamps the history.
pub(super) async fn clock(connection: &mut PgConnection) -> Result<Timestamp, ApplyError> {
    let failed = ApplyError::session("read the clock of the server");
    let text: String = sqlx::query_scalar(
        "SELECT pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    )
    .persistent(false)
    .fetch_one(connection)
    .await
    .map_err(&failed)?;
    text.parse()
        .map_err(|error| failed(sqlx::Error::Decode(Box::new(error))))
}

/// Puts on record what waits, before anything runs.
pub(super) async fn put_off(
    history: &History,
    connection: &mut PgConnection,
    revisions: &[Revision],
    deferred: &[Deferred<'_>],
) -> Result<(), ApplyError> {
    let is_open = |waiting: &&Deferred<'_>| {
        revisions.iter().any(|row| {
            let deferral = row.deferral().map(|(deferral, _)| deferral);
            row.version == waiting.step.file.version && deferral == Some(Deferral::Open)
        })
    };
    let new = deferred.iter().filter(|waiting| !is_open(waiting));
    write(history, connection, new, Deferral::Open).await
}

/// Leaves what waits to the next deployment, because this one is done.
pub(super) async fn settle(
    history: &History,
    connection: &mut PgConnection,
    deferred: &[Deferred<'_>],
) -> Result<(), ApplyError> {
    write(history, connection, deferred.iter(), Deferral::Settled).await
}

async fn write<'a>(
    history: &History,
    connection: &mut PgConnection,
    deferred: impl Iterator<Item = &'a Deferred<'a>>,
    until: Deferral,
) -> Result<(), ApplyError> {
    for waiting in deferred.filter(|waiting| !waiting.is_settled) {
        let row = Revision {
            error: Some(until.text(&waiting.reason)),
            ..fresh(waiting.step.file, waiting.step.statements.len())
        };
        // Whoever has lost the lock does not overwrite what others have done since.
        let written = history.write_failure(connection, &row).await;
        written.map_err(ApplyError::session("write the history"))?;
    }
    Ok(())
}
