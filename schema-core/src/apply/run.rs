//! `apply`: the pending files of a directory, on a database.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::defer::{clock, put_off, settle};
use super::error::ApplyError;
use super::execute::{Target, Transactions, run, run_all};
use super::grants::{GrantGap, check_role, gaps};
use super::history::History;
use super::lock::{Lock, claim_work};
use super::observer::{Event, Observer};
use super::pending::{ExecOrder, Limit, Pending, PendingOptions, Step, pending};
use super::phases::{Deferred, expands_and_contracts, split};
use super::pooler::sessions;
use super::record::fresh;
use super::revision::{Progress, Revision, RevisionKind};
use super::session::{check_clean, check_session, locate, open, prepare};
use super::set_up;
use super::settings::{APPLICATION, Settings};
use crate::directory::{Directory, Hash, Version};
use crate::ident::{DEFAULT_SCHEMA, Ident};

/// How to apply.
#[derive(Clone, Debug)]
pub struct ApplyOptions {
    /// Tell what would be done, and write nothing: no file, no row, no table.
    pub dry_run: bool,
    /// How long to wait for another deployment.
    pub lock_timeout: Duration,
    /// The role that migrations run as; the one that connects, if `None`.
    pub set_role: Option<String>,
    /// How long a statement waits for a lock; zero for as long as it takes.
    pub statement_lock_timeout: Duration,
    /// How long a statement may take; zero for as long as it takes.
    pub statement_timeout: Duration,
    /// How long to try again what met a lock, a deadlock or a serialization failure; zero for not
    /// at all.
    pub retry_for: Duration,
    /// How the files share transactions.
    pub transactions: Transactions,
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
    /// Only this schema, as if it were the database: names without a schema mean it, the history is
    /// in it, and it alone has to be empty at first.
    pub only_schema: Option<String>,
    /// The environment, for `skip-on`.
    pub environment: Option<String>,
    /// What becomes of files that come before the last applied one.
    pub order: ExecOrder,
    /// The role that the app connects as: afterwards, it has to be able to use what it may.
    pub app_role: Option<String>,
}

impl ApplyOptions {
    fn settings(&self) -> Settings {
        Settings {
            role: self.set_role.as_deref().map(Ident::from),
            schema: self.only_schema.as_deref().map(Ident::from),
            lock_timeout: self.statement_lock_timeout,
            statement_timeout: self.statement_timeout,
        }
    }

    /// The schema that has to be the first of the search path.
    pub(super) fn first_schema(&self) -> &str {
        self.only_schema.as_deref().unwrap_or(&self.default_schema)
    }

    fn schema_of_history(&self) -> Option<&str> {
        self.only_schema
            .as_deref()
            .or(self.revisions_schema.as_deref())
    }
}

impl Default for ApplyOptions {
    fn default() -> Self {
        Self {
            dry_run: false,
            lock_timeout: Duration::from_secs(10),
            set_role: None,
            statement_lock_timeout: Duration::from_secs(2),
            statement_timeout: Duration::ZERO,
            retry_for: Duration::from_mins(1),
            transactions: Transactions::default(),
            allow_dirty: false,
            baseline: None,
            limit: Limit::None,
            revisions_schema: None,
            default_schema: DEFAULT_SCHEMA.to_owned(),
            only_schema: None,
            environment: None,
            order: ExecOrder::Linear,
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
    /// The files that wait for the next deployment.
    pub deferred: Vec<DeferredFile>,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// The file before which the observer wanted to stop.
    pub stopped_before: Option<String>,
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
/// by statement and goes on where it stopped. What met a lock is tried again from where the history
/// stands.
pub async fn apply(
    target: &PgConnectOptions,
    directory: &Directory,
    options: &ApplyOptions,
    observer: &mut dyn Observer,
) -> Result<ApplyReport, ApplyError> {
    check_directory(directory)?;
    apply_checked(target, directory, options, observer).await
}

/// Applies a directory that is known to be intact.
pub(super) async fn apply_checked(
    target: &PgConnectOptions,
    directory: &Directory,
    options: &ApplyOptions,
    observer: &mut dyn Observer,
) -> Result<ApplyReport, ApplyError> {
    let named = target.clone().application_name(APPLICATION);
    if options.dry_run {
        let (mut connection, _) = open(&named, &options.settings()).await?;
        check_session(&mut connection, options).await?;
        let began = clock(&mut connection).await?;
        let (history, revisions, set_up) = stand(&mut connection, options).await?;
        let pending = plan(directory, &revisions, options, began, set_up)?;
        if pending.first_run && pending.baseline.is_none() && !options.allow_dirty {
            check_clean(&mut connection, &history, options).await?;
        }
        let _ = connection.close().await;
        return Ok(report_of(&revisions, &pending));
    }
    // Behind a pooler a lock would stay on a server that somebody else gets next.
    let (mut waiting, connection) = sessions(&named).await?;
    let began = clock(&mut waiting).await?;
    let mut lock = Lock::acquire(waiting, options.lock_timeout, observer).await?;
    let mut result = apply_locked(
        &named, connection, directory, options, began, &mut lock, observer,
    )
    .await;
    if let Err(error) = &mut result {
        lock.advise(options.set_role.as_deref(), error).await;
    }
    lock.release().await;
    result
}

async fn apply_locked(
    options_of_target: &PgConnectOptions,
    mut connection: PgConnection,
    directory: &Directory,
    options: &ApplyOptions,
    began: Timestamp,
    lock: &mut Lock,
    observer: &mut dyn Observer,
) -> Result<ApplyReport, ApplyError> {
    let settings = options.settings();
    let process = prepare(&mut connection, &settings).await?;
    claim_work(&mut connection, options.lock_timeout, observer).await?;
    check_session(&mut connection, options).await?;
    if let Some(role) = &options.app_role {
        check_role(&mut connection, role).await?;
    }
    let (mut history, revisions, set_up) = stand(&mut connection, options).await?;
    let pending = plan(directory, &revisions, options, began, set_up)?;
    if pending.first_run && pending.baseline.is_none() && !options.allow_dirty {
        check_clean(&mut connection, &history, options).await?;
    }
    let mut report = ApplyReport {
        files: Vec::new(),
        dry_run: false,
        ..report_of(&revisions, &pending)
    };
    let gone = forgotten_attempts(directory, &revisions);
    let nothing_waits = pending.deferred.is_empty() && !set_up;
    if pending.steps.is_empty() && pending.baseline.is_none() && gone.is_empty() && nothing_waits {
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
        settings,
        patience: options.lock_timeout,
        connection,
        process,
        history,
        lock,
    };
    report.files = run_steps(&mut target, &pending.steps, options, observer).await?;
    if let Some(next) = pending.steps.get(report.files.len()) {
        report.stopped_before = Some(next.file.file_name.clone());
        let last = report.files.iter().map(|file| file.version.clone()).max();
        let before = report.from.clone().max(report.baseline.clone());
        report.to = last.max(before);
    }
    if report.stopped_before.is_none() {
        settle(&target.history, &mut target.connection, &pending.deferred).await?;
        if sets_up || set_up {
            set_up::end(&target.history, &mut target.connection).await?;
        }
    }
    report.grants = check_grants(&mut target.connection, directory, options).await?;
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

/// Where a database stands: its history, and whether it is still being set up.
async fn stand(
    connection: &mut PgConnection,
    options: &ApplyOptions,
) -> Result<(History, Vec<Revision>, bool), ApplyError> {
    let history = locate(connection, options.schema_of_history()).await?;
    let revisions = history
        .read(connection)
        .await
        .map_err(ApplyError::session("read the history"))?;
    let is_under_way = set_up::is_under_way(&history, connection).await?;
    Ok((history, revisions, is_under_way))
}

async fn run_steps(
    target: &mut Target<'_>,
    steps: &[Step<'_>],
    options: &ApplyOptions,
    observer: &mut dyn Observer,
) -> Result<Vec<AppliedFile>, ApplyError> {
    let times = if options.transactions == Transactions::All {
        run_all(target, steps, options.retry_for, observer).await?
    } else {
        let mut times = Vec::with_capacity(steps.len());
        for step in steps {
            if observer.wants_stop() {
                break;
            }
            times.push(run(target, step, options, observer).await?);
        }
        times
    };
    let files = steps.iter().zip(times);
    let files = files.map(|(step, elapsed)| AppliedFile {
        elapsed,
        ..AppliedFile::of(step)
    });
    Ok(files.collect())
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
    fn of(step: &Step<'_>) -> Self {
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
    let pending = pending(directory, revisions, &pending_options)
        .map(|pending| Pending {
            in_use: pending.in_use && !is_being_set_up,
            ..pending
        })
        .and_then(|pending| split(directory, revisions, pending, began))
        .map_err(ApplyError::Refused)?;
    options
        .transactions
        .check(&pending.steps)
        .map_err(ApplyError::Refused)?;
    Ok(pending)
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
        stopped_before: None,
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
