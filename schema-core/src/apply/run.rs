//! `apply`: the pending files of a directory, on a database.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::error::ApplyError;
use super::execute::{Target, fresh, run};
use super::grants::{GrantGap, check_role, gaps};
use super::lock::{Lock, LockError};
use super::observer::Observer;
use super::pending::{Limit, Pending, PendingOptions, pending};
use super::pooler::sessions;
use super::revision::{Progress, Revision, RevisionKind};
use super::session::{check_clean, check_session, connect, locate};
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
    /// The role that the app connects as: afterwards, it has to be able to use what it may.
    pub app_role: Option<String>,
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
            app_role: None,
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
    /// Whether nothing was written.
    pub dry_run: bool,
    /// What the app's role may use and cannot.
    pub grants: Vec<GrantGap>,
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
        let history = locate(&mut connection, options.revisions_schema.as_deref()).await?;
        let revisions = history
            .read(&mut connection)
            .await
            .map_err(ApplyError::session("read the history"))?;
        let pending = plan(directory, &revisions, options)?;
        if pending.first_run && pending.baseline.is_none() && !options.allow_dirty {
            check_clean(&mut connection, &history).await?;
        }
        let _ = connection.close().await;
        return Ok(report_of(&revisions, &pending));
    }
    // Behind a pooler a lock would stay on a server that somebody else gets next.
    let (waiting, connection) = sessions(&named).await?;
    let mut lock = Lock::acquire(waiting, options.lock_timeout, observer)
        .await
        .map_err(|error| match error {
            LockError::Held { holder, waited } => ApplyError::Locked { holder, waited },
            LockError::Server(error) => ApplyError::session("take the lock")(error),
        })?;
    let result = apply_locked(&named, connection, directory, options, &mut lock, observer).await;
    lock.release().await;
    result
}

async fn apply_locked(
    options_of_target: &PgConnectOptions,
    mut connection: PgConnection,
    directory: &Directory,
    options: &ApplyOptions,
    lock: &mut Lock,
    observer: &mut dyn Observer,
) -> Result<ApplyReport, ApplyError> {
    check_session(&mut connection, &options.default_schema).await?;
    if let Some(role) = &options.app_role {
        check_role(&mut connection, role).await?;
    }
    let mut history = locate(&mut connection, options.revisions_schema.as_deref()).await?;
    let revisions = history
        .read(&mut connection)
        .await
        .map_err(ApplyError::session("read the history"))?;
    let pending = plan(directory, &revisions, options)?;
    if pending.first_run && pending.baseline.is_none() && !options.allow_dirty {
        check_clean(&mut connection, &history).await?;
    }
    let mut report = ApplyReport {
        files: Vec::new(),
        dry_run: false,
        ..report_of(&revisions, &pending)
    };
    let gone = forgotten_attempts(directory, &revisions);
    if pending.steps.is_empty() && pending.baseline.is_none() && gone.is_empty() {
        report.grants = check_grants(&mut connection, directory, options).await?;
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
    report.grants = check_grants(&mut target.connection, directory, options).await?;
    let _ = target.connection.close().await;
    Ok(report)
}

/// What the app's role may use and cannot, where there is one.
async fn check_grants(
    connection: &mut PgConnection,
    directory: &Directory,
    options: &ApplyOptions,
) -> Result<Vec<GrantGap>, ApplyError> {
    match &options.app_role {
        Some(role) => gaps(connection, directory, role).await,
        None => Ok(Vec::new()),
    }
}

impl AppliedFile {
    fn of(step: &super::pending::Step<'_>) -> Self {
        Self {
            version: step.file.version.clone(),
            file: step.file.file_name.clone(),
            statements: if step.skip {
                0
            } else {
                step.statements.len() - step.done()
            },
            resumed_at: step.done(),
            skipped: step.skip,
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
) -> Result<Pending<'a>, ApplyError> {
    let pending_options = PendingOptions {
        baseline: options.baseline.clone(),
        limit: options.limit.clone(),
        environment: options.environment.clone(),
    };
    pending(directory, revisions, &pending_options).map_err(ApplyError::Refused)
}

fn report_of(revisions: &[Revision], pending: &Pending<'_>) -> ApplyReport {
    let from = revisions
        .iter()
        .rfind(|row| row.progress() != Progress::Attempted)
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
        dry_run: true,
        grants: Vec::new(),
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
