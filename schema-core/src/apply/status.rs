//! Where a database stands.

use jiff::Timestamp;
use sqlx::Connection as _;
use sqlx::postgres::PgConnectOptions;

use super::error::ApplyError;
use super::pending::{modified, out_of_order};
use super::revision::{Progress, Revision, RevisionKind};
use super::run::check_directory;
use super::session::{connect, locate};
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
    /// Recorded and not executed.
    Skipped,
    /// Half done.
    Partial,
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
    let mut connection = connect(&target.clone().application_name("cargo-migrate")).await?;
    let history = locate(&mut connection, revisions_schema).await?;
    let revisions = history
        .read(&mut connection)
        .await
        .map_err(ApplyError::session("read the history"))?;
    let _ = connection.close().await;
    Ok(compare(directory, &revisions))
}

/// The status, from the rows of a history.
pub fn compare(directory: &Directory, revisions: &[Revision]) -> Status {
    let recorded = revisions
        .iter()
        .filter(|row| row.progress() != Progress::Attempted)
        .collect::<Vec<_>>();
    let late = out_of_order(directory, &recorded);
    let modified = modified(directory, &recorded).map(|(file, _)| file);
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
            Some(row) if row.progress() != Progress::Attempted => match state_of(row) {
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
    for row in &recorded {
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
    let next = versions
        .iter()
        .find(|version| matches!(version.state, State::Partial | State::Pending));
    Status {
        current: recorded.last().map(|row| row.version.clone()),
        next: next.map(|version| version.version.clone()),
        versions,
    }
}

fn state_of(row: &Revision) -> State {
    if row.progress() == Progress::Partial {
        State::Partial
    } else if row.kind.has(RevisionKind::BASELINE) {
        State::Baseline
    } else if row.kind.has(RevisionKind::RESOLVED) && !row.kind.has(RevisionKind::EXECUTED) {
        State::Skipped
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
    match row {
        Some(row) => VersionStatus {
            state,
            ..of_row(row)
        },
        None => VersionStatus {
            version,
            description,
            state,
            applied: 0,
            total: file.statements().map_or(0, |statements| statements.len()),
            executed_at: None,
            error: None,
            error_statement: None,
        },
    }
}

fn of_row(row: &Revision) -> VersionStatus {
    VersionStatus {
        version: row.version.clone(),
        description: row.description.clone(),
        state: State::Applied,
        applied: row.applied,
        total: row.total,
        executed_at: Some(Time(row.executed_at)),
        error: row.error.clone(),
        error_statement: row.error_statement.clone(),
    }
}
