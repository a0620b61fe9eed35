//! `set`: the history says from now on that a database is at a version. No migration runs.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

use super::error::ApplyError;
use super::locked::Locked;
use super::observer::Observer;
use super::refusal::Refusal;
use super::replay::execute;
use super::revision::{Progress, Revision, RevisionKind};
use super::run::check_directory;
use crate::directory::{Directory, MigrationFile, Version};

/// How to set a version.
#[derive(Clone, Debug)]
pub struct SetOptions {
    /// The version; the newest of the directory if `None`.
    pub version: Option<Version>,
    /// Tell what would be done, and write nothing.
    pub dry_run: bool,
    /// The versions whose rows may be removed; any if `None`.
    pub may_remove: Option<Vec<Version>>,
    /// How long to wait for a deployment.
    pub lock_timeout: Duration,
    /// The schema of the history table; where it is, or one of its own, if `None`.
    pub revisions_schema: Option<String>,
}

/// What was done to the history, or would be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SetReport {
    /// The version that the database is at; `None` where the directory is empty.
    pub version: Option<Version>,
    /// Files that have no row yet and count as done now.
    pub added: Vec<SetFile>,
    /// Rows of files that are not done and count as done now.
    pub resolved: Vec<SetFile>,
    /// Rows behind the version, which go.
    pub removed: Vec<SetFile>,
    /// Whether nothing was written.
    pub dry_run: bool,
}

/// A version of a report.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SetFile {
    /// The version.
    pub version: Version,
    /// What the file name says after the version.
    pub description: String,
    /// How many of its statements have been executed by a migration tool.
    pub executed: usize,
    /// What count as executed now although no tool has executed them.
    pub statements: Vec<SetStatement>,
}

/// A statement of a half-done file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SetStatement {
    /// Which statement, from 0.
    pub index: usize,
    /// The line that it begins on.
    pub line: u32,
    /// Its text.
    pub sql: String,
}

/// Why the version was not set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// For the same reasons as nothing can be applied.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// Rows would be removed that nobody has agreed to.
    #[error("the rows of {} would be removed from the history as well", versions.iter().map(Version::as_str).collect::<Vec<_>>().join(", "))]
    Unexpected {
        /// The versions.
        versions: Vec<Version>,
    },
}

/// Makes the history say that the database is at a version, in one transaction under the lock.
///
/// Rows behind the version go, what is half done counts as done, and files up to the version
/// without a row get one. Doing it again changes nothing.
pub async fn set(
    target: &PgConnectOptions,
    directory: &Directory,
    options: &SetOptions,
    observer: &mut dyn Observer,
) -> Result<SetReport, SetError> {
    check_directory(directory)?;
    let schema = options.revisions_schema.as_deref();
    let mut locked = Locked::open(target, schema, options.lock_timeout, observer).await?;
    let result = set_locked(&mut locked, directory, options).await;
    locked.close().await;
    result
}

async fn set_locked(
    locked: &mut Locked,
    directory: &Directory,
    options: &SetOptions,
) -> Result<SetReport, SetError> {
    let revisions = locked.revisions.clone();
    let change =
        Change::of(directory, &revisions, options.version.as_ref()).map_err(ApplyError::Refused)?;
    let report = change.report(directory, options.dry_run);
    if let Some(agreed) = &options.may_remove {
        let removed = report.removed.iter().map(|file| file.version.clone());
        let versions: Vec<_> = removed.filter(|it| !agreed.contains(it)).collect();
        if !versions.is_empty() {
            return Err(SetError::Unexpected { versions });
        }
    }
    if !options.dry_run && !change.is_empty() {
        let write = change.write(locked).await;
        write.map_err(ApplyError::session("write the history"))?;
    }
    Ok(report)
}

/// What setting a version does to the rows.
struct Change<'a> {
    target: Option<&'a MigrationFile>,
    removed: Vec<&'a Revision>,
    resolved: Vec<Revision>,
    added: Vec<&'a MigrationFile>,
}

impl<'a> Change<'a> {
    fn of(
        directory: &'a Directory,
        revisions: &'a [Revision],
        version: Option<&Version>,
    ) -> Result<Self, Refusal> {
        let target = match version {
            None => directory.files.last(),
            Some(version) => {
                let found = directory.file(version);
                Some(found.ok_or_else(|| Refusal::UnknownVersion {
                    version: version.clone(),
                })?)
            }
        };
        let place = |version: &Version| {
            let files = &directory.files;
            files.iter().position(|file| file.version == *version)
        };
        // Files have an order of their own; a version without a file has only its text.
        let reached = |version: &Version| {
            target.is_some_and(|file| match (place(version), place(&file.version)) {
                (Some(place), Some(last)) => place <= last,
                _ => *version <= file.version,
            })
        };
        let (kept, removed): (Vec<_>, Vec<_>) =
            revisions.iter().partition(|row| reached(&row.version));
        let unfinished = kept
            .iter()
            .filter(|row| row.progress() != Progress::Finished);
        let files = directory.files.iter();
        let added: Vec<_> = files
            .filter(|file| reached(&file.version))
            .filter(|file| !kept.iter().any(|row| row.version == file.version))
            .filter(|file| !was_there_before(directory, &kept, file))
            .collect();
        if let Some(file) = added.iter().find(|file| file.hash.is_none()) {
            return Err(Refusal::Unhashed {
                file: file.file_name.clone(),
            });
        }
        Ok(Self {
            target,
            resolved: unfinished.map(|row| resolved(directory, row)).collect(),
            removed,
            added,
        })
    }

    fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.resolved.is_empty() && self.added.is_empty()
    }

    fn report(&self, directory: &Directory, dry_run: bool) -> SetReport {
        let of_row = |row: &Revision| SetFile {
            version: row.version.clone(),
            description: row.description.clone(),
            executed: row.applied,
            statements: Vec::new(),
        };
        SetReport {
            version: self.target.map(|file| file.version.clone()),
            added: self
                .added
                .iter()
                .map(|file| SetFile {
                    version: file.version.clone(),
                    description: file.description.clone(),
                    executed: 0,
                    statements: Vec::new(),
                })
                .collect(),
            resolved: self
                .resolved
                .iter()
                .map(|row| SetFile {
                    statements: statements_left(directory, row),
                    ..of_row(row)
                })
                .collect(),
            removed: self.removed.iter().map(|row| of_row(row)).collect(),
            dry_run,
        }
    }

    async fn write(&self, locked: &mut Locked) -> Result<(), sqlx::Error> {
        let Locked {
            connection,
            history,
            ..
        } = locked;
        execute(connection, "BEGIN").await?;
        history.create(connection).await?;
        let removed: Vec<_> = self.removed.iter().map(|row| &row.version).collect();
        history.remove_all(connection, &removed).await?;
        for row in &self.resolved {
            history.write(connection, row).await?;
        }
        history.resolve(connection, &self.added).await?;
        execute(connection, "COMMIT").await
    }
}

/// Whether a file without a row is older than the history: a baseline or a checkpoint began it.
fn was_there_before(directory: &Directory, kept: &[&Revision], file: &MigrationFile) -> bool {
    kept.first().is_some_and(|first| {
        let began = first.kind.has(RevisionKind::BASELINE)
            || directory
                .file(&first.version)
                .is_some_and(MigrationFile::is_checkpoint);
        began && file.version < first.version
    })
}

/// The row of a file that is not done, when somebody says that it is: as the file stands now.
fn resolved(directory: &Directory, row: &Revision) -> Revision {
    let hash = directory
        .file(&row.version)
        .and_then(|file| file.hash.clone());
    Revision {
        kind: RevisionKind(row.kind.0 | RevisionKind::EXECUTED.0 | RevisionKind::RESOLVED.0),
        error: None,
        error_statement: None,
        partial_hashes: Vec::new(),
        operator: String::new(),
        hash: hash.unwrap_or_else(|| row.hash.clone()),
        ..row.clone()
    }
}

fn statements_left(directory: &Directory, row: &Revision) -> Vec<SetStatement> {
    let file = directory.file(&row.version);
    let statements = file.and_then(|file| file.statements().ok());
    let statements = statements.into_iter().flatten().enumerate();
    statements
        .skip(row.applied)
        .map(|(index, statement)| SetStatement {
            index,
            line: statement.line,
            sql: statement.text.to_owned(),
        })
        .collect()
}
