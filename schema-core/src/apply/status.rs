//! Where a database stands.

use jiff::Timestamp;
use sqlx::Connection as _;
use sqlx::postgres::PgConnectOptions;

use super::error::ApplyError;
use super::pending::{Environment, Pending, PendingOptions, modified, out_of_order, pending_on};
use super::phases::split;
use super::revision::{Progress, Revision, RevisionKind};
use super::run::{DeferredFile, check_directory};
use super::session::{connect, locate};
use super::set_up;
use super::settings::APPLICATION;
use crate::directory::{Directory, MigrationFile, Version};

/// Where a database stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Status {
    /// Every version that directory or history know, in order.
    pub versions: Vec<VersionStatus>,
    /// The newest version that is applied.
    pub current: Option<Version>,
    /// The next that would be.
    pub next: Option<Version>,
    /// What the next deployment would do.
    pub next_apply: Outlook,
}

/// What the next deployment would do, to the end of the directory.
///
/// A file that is skipped in some environments counts as one that runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Outlook {
    /// The versions that it would execute, in order.
    pub runs: Vec<Version>,
    /// The files that it would put off.
    pub defers: Vec<DeferredFile>,
    /// Why it would execute nothing at all.
    pub refused: Option<String>,
}

/// A point in time; RFC 3339 in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Timestamp);

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// How far one version is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct VersionStatus {
    /// The version.
    pub version: Version,
    /// What the file name says after the version.
    pub description: String,
    /// The state.
    pub state: State,
    /// How many statements are executed.
    pub applied: usize,
    /// How many there are.
    pub total: usize,
    /// When the row was last written.
    pub executed_at: Option<Time>,
    /// Why it waits for the next deployment.
    pub deferred: Option<String>,
    /// The environment on which it was skipped; it never runs on this database.
    pub skipped_on: Option<String>,
    /// The environments on which it would be skipped.
    pub skips_on: Vec<String>,
    /// The error of the last attempt.
    pub error: Option<String>,
    /// The statement that failed.
    pub error_statement: Option<String>,
}

/// The state of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Done.
    Applied,
    /// The database was adopted here, or before.
    Baseline,
    /// Somebody said so (`set`), and nothing was executed, or not all of it.
    Resolved,
    /// Not for this environment, or part of a checkpoint.
    Skipped,
    /// Half done.
    Partial,
    /// Put off: the next deployment executes it.
    Deferred,
    /// To be done; a failed attempt may be on record.
    Pending,
    /// In the history, not in the directory.
    Missing,
    /// Changed after it was applied.
    Modified,
    /// Not applied, while a later one is.
    OutOfOrder,
}

impl Status {
    /// How many versions are in this state.
    pub fn count(&self, state: State) -> usize {
        self.versions
            .iter()
            .filter(|version| version.state == state)
            .count()
    }
}

/// Compares a directory with the history of a database. Nothing is written, and no lock taken.
pub async fn status(
    target: &PgConnectOptions,
    directory: &Directory,
    revisions_schema: Option<&str>,
) -> Result<Status, ApplyError> {
    check_directory(directory)?;
    let mut connection = connect(&target.clone().application_name(APPLICATION)).await?;
    let history = locate(&mut connection, revisions_schema).await?;
    let revisions = history
        .read(&mut connection)
        .await
        .map_err(ApplyError::session("read the history"))?;
    let is_in_use = !set_up::is_under_way(&history, &mut connection).await?;
    let _ = connection.close().await;
    Ok(compared(directory, &revisions, is_in_use))
}

/// The status, from the rows of a history, which are sorted by version.
pub fn compare(directory: &Directory, revisions: &[Revision]) -> Status {
    compared(directory, revisions, true)
}

fn compared(directory: &Directory, revisions: &[Revision], is_in_use: bool) -> Status {
    let recorded = revisions
        .iter()
        .filter(|row| row.is_recorded())
        .collect::<Vec<_>>();
    let late = out_of_order(directory, revisions);
    let modified = modified(directory, revisions).map(|(file, _)| file);
    let first_position = directory
        .files
        .iter()
        .position(|file| recorded.iter().any(|row| row.version == file.version));
    let checkpoint = directory
        .files
        .iter()
        .rposition(MigrationFile::is_checkpoint);
    let mut versions = Vec::new();
    for (position, file) in directory.files.iter().enumerate() {
        let row = revisions.iter().find(|row| row.version == file.version);
        let state = match row {
            Some(row) if row.progress() == Progress::Deferred => State::Deferred,
            Some(row) if row.is_recorded() => match state_of(row) {
                State::Applied
                    if modified.is_some_and(|modified| modified.version == file.version) =>
                {
                    State::Modified
                }
                state => state,
            },
            _ if late.iter().any(|late| late.version == file.version) => State::OutOfOrder,
            _ if first_position.is_some_and(|first| position < first) => State::Baseline,
            _ if !recorded.is_empty() && file.is_checkpoint() => State::Skipped,
            _ if recorded.is_empty()
                && checkpoint.is_some_and(|checkpoint| position < checkpoint) =>
            {
                State::Skipped
            }
            _ => State::Pending,
        };
        versions.push(version_status(
            file.version.clone(),
            file.description.clone(),
            state,
            row,
            file,
        ));
    }
    let known = revisions
        .iter()
        .filter(|row| row.progress() != Progress::Attempted);
    for row in known {
        if directory.file(&row.version).is_none() {
            let state = if row.kind == RevisionKind::BASELINE {
                State::Baseline
            } else {
                State::Missing
            };
            versions.push(VersionStatus {
                state,
                ..of_row(row)
            });
        }
    }
    versions.sort_by(|one, other| one.version.cmp(&other.version));
    let next_apply = outlook(directory, revisions, is_in_use);
    let is_open = |version: &&VersionStatus| {
        matches!(
            version.state,
            State::Partial | State::Deferred | State::Pending
        )
    };
    let open = versions.iter().find(is_open).map(|it| it.version.clone());
    Status {
        current: recorded.last().map(|row| row.version.clone()),
        next: next_apply.runs.first().cloned().or(open),
        next_apply,
        versions,
    }
}

/// What a deployment would do that begins after all that is on record.
fn outlook(directory: &Directory, revisions: &[Revision], is_in_use: bool) -> Outlook {
    let options = PendingOptions::default();
    let pending = pending_on(Environment::Any, directory, revisions, &options)
        .map(|pending| Pending {
            in_use: pending.in_use && is_in_use,
            ..pending
        })
        .and_then(|pending| split(directory, revisions, pending, Timestamp::MAX));
    match pending {
        Ok(pending) => Outlook {
            runs: pending
                .steps
                .iter()
                .map(|step| step.file.version.clone())
                .collect(),
            defers: pending.deferred.iter().map(DeferredFile::of).collect(),
            refused: None,
        },
        Err(refusal) => Outlook {
            refused: Some(refusal.to_string()),
            ..Outlook::default()
        },
    }
}

fn state_of(row: &Revision) -> State {
    if row.progress() == Progress::Partial {
        State::Partial
    } else if row.kind.has(RevisionKind::BASELINE) {
        State::Baseline
    } else if row.skipped_on().is_some() {
        State::Skipped
    } else if row.kind.has(RevisionKind::RESOLVED) {
        State::Resolved
    } else {
        State::Applied
    }
}

fn version_status(
    version: Version,
    description: String,
    state: State,
    row: Option<&Revision>,
    file: &MigrationFile,
) -> VersionStatus {
    let skips_on = match state {
        State::Pending | State::Deferred => file.skips_on().map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    match row {
        Some(row) => VersionStatus {
            state,
            skips_on,
            ..of_row(row)
        },
        None => VersionStatus {
            version,
            description,
            state,
            applied: 0,
            total: file.statements().map_or(0, |statements| statements.len()),
            executed_at: None,
            deferred: None,
            skipped_on: None,
            skips_on,
            error: None,
            error_statement: None,
        },
    }
}

fn of_row(row: &Revision) -> VersionStatus {
    let (deferred, error) = match row.deferral() {
        Some((_, reason)) => (Some(reason.to_owned()), None),
        None => (None, row.error.clone()),
    };
    VersionStatus {
        version: row.version.clone(),
        description: row.description.clone(),
        state: State::Applied,
        applied: row.applied,
        total: row.total,
        executed_at: Some(Time(row.executed_at)),
        deferred,
        skipped_on: row.skipped_on().map(str::to_owned),
        skips_on: Vec::new(),
        error,
        error_statement: row.error_statement.clone(),
    }
}
