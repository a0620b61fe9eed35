//! The connection to the target, and what has to be true of it.

use sqlx::postgres::PgConnectOptions;
use sqlx::{PgConnection, Row as _};

use super::error::ApplyError;
use super::foreign::Predecessor;
use super::history::{History, LocateError, TABLE};
use super::replay::execute;
use super::run::ApplyOptions;
use super::settings::Settings;
use super::tls;

/// Connects.
pub(super) async fn connect(target: &PgConnectOptions) -> Result<PgConnection, ApplyError> {
    let connection = tls::connect(target)
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
    let process = prepare(&mut connection, settings).await?;
    Ok((connection, process))
}

/// Prepares a connection that migrations run on. Gives the number of its process.
pub(super) async fn prepare(
    connection: &mut PgConnection,
    settings: &Settings,
) -> Result<i32, ApplyError> {
    execute(connection, &settings.sql())
        .await
        .map_err(ApplyError::session("set up the session"))?;
    let process = sqlx::query_scalar("SELECT pg_catalog.pg_backend_pid()")
        .persistent(false)
        .fetch_one(connection)
        .await
        .map_err(ApplyError::session("set up the session"))?;
    Ok(process)
}

/// Checks that migrations mean the same there as on the dev database.
///
/// They leave the default schema's name out, so it has to be the first of the search path.
pub(super) async fn check_session(
    connection: &mut PgConnection,
    options: &ApplyOptions,
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
    let expected = options.first_schema();
    match &options.only_schema {
        _ if found.as_deref() == Some(expected) => Ok(()),
        Some(schema) => Err(ApplyError::NoSchema {
            schema: schema.clone(),
        }),
        None => Err(ApplyError::SearchPath {
            found,
            expected: expected.to_owned(),
        }),
    }
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

/// A database, or the one schema, that is to get all migrations must not have anything in it.
pub(super) async fn check_clean(
    connection: &mut PgConnection,
    history: &History,
    options: &ApplyOptions,
) -> Result<(), ApplyError> {
    let objects: Vec<String> = sqlx::query_scalar(include_str!("objects.sql"))
        .persistent(false)
        .bind(TABLE)
        .bind(history.schema().as_str())
        .bind(options.only_schema.as_deref())
        .bind(Predecessor::ALL.map(Predecessor::table).as_slice())
        .fetch_all(connection)
        .await
        .map_err(ApplyError::session("see whether the database is empty"))?;
    if objects.is_empty() {
        Ok(())
    } else {
        Err(ApplyError::NotClean { objects })
    }
}
