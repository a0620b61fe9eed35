//! Running files on a dev database: no history, no lock, as fast as it goes.

use std::time::Instant;

use sqlx::{AssertSqlSafe, PgConnection};

use super::batch::Batch;
use super::execute::is_in_transaction;
use super::failure::{ServerError, StatementFailure};
use super::observer::{Event, Observer};
use crate::directory::{MigrationFile, SplitError, SqlStatement};

/// What a file may leave behind in the session, undone: the next file starts as it would alone.
pub(crate) const RESET: [&str; 3] = ["RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL"];

/// Why the files do not replay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// A file that cannot be split into statements.
    #[error("`{file}`, {source}")]
    Split {
        /// The file name.
        file: String,
        /// Why.
        source: SplitError,
    },
    /// A statement that PostgreSQL refused.
    #[error("{0}")]
    Statement(Box<StatementFailure>),
    /// A file that failed as a whole, and none of its statements alone: the end of its transaction did.
    #[error("`{file}` fails at the end of its transaction: {server}")]
    File {
        /// The file name.
        file: String,
        /// What PostgreSQL said.
        server: Box<ServerError>,
    },
    /// A file that begins a transaction and does not end it.
    #[error("`{file}` leaves a transaction open")]
    OpenTransaction {
        /// The file name.
        file: String,
    },
}

impl ReplayError {
    /// The file that does not run.
    pub fn file(&self) -> &str {
        match self {
            Self::Statement(failure) => &failure.file,
            Self::Split { file, .. } | Self::File { file, .. } | Self::OpenTransaction { file } => {
                file
            }
        }
    }
}

/// Runs files in order. Nothing is recorded, and directives such as `skip-on` do not count.
///
/// Each file starts with the settings that the connection was opened with; others are reset.
/// A file that can is sent whole, as one transaction.
pub async fn replay(
    connection: &mut PgConnection,
    files: &[MigrationFile],
    observer: &mut dyn Observer,
) -> Result<(), ReplayError> {
    for file in files {
        let start = Instant::now();
        let statements = file.statements().map_err(|source| ReplayError::Split {
            file: file.file_name.clone(),
            source,
        })?;
        observer.event(Event::FileStarted {
            file,
            statements: statements.len(),
            done: 0,
        });
        if statements.is_empty() {
            observer.event(Event::FileDone {
                file,
                elapsed: start.elapsed(),
            });
            continue;
        }
        if file.is_one_transaction(&statements) {
            whole(connection, file, &statements).await?;
        } else {
            one_by_one(connection, file, &statements, observer).await?;
            if is_in_transaction(connection).await {
                let _ = execute(connection, "ROLLBACK").await;
                return Err(ReplayError::OpenTransaction {
                    file: file.file_name.clone(),
                });
            }
            let reset = execute(connection, &RESET.join("; ")).await;
            reset.map_err(|error| ReplayError::File {
                file: file.file_name.clone(),
                server: Box::new(ServerError::from(&error)),
            })?;
        }
        observer.event(Event::FileDone {
            file,
            elapsed: start.elapsed(),
        });
    }
    Ok(())
}

async fn whole(
    connection: &mut PgConnection,
    file: &MigrationFile,
    statements: &[SqlStatement<'_>],
) -> Result<(), ReplayError> {
    let mut batch = Batch::default();
    batch.command("BEGIN");
    for (index, statement) in statements.iter().enumerate() {
        batch.statement(index, statement);
    }
    for command in RESET {
        batch.command(command);
    }
    batch.command("COMMIT");
    let Err(error) = batch.run(connection).await else {
        return Ok(());
    };
    // What could not be rolled back is a lost connection, which shows in what comes next.
    let _ = execute(connection, "ROLLBACK").await;
    Err(match error.statement {
        Some(index) => ReplayError::Statement(Box::new(StatementFailure::of(
            file,
            &statements[index],
            index,
            statements.len(),
            error.server,
        ))),
        None => ReplayError::File {
            file: file.file_name.clone(),
            server: Box::new(error.server),
        },
    })
}

async fn one_by_one(
    connection: &mut PgConnection,
    file: &MigrationFile,
    statements: &[SqlStatement<'_>],
    observer: &mut dyn Observer,
) -> Result<(), ReplayError> {
    for (index, statement) in statements.iter().enumerate() {
        observer.event(Event::Statement {
            file,
            index,
            line: statement.line,
            sql: statement.text,
        });
        execute(connection, statement.text).await.map_err(|error| {
            ReplayError::Statement(Box::new(StatementFailure::new(
                file,
                statement,
                index,
                statements.len(),
                &error,
            )))
        })?;
    }
    Ok(())
}

/// One simple query, whatever it holds.
pub(crate) async fn execute(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map(|_| ())
}
