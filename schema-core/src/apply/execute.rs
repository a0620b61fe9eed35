//! Running one file, so that whatever happens, the history says what stayed.

use std::time::Duration;

use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;

use super::batch::Batch;
use super::error::ApplyError;
use super::fault::{Fault, Place};
use super::history::History;
use super::leftover::{drop_leftover, holds_nobody_up, is_done, leaves_traces};
use super::lock::Lock;
use super::observer::{Event, Observer};
use super::pending::Step;
use super::record::{finish, fresh, is_cut_off, mark, record_failure, recorded};
use super::refusal::Refusal;
use super::replay::{RESET, execute};
use super::retry::Attempts;
use super::revision::{Revision, RevisionKind, skipped_by};
use super::run::ApplyOptions;
use super::settings::{Scope, Settings, set_application};
use super::watch::{News, watched};
use super::work::Work;
use crate::directory::{MigrationFile, SqlStatement, TxMode};

/// The target of a run.
pub(super) struct Target<'a> {
    pub options: &'a PgConnectOptions,
    pub settings: Settings,
    /// How long to wait for another session that works.
    pub patience: Duration,
    pub connection: PgConnection,
    /// The process of the connection.
    pub process: i32,
    pub history: History,
    pub lock: &'a mut Lock,
}

/// How the files of a run share transactions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transactions {
    /// One for each file, unless the file says otherwise.
    #[default]
    File,
    /// One for all files.
    All,
    /// One for each statement, unless the file says otherwise.
    None,
}

impl Transactions {
    /// Whether a file is one transaction with its row.
    fn is_one(self, step: &Step<'_>) -> bool {
        let wanted = match (self, step.file.declared_tx_mode()) {
            (_, Some(mode)) => mode == TxMode::File,
            (mode, None) => mode != Self::None,
        };
        step.skipped_on.is_some()
            || (wanted
                && !step
                    .statements
                    .iter()
                    .any(SqlStatement::controls_transaction))
    }

    /// Refuses files that cannot be in one transaction with the others, if that is wanted.
    pub(super) fn check(self, steps: &[Step<'_>]) -> Result<(), Refusal> {
        let apart = steps.iter().find(|step| !self.is_one(step));
        match (self, apart) {
            (Self::All, Some(step)) => Err(Refusal::NotInOne {
                file: step.file.file_name.clone(),
                own: step.file.declared_tx_mode() != Some(TxMode::None),
            }),
            _ => Ok(()),
        }
    }
}

/// Runs one file and records it.
pub(super) async fn run(
    target: &mut Target<'_>,
    step: &Step<'_>,
    options: &ApplyOptions,
    observer: &mut dyn Observer,
) -> Result<Duration, ApplyError> {
    let mut work = Work::new(step);
    let file = work.file();
    started(step, observer);
    let mut attempts = Attempts::new(options.retry_for);
    loop {
        check_lock(target, file).await?;
        let attempt = if options.transactions.is_one(step) {
            run_whole(target, &work, Ends::BOTH, observer).await
        } else {
            run_by_statement(target, &work, observer).await
        };
        let Err(fault) = attempt else { break };
        let before = work.done;
        work.done = record_failure(target, &work, &fault).await;
        if work.done == work.total() && work.total() > 0 {
            // Only the answer got lost.
            break;
        }
        if work.done > before {
            attempts.moved_on();
        }
        if matches!(fault.place, Place::Statement(index) if index < work.done) {
            continue;
        }
        if fault.is_not_ours_to_lock(&mut work.locks) {
            continue;
        }
        fault.learn(&mut work.locks);
        pause(fault, &work, &mut attempts, observer).await?;
    }
    let elapsed = work.start.elapsed();
    ended(step, elapsed, observer);
    Ok(elapsed)
}

/// Runs all files as one transaction and records them.
pub(super) async fn run_all(
    target: &mut Target<'_>,
    steps: &[Step<'_>],
    retry_for: Duration,
    observer: &mut dyn Observer,
) -> Result<Vec<Duration>, ApplyError> {
    let mut attempts = Attempts::new(retry_for);
    let mut locks = Vec::new();
    'attempts: loop {
        let mut times = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            let mut work = Work::new(step);
            work.locks.clone_from(&locks);
            check_lock(target, work.file()).await?;
            started(step, observer);
            let ends = Ends {
                begin: number == 0,
                commit: number + 1 == steps.len(),
            };
            if let Err(fault) = run_whole(target, &work, ends, observer).await {
                work.done = record_failure(target, &work, &fault).await;
                if ends.commit && work.done == work.total() && work.total() > 0 {
                    // Only the answer to the COMMIT got lost.
                    break;
                }
                if fault.is_not_ours_to_lock(&mut locks) {
                    continue 'attempts;
                }
                fault.learn(&mut locks);
                pause(fault, &work, &mut attempts, observer).await?;
                continue 'attempts;
            }
            times.push(work.start.elapsed());
        }
        times.resize(steps.len(), Duration::ZERO);
        for (step, elapsed) in steps.iter().zip(&times) {
            ended(step, *elapsed, observer);
        }
        return Ok(times);
    }
}

fn started(step: &Step<'_>, observer: &mut dyn Observer) {
    if step.skipped_on.is_none() {
        observer.event(Event::FileStarted {
            file: step.file,
            statements: step.statements.len(),
            done: step.done(),
        });
    }
}

fn ended(step: &Step<'_>, elapsed: Duration, observer: &mut dyn Observer) {
    let file = step.file;
    observer.event(if step.skipped_on.is_some() {
        Event::FileSkipped { file }
    } else {
        Event::FileDone { file, elapsed }
    });
}

async fn check_lock(target: &mut Target<'_>, file: &MigrationFile) -> Result<(), ApplyError> {
    if target.lock.is_held().await {
        return Ok(());
    }
    Err(ApplyError::LockLost {
        file: file.file_name.clone(),
    })
}

/// Waits before the next attempt, or says why there is none.
async fn pause(
    fault: Fault,
    work: &Work<'_>,
    attempts: &mut Attempts,
    observer: &mut dyn Observer,
) -> Result<(), ApplyError> {
    let is_passing = fault.is_passing();
    let blocker = fault.seen.blocker.clone();
    let pause = if is_passing { attempts.failed() } else { None };
    let Some(pause) = pause else {
        let mut error = fault.into_error(work);
        if is_passing {
            attempts.explain(&mut error, blocker.as_deref());
        }
        return Err(error);
    };
    observer.event(Event::Retry {
        file: work.file(),
        server: &fault.server,
        blocker: blocker.as_deref(),
        failures: attempts.failures(),
        pause,
    });
    tokio::time::sleep(pause).await;
    Ok(())
}

/// Which ends of a transaction a file makes.
#[derive(Clone, Copy, Debug)]
struct Ends {
    begin: bool,
    commit: bool,
}

impl Ends {
    const BOTH: Self = Self {
        begin: true,
        commit: true,
    };
}

/// Everything or nothing: the statements and the row are one transaction, and one query.
async fn run_whole(
    target: &mut Target<'_>,
    work: &Work<'_>,
    ends: Ends,
    observer: &mut dyn Observer,
) -> Result<(), Fault> {
    let mut batch = Batch::default();
    if ends.begin {
        batch.command("BEGIN");
    }
    let total = work.total();
    let mut row = fresh(work.file(), total);
    if let Some(environment) = &work.step.skipped_on {
        row.kind = RevisionKind::RESOLVED;
        row.total = 0;
        row.operator = skipped_by(environment);
    } else {
        row.applied = total;
        for statement in work.settings() {
            batch.command(statement.text);
        }
        let rest = work.step.statements.iter().enumerate().skip(work.done);
        for (index, statement) in rest {
            if index == work.done || !work.sets_name {
                let file = &work.file().file_name;
                batch.command(&set_application(Scope::Local, file, index, total));
            }
            if index == work.done && ends.begin {
                for lock in &work.locks {
                    batch.command(lock);
                }
            }
            batch.statement(index, statement);
        }
        for command in RESET {
            batch.command(command);
        }
        for command in target.settings.commands() {
            batch.command(&command);
        }
    }
    batch.command(&target.history.writing(&row));
    if ends.commit {
        batch.command("COMMIT");
    }
    if work.done < total && work.step.skipped_on.is_none() {
        tell_statement(work, work.done, observer);
    }
    run_watched(target, work, batch, observer).await
}

/// Statement by statement, the row after each.
async fn run_by_statement(
    target: &mut Target<'_>,
    work: &Work<'_>,
    observer: &mut dyn Observer,
) -> Result<(), Fault> {
    let step = work.step;
    let total = work.total();
    let mut revision = fresh(work.file(), total);
    for statement in work.settings() {
        execute(&mut target.connection, statement.text)
            .await
            .map_err(Fault::session("repeat the settings of the file"))?;
    }
    let mut in_transaction = false;
    for (index, statement) in step.statements.iter().enumerate().skip(work.done) {
        let mut is_done = false;
        if index == work.done {
            if leaves_traces(statement.text) {
                is_done = look_back(target, work, statement).await?;
            }
            mark(&mut revision, index, &work.hashes, statement);
            write(target, &revision).await?;
        }
        tell_statement(work, index, observer);
        match step.statements.get(index + 1) {
            Some(next) => mark(&mut revision, index + 1, &work.hashes, next),
            None => finish(&mut revision, work.start.elapsed()),
        }
        if is_done {
            write(target, &revision).await?;
            continue;
        }
        let controls = statement.controls_transaction();
        let alone = !controls && !in_transaction;
        let mut batch = Batch::default();
        if alone {
            batch.command("BEGIN");
        }
        if !controls && !work.sets_name {
            let file = &work.file().file_name;
            batch.command(&set_application(Scope::Local, file, index, total));
        }
        batch.statement(index, statement);
        batch.command(&target.history.writing(&revision));
        if alone {
            batch.command("COMMIT");
        }
        if let Err(fault) = run_watched(target, work, batch, observer).await {
            if in_transaction || !fault.server.wants_no_transaction() {
                return Err(fault.in_statement(index));
            }
            run_bare(target, work, index, &revision, observer).await?;
        }
        if controls {
            in_transaction = is_in_transaction(&mut target.connection).await;
        }
    }
    if in_transaction {
        return Err(Fault::open(work.file()));
    }
    if total <= work.done {
        finish(&mut revision, work.start.elapsed());
        write(target, &revision).await?;
    }
    reset(target)
        .await
        .map_err(Fault::session("reset the session"))
}

/// Looks for what an earlier attempt at a statement has left. True if that is all of it, because only
/// its record got lost.
async fn look_back(
    target: &mut Target<'_>,
    work: &Work<'_>,
    statement: &SqlStatement<'_>,
) -> Result<bool, Fault> {
    let Some(row) = recorded(target, work).await else {
        return Ok(false);
    };
    let connection = &mut target.connection;
    drop_leftover(connection, statement.text)
        .await
        .map_err(Fault::session("drop the index that a failed build left"))?;
    if !is_cut_off(&row) {
        return Ok(false);
    }
    is_done(connection, statement.text)
        .await
        .map_err(Fault::session(
            "see what the statement that was cut off has done",
        ))
}

/// A statement that PostgreSQL runs in no transaction, then the row.
async fn run_bare(
    target: &mut Target<'_>,
    work: &Work<'_>,
    index: usize,
    revision: &Revision,
    observer: &mut dyn Observer,
) -> Result<(), Fault> {
    let statement = &work.step.statements[index];
    let (file, total) = (&work.file().file_name, work.total());
    let mut before = vec!["ROLLBACK".to_owned()];
    let mut after = vec![target.history.writing(revision)];
    if !work.sets_name {
        before.push(set_application(Scope::Session, file, index, total));
    }
    if holds_nobody_up(statement.text) && !work.sets_lock_timeout {
        before.push("SET lock_timeout = 0".to_owned());
        after.push(target.settings.lock_timeout());
    }
    execute(&mut target.connection, &before.join("; "))
        .await
        .map_err(Fault::session("begin a statement"))?;
    let mut batch = Batch::default();
    batch.statement(index, statement);
    run_watched(target, work, batch, observer)
        .await
        .map_err(|fault| fault.in_statement(index))?;
    execute(&mut target.connection, &after.join("; "))
        .await
        .map_err(Fault::session("write the history"))
}

/// Sends a batch, and looks after it until it is done.
async fn run_watched(
    target: &mut Target<'_>,
    work: &Work<'_>,
    batch: Batch,
    observer: &mut dyn Observer,
) -> Result<(), Fault> {
    let mut tell = |news: News<'_>| match news {
        News::Statement(index) if index < work.total() => tell_statement(work, index, observer),
        News::Statement(_) => {}
        News::Waits(blocker) => observer.event(Event::Blocked {
            file: work.file(),
            blocker,
        }),
    };
    let running = batch.run(&mut target.connection);
    let (result, mut seen) = watched(running, target.process, target.lock, &mut tell).await;
    seen.statement = seen.statement.filter(|index| *index < work.total());
    result.map_err(|error| Fault::of(error, seen))
}

fn tell_statement(work: &Work<'_>, index: usize, observer: &mut dyn Observer) {
    let statement = &work.step.statements[index];
    observer.event(Event::Statement {
        file: work.file(),
        index,
        line: statement.line,
        sql: statement.text,
    });
}

async fn write(target: &mut Target<'_>, revision: &Revision) -> Result<(), Fault> {
    target
        .history
        .write(&mut target.connection, revision)
        .await
        .map_err(Fault::session("write the history"))
}

/// The session as every file finds it.
pub(super) async fn reset(target: &mut Target<'_>) -> Result<(), sqlx::Error> {
    let sql = format!("{}; {}", RESET.join("; "), target.settings.sql());
    execute(&mut target.connection, &sql).await
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
