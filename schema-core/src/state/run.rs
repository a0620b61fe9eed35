//! Running a plan on a scratch database.

use sqlx::PgConnection;

use crate::apply::{ServerError, execute};
use crate::ddl::{Ddl, ShimDdl};
use crate::directory::TxMode;
use crate::plan::{Stage, Statement};

/// A statement of ours that PostgreSQL refused.
#[derive(Debug, thiserror::Error)]
#[error("PostgreSQL refuses: {message}")]
pub struct Refused {
    /// The statement.
    pub statement: Box<Statement>,
    /// PostgreSQL's message.
    pub message: String,
    /// Its detail and hint, where it gave any.
    pub notes: Vec<String>,
    /// SQLSTATE.
    pub sqlstate: Option<String>,
    /// The line of the statement's text that PostgreSQL points at.
    pub line: Option<String>,
}

/// What went wrong while a plan ran.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// PostgreSQL refused a statement.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The connection failed.
    #[error("the dev database failed")]
    Connection(#[from] sqlx::Error),
}

/// Runs stages as their migration files would be run: each in a transaction of its own, or
/// statement by statement in none.
///
/// A transaction goes to the server as one batch; only when that fails its statements run one by
/// one, to find the one that is to blame.
pub async fn run(connection: &mut PgConnection, stages: &[Stage]) -> Result<(), RunError> {
    for stage in stages {
        match stage.tx_mode {
            TxMode::File => run_in_transaction(connection, stage).await?,
            TxMode::None => {
                run_one_by_one(connection, stage).await?;
                // What a file sets ends with it.
                execute(connection, "RESET ALL").await?;
            }
        }
    }
    Ok(())
}

async fn run_one_by_one(connection: &mut PgConnection, stage: &Stage) -> Result<(), RunError> {
    for statement in &stage.statements {
        let sql = statement.ddl.to_string();
        if let Err(error) = execute(connection, &sql).await {
            return Err(refused(statement, &sql, error));
        }
    }
    Ok(())
}

async fn run_in_transaction(connection: &mut PgConnection, stage: &Stage) -> Result<(), RunError> {
    let mut batch = String::from("BEGIN;\n");
    for statement in &stage.statements {
        batch.push_str(&statement.ddl.to_string());
        batch.push_str(";\n");
    }
    batch.push_str("COMMIT;");
    let Err(error) = execute(connection, &batch).await else {
        return Ok(());
    };
    execute(connection, "ROLLBACK").await?;
    if error.as_database_error().is_none() {
        return Err(error.into());
    }
    execute(connection, "BEGIN").await?;
    run_one_by_one(connection, stage).await?;
    // Refused only at the end: a deferred constraint.
    Err(error.into())
}

/// Asks PostgreSQL whether the functions of triggers can run: it looks into them only when they do.
pub(super) async fn probe(connection: &mut PgConnection, stages: &[Stage]) -> Result<(), RunError> {
    for statement in stages.iter().flat_map(|stage| &stage.statements) {
        let Ddl::Shim(ShimDdl::CreateTrigger(trigger)) = &statement.ddl else {
            continue;
        };
        for sql in trigger.probes() {
            if let Err(error) = execute(connection, &sql).await {
                return Err(refused(statement, &sql, error));
            }
        }
    }
    Ok(())
}

pub(super) fn refused(statement: &Statement, sql: &str, error: sqlx::Error) -> RunError {
    if error.as_database_error().is_none() {
        return error.into();
    }
    let server = ServerError::from(&error);
    Refused {
        statement: Box::new(statement.clone()),
        line: server.position.and_then(|position| line_at(sql, position)),
        message: server.message,
        notes: [server.detail, server.hint].into_iter().flatten().collect(),
        sqlstate: server.sqlstate,
    }
    .into()
}

/// The line that holds a character, which PostgreSQL counts from 1.
fn line_at(sql: &str, position: usize) -> Option<String> {
    let byte = sql
        .char_indices()
        .nth(position.checked_sub(1)?)
        .map(|(byte, _)| byte)?;
    let start = sql[..byte].rfind('\n').map_or(0, |newline| newline + 1);
    sql[start..]
        .lines()
        .next()
        .map(|line| line.trim().to_owned())
}
