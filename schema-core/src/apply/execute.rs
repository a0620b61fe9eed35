//! Running one file, so that whatever happens, the history says what stayed.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;

use super::error::ApplyError;
use super::failure::{ServerError, StatementFailure};
use super::history::History;
use super::leftover::{builds_concurrently, drop_leftover};
use super::observer::{Event, Observer};
use super::pending::Step;
use super::replay::{RESET, execute};
use super::revision::{Revision, RevisionKind, skipped_by};
use super::session::connect;
use crate::directory::{Hash, MigrationFile, SqlStatement, StatementChain};

/// What a half-done file's row says while a statement runs. It stays only if the run is cut off.
const CUT_OFF: &str = "cargo migrate was cut off while this statement ran";

/// The target of a run.
pub(super) struct Target<'a> {
    pub options: &'a PgConnectOptions,
    pub connection: PgConnection,
    pub history: History,
}

/// Runs one file and records it.
pub(super) async fn run(
    target: &mut Target<'_>,
    step: &Step<'_>,
    observer: &mut dyn Observer,
) -> Result<Duration, ApplyError> {
    let file = step.file;
    let start = Instant::now();
    if let Some(environment) = &step.skipped_on {
        let revision = Revision {
            kind: RevisionKind::RESOLVED,
            total: 0,
            operator: skipped_by(environment),
            ..fresh(file, 0)
        };
        let written = target
            .history
            .write(&mut target.connection, &revision)
            .await;
        written.map_err(ApplyError::session("write the history"))?;
        observer.event(Event::FileSkipped { file });
        return Ok(start.elapsed());
    }
    observer.event(Event::FileStarted {
        file,
        statements: step.statements.len(),
        done: step.done(),
    });
    if step.resume.is_none() && file.is_one_transaction(&step.statements) {
        run_in_transaction(target, step, start, observer).await?;
    } else {
        run_by_statement(target, step, start, observer).await?;
    }
    let elapsed = start.elapsed();
    observer.event(Event::FileDone { file, elapsed });
    Ok(elapsed)
}

/// Everything or nothing: the statements and the row are one transaction.
async fn run_in_transaction(
    target: &mut Target<'_>,
    step: &Step<'_>,
    start: Instant,
    observer: &mut dyn Observer,
) -> Result<(), ApplyError> {
    let file = step.file;
    let total = step.statements.len();
    let connection = &mut target.connection;
    execute(connection, "BEGIN")
        .await
        .map_err(ApplyError::session("begin a transaction"))?;
    for (index, statement) in step.statements.iter().enumerate() {
        observer.event(Event::Statement {
            file,
            index,
            line: statement.line,
            sql: statement.text,
        });
        if let Err(error) = execute(connection, statement.text).await {
            let failure = StatementFailure::new(file, statement, index, total, &error);
            record_failure(
                target,
                step,
                &[],
                &failure.server.message,
                Some(statement.text),
            )
            .await;
            return Err(ApplyError::Statement {
                failure: Box::new(failure),
                applied: 0,
                interrupted_before: false,
            });
        }
    }
    let done = Revision {
        applied: total,
        execution_time: start.elapsed(),
        ..fresh(file, total)
    };
    let result = async {
        execute(connection, RESET).await?;
        target.history.write(connection, &done).await?;
        execute(connection, "COMMIT").await
    };
    if let Err(error) = result.await {
        let server = ServerError::from(&error);
        let applied = record_failure(target, step, &[], &server.message, None).await;
        // Only the answer to the COMMIT got lost.
        if applied == total && total > 0 {
            return Ok(());
        }
        return Err(ApplyError::Commit {
            file: file.file_name.clone(),
            server: Box::new(server),
        });
    }
    Ok(())
}

/// Statement by statement, the row after each; goes on where an earlier run stopped.
async fn run_by_statement(
    target: &mut Target<'_>,
    step: &Step<'_>,
    start: Instant,
    observer: &mut dyn Observer,
) -> Result<(), ApplyError> {
    let file = step.file;
    let total = step.statements.len();
    let mut chain = StatementChain::default();
    let hashes = step
        .statements
        .iter()
        .map(|statement| chain.add(statement.text))
        .collect::<Vec<_>>();
    let mut revision = fresh(file, total);
    let cut_off_at = step
        .resume
        .filter(|row| row.error.as_deref() == Some(CUT_OFF))
        .map(|row| row.applied);
    // A setting ends with its session; what ran then may have set what is to come.
    for statement in step.statements[..step.done()]
        .iter()
        .filter(|statement| statement.sets_session())
    {
        execute(&mut target.connection, statement.text)
            .await
            .map_err(ApplyError::session("repeat the settings of the file"))?;
    }
    let mut in_transaction = false;
    for (index, statement) in step.statements.iter().enumerate().skip(step.done()) {
        if index == step.done() {
            if builds_concurrently(statement.text) && is_recorded(target, file).await {
                let dropped = drop_leftover(&mut target.connection, statement.text).await;
                dropped.map_err(ApplyError::session(
                    "drop the index that a failed build left",
                ))?;
            }
            mark(&mut revision, index, &hashes, statement);
            let written = target
                .history
                .write(&mut target.connection, &revision)
                .await;
            written.map_err(ApplyError::session("write the history"))?;
        }
        observer.event(Event::Statement {
            file,
            index,
            line: statement.line,
            sql: statement.text,
        });
        match step.statements.get(index + 1) {
            Some(next) => mark(&mut revision, index + 1, &hashes, next),
            None => finish(&mut revision, start.elapsed()),
        }
        let controls = statement.controls_transaction();
        let result = if controls || in_transaction {
            run_and_record(target, statement, &revision).await
        } else {
            run_with_record(target, statement, &revision).await
        };
        if let Err(error) = result {
            let failure = StatementFailure::new(file, statement, index, total, &error);
            let message = &failure.server.message;
            let applied =
                record_failure(target, step, &hashes, message, Some(statement.text)).await;
            if applied == total {
                return Ok(());
            }
            return Err(ApplyError::Statement {
                failure: Box::new(failure),
                applied,
                interrupted_before: cut_off_at == Some(index),
            });
        }
        if controls {
            in_transaction = is_in_transaction(&mut target.connection).await;
        }
    }
    if in_transaction {
        let error = ApplyError::OpenTransaction {
            file: file.file_name.clone(),
        };
        record_failure(target, step, &hashes, &error.to_string(), None).await;
        return Err(error);
    }
    if step.statements.len() <= step.done() {
        finish(&mut revision, start.elapsed());
        let written = target
            .history
            .write(&mut target.connection, &revision)
            .await;
        written.map_err(ApplyError::session("write the history"))?;
    }
    execute(&mut target.connection, RESET)
        .await
        .map_err(ApplyError::session("reset the session"))
}

/// Statement and row as one transaction, unless the statement cannot be in one.
async fn run_with_record(
    target: &mut Target<'_>,
    statement: &SqlStatement<'_>,
    revision: &Revision,
) -> Result<(), sqlx::Error> {
    let connection = &mut target.connection;
    execute(connection, "BEGIN").await?;
    match execute(connection, statement.text).await {
        Ok(()) => {
            target.history.write(connection, revision).await?;
            execute(connection, "COMMIT").await
        }
        Err(error) => {
            let must_be_alone = ServerError::from(&error).wants_no_transaction();
            if execute(connection, "ROLLBACK").await.is_err() || !must_be_alone {
                return Err(error);
            }
            run_and_record(target, statement, revision).await
        }
    }
}

/// The statement, then the row. Inside a transaction of the file's own, both are part of it.
async fn run_and_record(
    target: &mut Target<'_>,
    statement: &SqlStatement<'_>,
    revision: &Revision,
) -> Result<(), sqlx::Error> {
    execute(&mut target.connection, statement.text).await?;
    target.history.write(&mut target.connection, revision).await
}

/// Puts a failure on record. Returns how many statements of the file are applied, after all.
async fn record_failure(
    target: &mut Target<'_>,
    step: &Step<'_>,
    hashes: &[Hash],
    message: &str,
    sql: Option<&str>,
) -> usize {
    if !settle(target).await {
        return step.done();
    }
    let applied = kept(target, step).await;
    let revision = Revision {
        applied,
        partial_hashes: hashes.iter().take(applied).cloned().collect(),
        error: Some(message.to_owned()),
        error_statement: sql.map(str::to_owned),
        ..fresh(step.file, step.statements.len())
    };
    // The failure itself is what the user has to see; a record of it is worth a try.
    let _ = target
        .history
        .write_failure(&mut target.connection, &revision)
        .await;
    // A COMMIT whose answer got lost may still have been under way; the write waited for it.
    kept(target, step).await
}

/// Whether the history knows of an earlier run, if only of one that left nothing.
async fn is_recorded(target: &mut Target<'_>, file: &MigrationFile) -> bool {
    let rows = target.history.read(&mut target.connection).await;
    rows.is_ok_and(|rows| rows.iter().any(|row| row.version == file.version))
}

/// How many statements the history has.
async fn kept(target: &mut Target<'_>, step: &Step<'_>) -> usize {
    let rows = target
        .history
        .read(&mut target.connection)
        .await
        .unwrap_or_default();
    let row = rows.iter().find(|row| row.version == step.file.version);
    row.map_or(step.done(), |row| row.applied)
}

/// Ends whatever transaction is open; connects again if the connection was lost.
async fn settle(target: &mut Target<'_>) -> bool {
    let settled = execute(&mut target.connection, "ROLLBACK").await.is_ok()
        && execute(&mut target.connection, RESET).await.is_ok();
    if settled {
        return true;
    }
    let Ok(connection) = connect(target.options).await else {
        return false;
    };
    target.connection = connection;
    true
}

/// The row while statement `index` runs.
fn mark(revision: &mut Revision, index: usize, hashes: &[Hash], statement: &SqlStatement<'_>) {
    revision.applied = index;
    revision.partial_hashes = hashes[..index].to_vec();
    revision.error = Some(CUT_OFF.to_owned());
    revision.error_statement = Some(statement.text.to_owned());
}

fn finish(revision: &mut Revision, elapsed: Duration) {
    revision.applied = revision.total;
    revision.partial_hashes.clear();
    revision.error = None;
    revision.error_statement = None;
    revision.execution_time = elapsed;
}

pub(crate) async fn is_in_transaction(connection: &mut PgConnection) -> bool {
    // Only inside a transaction is there anything to save.
    execute(
        connection,
        "SAVEPOINT cargo_migrate; RELEASE SAVEPOINT cargo_migrate",
    )
    .await
    .is_ok()
}

/// The row of a file of which nothing is executed yet.
pub(super) fn fresh(file: &MigrationFile, total: usize) -> Revision {
    Revision {
        version: file.version.clone(),
        description: file.description.clone(),
        kind: RevisionKind::EXECUTED,
        applied: 0,
        total,
        executed_at: Timestamp::UNIX_EPOCH,
        execution_time: Duration::ZERO,
        error: None,
        error_statement: None,
        hash: file.hash.clone().unwrap_or_else(|| Hash::new("")),
        partial_hashes: Vec::new(),
        operator: String::new(),
    }
}
