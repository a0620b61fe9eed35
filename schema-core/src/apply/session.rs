//! The connection to the target, and what has to be true of it.

use sqlx::Connection as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, Row as _};

use super::error::ApplyError;
use super::history::{History, LocateError, TABLE};
use super::replay::execute;
use super::settings::Settings;

/// Connects.
pub(super) async fn connect(target: &PgConnectOptions) -> Result<PgConnection, ApplyError> {
    let connection = PgConnection::connect_with(target)
        .await
        .map_err(ApplyError::connect(target))?;
    check_version(&connection)?;
    Ok(connection)
}

/// A connection that migrations run on, and the number of its process.
pub(super) async fn open(
    target: &PgConnectOptions,
    settings: &Settings,
) -> Result<(PgConnection, i32), ApplyError> {
    let mut connection = connect(target).await?;
    execute(&mut connection, &settings.sql())
        .await
        .map_err(ApplyError::session("set up the session"))?;
    let process = sqlx::query_scalar("SELECT pg_catalog.pg_backend_pid()")
        .persistent(false)
        .fetch_one(&mut connection)
        .await
        .map_err(ApplyError::session("set up the session"))?;
    Ok((connection, process))
}

/// Checks that migrations mean the same there as on the dev database.
///
/// They leave the default schema's name out, so it has to be the first of the search path.
pub(super) async fn check_session(
    connection: &mut PgConnection,
    expected: &str,
) -> Result<(), ApplyError> {
    let row = sqlx::query(
        "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_schema()::pg_catalog.text, \
         pg_catalog.current_setting('transaction_read_only') = 'on'",
    )
    .persistent(false)
    .fetch_one(connection)
    .await
    .map_err(ApplyError::session("look at the session"))?;
    if row
        .try_get(0)
        .map_err(ApplyError::session("look at the session"))?
    {
        return Err(ApplyError::Standby);
    }
    if row
        .try_get(2)
        .map_err(ApplyError::session("look at the session"))?
    {
        return Err(ApplyError::ReadOnly);
    }
    let found: Option<String> = row
        .try_get(1)
        .map_err(ApplyError::session("look at the session"))?;
    if found.as_deref() != Some(expected) {
        return Err(ApplyError::SearchPath {
            found,
            expected: expected.to_owned(),
        });
    }
    Ok(())
}

/// The oldest version whose catalog and statements we know.
const OLDEST: u32 = 14;

fn check_version(connection: &PgConnection) -> Result<(), ApplyError> {
    // Other products that speak the protocol may not tell.
    match connection
        .server_version_num()
        .map(|number| number / 10_000)
    {
        Some(major) if major < OLDEST => Err(ApplyError::ServerVersion {
            found: major,
            oldest: OLDEST,
        }),
        _ => Ok(()),
    }
}

pub(super) async fn locate(
    connection: &mut PgConnection,
    schema: Option<&str>,
) -> Result<History, ApplyError> {
    History::locate(connection, schema)
        .await
        .map_err(|error| match error {
            LocateError::Ambiguous(schemas) => ApplyError::AmbiguousHistory { schemas },
            LocateError::Server(error) => ApplyError::session("find the history table")(error),
        })
}

/// A database that is to get all migrations must not have anything in it.
pub(super) async fn check_clean(
    connection: &mut PgConnection,
    history: &History,
) -> Result<(), ApplyError> {
    let objects: Vec<String> = sqlx::query_scalar(include_str!("objects.sql"))
        .persistent(false)
        .bind(TABLE)
        .bind(history.schema().as_str())
        .fetch_all(connection)
        .await
        .map_err(ApplyError::session("see whether the database is empty"))?;
    if objects.is_empty() {
        Ok(())
    } else {
        Err(ApplyError::NotClean { objects })
    }
}
