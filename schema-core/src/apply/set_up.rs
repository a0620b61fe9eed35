//! A database that is being set up: no release has run on it, so nothing has to wait.
//!
//! Where the first run is cut off, the next one finds a history, and would take the database for
//! one that is in use. A comment on the history table says that it is not.

use sqlx::PgConnection;

use super::error::ApplyError;
use super::history::History;
use super::replay::execute;

/// The comment while the first run is not at its end.
const UNDER_WAY: &str = "cargo migrate has not come to the end of setting this database up";

/// Notes that the first run begins.
pub(super) async fn begin(history: &History, connection: &mut PgConnection) {
    let comment = format!("COMMENT ON TABLE {{table}} IS '{UNDER_WAY}'");
    // Whoever may not say so gets a database that counts as in use, which is on the safe side.
    let _ = execute(connection, &history.sql(&comment)).await;
}

/// Whether the first run has not come to its end.
pub(super) async fn is_under_way(
    history: &History,
    connection: &mut PgConnection,
) -> Result<bool, ApplyError> {
    let comment: Option<String> = sqlx::query_scalar(
        "SELECT pg_catalog.obj_description(pg_catalog.to_regclass($1), 'pg_class')",
    )
    .persistent(false)
    .bind(history.sql("{table}"))
    .fetch_one(connection)
    .await
    .map_err(ApplyError::session("find the history table"))?;
    Ok(comment.as_deref() == Some(UNDER_WAY))
}

/// Notes that the first run has come to its end.
pub(super) async fn end(
    history: &History,
    connection: &mut PgConnection,
) -> Result<(), ApplyError> {
    execute(connection, &history.sql("COMMENT ON TABLE {table} IS NULL"))
        .await
        .map_err(ApplyError::session("write the history"))
}
