//! A connection that was open before the migration, as those of a pool are.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::OldError;
use super::trial::{As, Outcome, Trial, run};

/// A connection on which statements were prepared, and planned, before the migration.
///
/// Between two calls it holds no lock and no transaction: the migration never waits for it. It is
/// the owner's: what the app's role may do shows when statements are planned.
#[derive(Debug)]
pub struct LiveConnection {
    connection: PgConnection,
    /// Calls of the statements that could be prepared, by their place among those given.
    calls: Vec<(usize, String)>,
    before: Vec<Outcome>,
}

/// A statement that worked on the connection before the migration and fails now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveFailure {
    /// Its place among those that were given.
    pub statement: usize,
    /// PostgreSQL's code.
    pub sqlstate: String,
    /// What PostgreSQL says.
    pub message: String,
}

impl LiveConnection {
    /// Connects and prepares statements, each with the number of its parameters.
    pub async fn open(
        options: &PgConnectOptions,
        statements: &[(&str, usize)],
    ) -> Result<Self, OldError> {
        let mut connection = options.connect().await.map_err(OldError::Connect)?;
        let prepare = statements.iter().enumerate();
        let prepare =
            prepare.map(|(nth, (sql, _))| Trial::of(vec![format!("PREPARE old_{nth} AS {sql}")]));
        let prepare: Vec<Trial> = prepare.collect();
        // A prepared statement outlives the transaction that made it, undone or not.
        let prepared = run(&mut connection, As::Owner, &prepare).await?;
        let calls = statements.iter().zip(prepared).enumerate();
        let calls = calls.filter(|(_, (_, outcome))| outcome.is_ok());
        let calls: Vec<(usize, String)> = calls
            .map(|(nth, ((_, parameters), _))| {
                (nth, format!("EXECUTE old_{nth}{}", nulls(*parameters)))
            })
            .collect();
        let mut live = Self {
            connection,
            calls,
            before: Vec::new(),
        };
        live.before = live.execute().await?;
        Ok(live)
    }

    /// The statements that worked before and fail now.
    pub async fn execute_all(&mut self) -> Result<Vec<LiveFailure>, OldError> {
        let now = self.execute().await?;
        let all = self.calls.iter().zip(&self.before).zip(now);
        let failed = all.filter_map(|(((nth, _), before), now)| {
            let now = now.err()?;
            let new = match before {
                Ok(_) => true,
                // What it was run with may not suit the table; its plan has to.
                Err(before) => before.sqlstate != now.sqlstate && is_of_the_plan(&now.sqlstate),
            };
            new.then_some(LiveFailure {
                statement: *nth,
                sqlstate: now.sqlstate,
                message: now.message,
            })
        });
        Ok(failed.collect())
    }

    /// Closes the connection.
    pub async fn close(self) {
        // A connection that is gone is closed too.
        let _ = self.connection.close().await;
    }

    async fn execute(&mut self) -> Result<Vec<Outcome>, OldError> {
        let trials = self
            .calls
            .iter()
            .map(|(_, call)| Trial::of(vec![call.clone()]));
        let trials: Vec<Trial> = trials.collect();
        run(&mut self.connection, As::Owner, &trials).await
    }
}

/// `cached plan must not change result type`, and `cache lookup failed for type`.
fn is_of_the_plan(sqlstate: &str) -> bool {
    matches!(sqlstate, "0A000" | "XX000")
}

/// The arguments of a call.
pub(super) fn nulls(count: usize) -> String {
    match count {
        0 => String::new(),
        _ => format!("({})", vec!["NULL"; count].join(", ")),
    }
}
