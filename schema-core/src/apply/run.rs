//! `apply`: the pending files of a directory, on a database.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::Connection as _;
use sqlx::postgres::PgConnectOptions;

use super::defer::{clock, put_off, settle};
use super::error::ApplyError;
use super::execute::{Target, fresh, run};
use super::lock::{Lock, LockError};
use super::observer::{Event, Observer};
use super::pending::{ExecOrder, Limit, Pending, PendingOptions, pending};
use super::phases::{Deferred, expands_and_contracts, split};
use super::revision::{Progress, Revision, RevisionKind};
use super::session::{check_clean, check_session, connect, locate};
use super::set_up;
use crate::directory::{Directory, Hash, Version};
use crate::ident::DEFAULT_SCHEMA;

/// How to apply.
#[derive(Clone, Debug)]
pub struct ApplyOptions {
    /// Tell what would be done, and write nothing: no file, no row, no table.
    pub dry_run: bool,
    /// How long to wait for another deployment.
    pub lock_timeout: Duration,
    /// Run all files on a database that has no history and is not empty.
    pub allow_dirty: bool,
    /// Adopt a database that has no history: the version that it is at.
    pub baseline: Option<Version>,
    /// How far to go.
    pub limit: Limit,
    /// The schema of the history table; where it is, or one of its own, if `None`.
    pub revisions_schema: Option<String>,
    /// The schema that names without one mean; the session has to agree.
    pub default_schema: String,
    /// The environment, for `skip-on`.
    pub environment: Option<String>,
    /// What becomes of files that come before the last applied one.
    pub order: ExecOrder,
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            dry_run: false,
            lock_timeout: Duration::from_secs(10),
            allow_dirty: false,
            baseline: None,
            limit: Limit::None,
            revisions_schema: None,
            default_schema: DEFAULT_SCHEMA.to_owned(),
            environment: None,
            order: ExecOrder::Linear,
        }
    }
}

/// What was done, or would be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ApplyReport {
    /// The newest version of the database before.
    pub from: Option<Version>,
    /// The newest version of the database now, or after a real run.
    pub to: Option<Version>,
    /// The version at which the database was adopted.
    pub baseline: Option<Version>,
    /// The files, in order.
    pub files: Vec<AppliedFile>,
    /// The files that wait for the next deployment.
    pub deferred: Vec<DeferredFile>,
    /// Whether nothing was written.
    pub dry_run: bool,
}

/// A file of a report.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AppliedFile {
    /// The version.
    pub version: Version,
    /// The file name.
    pub file: String,
    /// How many statements ran, or would.
    pub statements: usize,
    /// How many had run before.
    pub resumed_at: usize,
    /// Whether it was only recorded.
    pub skipped: bool,
    /// How long it took; zero in a dry run.
    pub elapsed: Duration,
}

/// A file that waits for the next deployment.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DeferredFile {
    /// The version.
    pub version: Version,
    /// The file name.
    pub file: String,
    /// Why it waits.
    pub reason: String,
}

/// Applies the pending files of a directory.
///
/// One deployment at a time, which an advisory lock sees to. Each file is a transaction with its
/// row of the history; a file with `txmode none`, or with transactions of its own, runs statement
/// by statement and goes on where it stopped.
pub async fn apply(
    target: &PgConnectOptions,
    directory: &Directory,
    options: &ApplyOptions,
    observer: &mut dyn Observer,
) -> Result<ApplyReport, ApplyError> {
    check_directory(directory)?;
    let named = target.clone().application_name("cargo-migrate");
    if options.dry_run {
        let mut connection = connect(&named).await?;
        check_session(&mut connection, &options.default_schema).await?;
        let began = clock(&mut connection).await?;
        let history = locate(&mut connection, options.revisions_schema.as_deref()).await?;
        let revisions = history
            .read(&mut connection)
            .await
            .map_err(ApplyError::session("read the history"))?;
        let set_up = set_up::is_under_way(&history, &mut connection).await?;
        let pending = plan(directory, &revisions, options, began, set_up)?;
        if pending.first_run && pending.baseline.is_none() && !options.allow_dirty {
            check_clean(&mut connection, &history).await?;
        }
        let _ = connection.close().await;
        return Ok(report_of(&revisions, &pending));
    }
    let mut waiting = connect(&named).await?;
    let began = clock(&mut waiting).await?;
    let mut lock = Lock::acquire(waiting, options.lock_timeout, observer)
        .await
        .map_err(|error| match error {
            LockError::Held { holder, waited } => ApplyError::Locked { holder, waited },
            LockError::Server(error) => ApplyError::session("take the lock")(error),
        })?;
    let result = apply_locked(&named, directory, options, began, &mut lock, observer).await;
    lock.release().await;
    result
}

async fn apply_locked(
    options_of_target: &PgConnectOptions,
    directory: &Directory,
    options: &ApplyOptions,
    began: Timestamp,
    lock: &mut Lock,
    observer: &mut dyn Observer,
) -> Result<ApplyReport, ApplyError> {
    let mut connection = connect(options_of_target).await?;
    check_session(&mut connection, &options.default_schema).await?;
    let mut history = locate(&mut connection, options.revisions_schema.as_deref()).await?;
    let revisions = history
        .read(&mut connection)
        .await
        .map_err(ApplyError::session("read the history"))?;
    let set_up = set_up::is_under_way(&history, &mut connection).await?;
    let pending = plan(directory, &revisions, options, began, set_up)?;
    if pending.first_run && pending.baseline.is_none() && !options.allow_dirty {
        check_clean(&mut connection, &history).await?;
    }
    let mut report = ApplyReport {
        files: Vec::new(),
        dry_run: false,
        ..report_of(&revisions, &pending)
    };
    let gone = forgotten_attempts(directory, &revisions);
    let nothing_waits = pending.deferred.is_empty() && !set_up;
    if pending.steps.is_empty() && pending.baseline.is_none() && gone.is_empty() && nothing_waits {
        let _ = connection.close().await;
        return Ok(report);
    }
    history
        .create(&mut connection)
        .await
        .map_err(ApplyError::session("create the history table"))?;
    for version in gone {
        history
            .remove(&mut connection, version)
            .await
            .map_err(ApplyError::session("write the history"))?;
    }
    if let Some(file) = pending.baseline {
        let row = Revision {
            kind: RevisionKind::BASELINE,
            hash: Hash::new(""),
            ..fresh(file, 0)
        };
        history
            .write(&mut connection, &row)
            .await
            .map_err(ApplyError::session("write the history"))?;
    }
    let sets_up = !pending.in_use && expands_and_contracts(directory, &pending.steps);
    if sets_up {
        set_up::begin(&history, &mut connection).await;
    }
    put_off(&history, &mut connection, &revisions, &pending.deferred).await?;
    for waiting in &pending.deferred {
        observer.event(Event::FileDeferred {
            file: waiting.step.file,
            reason: &waiting.reason,
        });
    }
    let mut target = Target {
        options: options_of_target,
        connection,
        history,
    };
    for step in &pending.steps {
        if !lock.is_held().await {
            return Err(ApplyError::LockLost {
                file: step.file.file_name.clone(),
            });
        }
        let elapsed = run(&mut target, step, observer).await?;
        report.files.push(AppliedFile {
            elapsed,
            ..AppliedFile::of(step)
        });
    }
    settle(&target.history, &mut target.connection, &pending.deferred).await?;
    if sets_up || set_up {
        set_up::end(&target.history, &mut target.connection).await?;
    }
    let _ = target.connection.close().await;
    Ok(report)
}

impl DeferredFile {
    pub(super) fn of(waiting: &Deferred<'_>) -> Self {
        Self {
            version: waiting.step.file.version.clone(),
            file: waiting.step.file.file_name.clone(),
            reason: waiting.reason.clone(),
        }
    }
}

impl AppliedFile {
    fn of(step: &super::pending::Step<'_>) -> Self {
        Self {
            version: step.file.version.clone(),
            file: step.file.file_name.clone(),
            statements: if step.skipped_on.is_some() {
                0
            } else {
                step.statements.len() - step.done()
            },
            resumed_at: step.done(),
            skipped: step.skipped_on.is_some(),
            elapsed: Duration::ZERO,
        }
    }
}

/// A directory that is not what it was hashed as is not executed.
pub(super) fn check_directory(directory: &Directory) -> Result<(), ApplyError> {
    // Bad directives and SQL count where they are executed: `pending` looks at those.
    match directory.verify_history().into_iter().next() {
        None => Ok(()),
        Some(problem) => Err(ApplyError::Directory(Box::new(problem))),
    }
}

fn plan<'a>(
    directory: &'a Directory,
    revisions: &'a [Revision],
    options: &ApplyOptions,
    began: Timestamp,
    is_being_set_up: bool,
) -> Result<Pending<'a>, ApplyError> {
    let pending_options = PendingOptions {
        baseline: options.baseline.clone(),
        limit: options.limit.clone(),
        environment: options.environment.clone(),
        order: options.order,
    };
    pending(directory, revisions, &pending_options)
        .map(|pending| Pending {
            in_use: pending.in_use && !is_being_set_up,
            ..pending
        })
        .and_then(|pending| split(directory, revisions, pending, began))
        .map_err(ApplyError::Refused)
}

fn report_of(revisions: &[Revision], pending: &Pending<'_>) -> ApplyReport {
    let from = revisions
        .iter()
        .rfind(|row| row.is_recorded())
        .map(|row| row.version.clone());
    let baseline = pending.baseline.map(|file| file.version.clone());
    let last = pending
        .steps
        .iter()
        .map(|step| step.file.version.clone())
        .max();
    ApplyReport {
        to: from.clone().max(baseline.clone()).max(last),
        from,
        baseline,
        files: pending.steps.iter().map(AppliedFile::of).collect(),
        deferred: pending.deferred.iter().map(DeferredFile::of).collect(),
        dry_run: true,
    }
}

/// Attempts at files that are no more: the file was taken back, and nothing of it stayed.
fn forgotten_attempts<'a>(directory: &Directory, revisions: &'a [Revision]) -> Vec<&'a Version> {
    let attempts = revisions
        .iter()
        .filter(|row| row.progress() == Progress::Attempted);
    attempts
        .map(|row| &row.version)
        .filter(|version| directory.file(version).is_none())
        .collect()
}
