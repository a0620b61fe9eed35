//! A pooler that gives a server away after each transaction is found by what it does, and refused.
//!
//! The advisory lock and everything that is set belong to a session. Behind such a pooler they would
//! stay on a server that somebody else gets next, and two deployments could run at once.

use std::fmt;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Error, PgConnection, Row as _};

use super::error::ApplyError;
use super::failure::ServerError;
use super::session::connect;
use super::tls;

/// A parameter that only a server knows what to do with: a pooler refuses or drops it.
const MARK: &str = "cargo_migrate.direct";

const PROCESS: &str = "SELECT pg_catalog.pg_backend_pid()";
const BEGIN: &str = "BEGIN; \
    SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('cargo_migrate.direct', true)";
/// The second connection may be idle for as long as somebody else has the lock.
const ROLLBACK: &str = "ROLLBACK; \
    SELECT pg_catalog.set_config(name, '0', false) \
    FROM pg_catalog.pg_settings \
    WHERE name = 'idle_session_timeout'";

/// How often to look where there is a pooler of some kind. One that is busy with others gives a
/// connection the server that it had before by chance, which is about half of the time.
const ROUNDS: usize = 40;

/// How long the second connection may be without a server.
const PATIENCE: Duration = Duration::from_secs(15);

/// What showed that there is a pooler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PoolerSign {
    /// Two connections had the same server process.
    Shared,
    /// A connection had one server process, and then another.
    Changed,
    /// No transaction could be begun on a second connection.
    Refused(Box<ServerError>),
    /// A second connection got no server for so long.
    NoServer(Duration),
}

impl fmt::Display for PoolerSign {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared => formatter.write_str("two connections share one server process"),
            Self::Changed => formatter.write_str("a connection does not keep its server process"),
            Self::Refused(server) => {
                write!(
                    formatter,
                    "a second connection gets no transaction: {server}"
                )
            }
            Self::NoServer(waited) => write!(
                formatter,
                "a second connection has waited {} s for a server process",
                waited.as_secs()
            ),
        }
    }
}

/// What to do about it.
pub(super) const HELP: &str = "\
migrations need two sessions of their own: connect to the server itself, or to a pool in session mode
with at least 2 servers. PgBouncer: the server's port, or `pool_mode = session` for this database or role;
Supabase: port 5432 instead of 6543; Neon: the host without `-pooler`; RDS Proxy: the database's own endpoint.
The app may go on through the pooler: DATABASE_URL_MIGRATION is for migrations alone";

/// Opens two connections that each keep a server process of their own.
///
/// In a pool that hands out the server it got back last, the second connection gets that of the
/// first. In one that goes round, the first has another the next time. In a busy one either happens
/// sooner or later.
pub(super) async fn sessions(
    target: &PgConnectOptions,
) -> Result<(PgConnection, PgConnection), ApplyError> {
    let mut pair = Pair {
        one: connect(target).await?,
        other: match tls::connect(&target.clone().options([(MARK, "yes")])).await {
            Ok(marked) => marked,
            // A pooler may not let it in with the mark.
            Err(Error::Database(_)) => connect(target).await?,
            Err(error) => return Err(failed(error)),
        },
        seen: None,
    };
    let mut rounds = 1;
    let direct = pair.round().await?;
    while !direct && rounds < ROUNDS {
        pair.round().await?;
        rounds += 1;
    }
    Ok((pair.one, pair.other))
}

/// Two connections, and the server processes that they had so far.
struct Pair {
    one: PgConnection,
    other: PgConnection,
    seen: Option<(i32, i32)>,
}

impl Pair {
    /// Compares the server processes once. Whether the server has got our mark.
    async fn round(&mut self) -> Result<bool, ApplyError> {
        let first = process(&mut self.one).await?;
        let again = process(&mut self.one).await?;
        let (held, direct) = begin(&mut self.other).await?;
        // At the same time: a pool that has nothing left for the first gets one back.
        let (last, ended) = tokio::join!(
            process(&mut self.one),
            sqlx::raw_sql(ROLLBACK).execute(&mut self.other)
        );
        ended.map_err(failed)?;
        let (one, other) = *self.seen.get_or_insert((first, held));
        let ones = [first, again, last?];
        if ones.contains(&held) {
            Err(refused(PoolerSign::Shared))
        } else if ones != [one; 3] || held != other {
            Err(refused(PoolerSign::Changed))
        } else {
            Ok(direct)
        }
    }
}

/// The server process that answers. Returns when the answer is complete, and a pool has it back.
async fn process(connection: &mut PgConnection) -> Result<i32, ApplyError> {
    let rows = sqlx::raw_sql(PROCESS).fetch_all(connection).await;
    let pid = rows.and_then(|rows| rows.first().ok_or(Error::RowNotFound)?.try_get(0));
    pid.map_err(failed)
}

/// The server process that a transaction holds, and whether the server has got our mark.
async fn begin(connection: &mut PgConnection) -> Result<(i32, bool), ApplyError> {
    let begun = sqlx::raw_sql(BEGIN).fetch_all(connection);
    let rows = match tokio::time::timeout(PATIENCE, begun).await {
        Ok(Ok(rows)) => rows,
        Ok(Err(error)) => {
            let server = ServerError::from(&error);
            return Err(if is_of_pooler(&server) {
                refused(PoolerSign::Refused(Box::new(server)))
            } else {
                failed(error)
            });
        }
        Err(_) => return Err(refused(PoolerSign::NoServer(PATIENCE))),
    };
    let row = rows.first().ok_or(Error::RowNotFound).map_err(failed)?;
    let mark: Option<String> = row.try_get(1).map_err(failed)?;
    Ok((row.try_get(0).map_err(failed)?, mark.is_some()))
}

/// Statement pooling has no transactions, and a pool that has nothing left says so in the end: both as
/// a `connection_exception`, which no server says of a `BEGIN`.
fn is_of_pooler(server: &ServerError) -> bool {
    let sqlstate = server.sqlstate.as_deref();
    sqlstate.is_some_and(|sqlstate| sqlstate.starts_with("08"))
}

fn failed(error: Error) -> ApplyError {
    ApplyError::session("look at the session")(error)
}

fn refused(sign: PoolerSign) -> ApplyError {
    ApplyError::Pooler { sign }
}
