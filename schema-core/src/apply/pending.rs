//! What is to be done: directory and history compared, without a database.

use super::refusal::Refusal;
use super::revision::{Progress, Revision, RevisionKind};
use crate::directory::{Directory, MigrationFile, SqlStatement, StatementChain, Version};

/// What to look at, and how far to go.
#[derive(Clone, Debug, Default)]
pub struct PendingOptions {
    /// On a database without history: the version that it is at already.
    pub baseline: Option<Version>,
    /// How far to go.
    pub limit: Limit,
    /// The environment, for `skip-on`.
    pub environment: Option<String>,
}

/// How far to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Limit {
    /// To the end.
    #[default]
    None,
    /// So many files.
    Count(usize),
    /// To this version, and no further.
    To(Version),
}

/// What is to be done, in order.
#[derive(Clone, Debug)]
pub struct Pending<'a> {
    /// The file that the database is adopted at, if it is to be.
    pub baseline: Option<&'a MigrationFile>,
    /// The files.
    pub steps: Vec<Step<'a>>,
    /// Whether the database has no history, so that it has to be empty.
    pub first_run: bool,
}

/// A file to be executed.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// The file.
    pub file: &'a MigrationFile,
    /// Its statements.
    pub statements: Vec<SqlStatement<'a>>,
    /// What an earlier run left.
    pub resume: Option<&'a Revision>,
    /// Whether to record it only.
    pub skip: bool,
}

impl Step<'_> {
    /// How many statements an earlier run has executed.
    pub fn done(&self) -> usize {
        self.resume.map_or(0, |revision| revision.applied)
    }
}

/// Compares a directory with the rows of a history, which are sorted by version.
pub fn pending<'a>(
    directory: &'a Directory,
    revisions: &'a [Revision],
    options: &PendingOptions,
) -> Result<Pending<'a>, Refusal> {
    let recorded = revisions
        .iter()
        .filter(|revision| revision.progress() != Progress::Attempted)
        .collect::<Vec<_>>();
    let baseline = baseline(directory, &recorded, options)?;
    let files = if recorded.is_empty() {
        let files = match baseline {
            Some(baseline) => &directory.files[index_of(directory, &baseline.version) + 1..],
            None => directory.from_checkpoint(),
        };
        files.iter().collect()
    } else {
        check_missing(directory, &recorded)?;
        check_order(directory, &recorded)?;
        check_modified(directory, &recorded)?;
        remaining(directory, &recorded)
    };
    let mut steps = Vec::new();
    for file in limited(directory, files, &options.limit)? {
        let resume = recorded
            .iter()
            .find(|revision| revision.version == file.version)
            .copied();
        steps.push(step(file, resume, options)?);
    }
    Ok(Pending {
        baseline,
        steps,
        first_run: recorded.is_empty(),
    })
}

/// Which of the files are not recorded although a later one is.
pub(super) fn out_of_order<'a>(
    directory: &'a Directory,
    recorded: &[&Revision],
) -> Vec<&'a MigrationFile> {
    let position = |revision: &&Revision| {
        directory
            .files
            .iter()
            .position(|file| file.version == revision.version)
    };
    let positions = recorded.iter().filter_map(position);
    // What is older than the first record was there before the history began.
    let (Some(first), Some(last)) = (positions.clone().min(), positions.max()) else {
        return Vec::new();
    };
    let between = directory.files[first..last].iter();
    between
        .filter(|file| !file.is_checkpoint() && !is_recorded(recorded, file))
        .collect()
}

/// The first finished file that is not what it was when it ran.
///
/// A hash covers all files before its own. So where a later file agrees, an earlier one that does
/// not was made good since (Atlas keeps the first hash of a file that was corrected half-way).
pub(super) fn modified<'a>(
    directory: &'a Directory,
    recorded: &[&'a Revision],
) -> Option<(&'a MigrationFile, &'a Revision)> {
    let compared = recorded.iter().filter(|revision| {
        revision.progress() == Progress::Finished && !revision.hash.as_str().is_empty()
    });
    let mut first = None;
    for revision in compared {
        let Some(file) = directory.file(&revision.version) else {
            continue;
        };
        if file.hash.as_ref() == Some(&revision.hash)
            || was_then(directory, recorded, file, revision)
        {
            first = None;
        } else {
            first = first.or(Some((file, *revision)));
        }
    }
    first
}

/// Whether the hash is right for the directory as it was: without the files that ran later.
fn was_then(
    directory: &Directory,
    recorded: &[&Revision],
    file: &MigrationFile,
    revision: &Revision,
) -> bool {
    let ran_later = |other: &MigrationFile| {
        recorded
            .iter()
            .any(|row| row.version == other.version && row.executed_at > revision.executed_at)
    };
    let earlier = directory
        .files
        .iter()
        .take_while(|other| other.version != file.version);
    earlier.into_iter().any(ran_later)
        && directory.hash_without(file, ran_later).as_ref() == Some(&revision.hash)
}

fn baseline<'a>(
    directory: &'a Directory,
    recorded: &[&Revision],
    options: &PendingOptions,
) -> Result<Option<&'a MigrationFile>, Refusal> {
    let Some(version) = &options.baseline else {
        return Ok(None);
    };
    let file = directory
        .file(version)
        .ok_or_else(|| Refusal::UnknownVersion {
            version: version.clone(),
        })?;
    match recorded.first() {
        None => Ok(Some(file)),
        // Doing it again changes nothing.
        Some(first) if first.version == *version && first.kind.has(RevisionKind::BASELINE) => {
            Ok(None)
        }
        Some(first) => Err(Refusal::HasHistory {
            first: first.version.clone(),
        }),
    }
}

fn check_missing(directory: &Directory, recorded: &[&Revision]) -> Result<(), Refusal> {
    let checkpoint = directory
        .files
        .iter()
        .rev()
        .find(|file| file.is_checkpoint());
    let missing = recorded.iter().filter(|revision| {
        let stands_in = checkpoint.is_some_and(|checkpoint| checkpoint.version >= revision.version);
        let needed = revision.progress() == Progress::Partial
            || !(stands_in || revision.kind == RevisionKind::BASELINE);
        needed && directory.file(&revision.version).is_none()
    });
    let versions = missing
        .map(|revision| revision.version.clone())
        .collect::<Vec<_>>();
    if versions.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Missing { versions })
    }
}

fn check_order(directory: &Directory, recorded: &[&Revision]) -> Result<(), Refusal> {
    let files = out_of_order(directory, recorded);
    if files.is_empty() {
        return Ok(());
    }
    let last = recorded
        .last()
        .expect("an order needs records")
        .version
        .clone();
    Err(Refusal::OutOfOrder {
        files: files.iter().map(|file| file.file_name.clone()).collect(),
        last,
    })
}

pub(super) fn check_modified(directory: &Directory, recorded: &[&Revision]) -> Result<(), Refusal> {
    match modified(directory, recorded) {
        None => Ok(()),
        Some((file, revision)) => Err(Refusal::Modified {
            file: file.file_name.clone(),
            recorded: revision.hash.clone(),
            found: file.hash.clone(),
        }),
    }
}

/// Half-done files first, then those after the last recorded one.
fn remaining<'a>(directory: &'a Directory, recorded: &[&Revision]) -> Vec<&'a MigrationFile> {
    let partial = directory.files.iter().filter(|file| {
        recorded.iter().any(|revision| {
            revision.version == file.version && revision.progress() == Progress::Partial
        })
    });
    let last = directory
        .files
        .iter()
        .rposition(|file| is_recorded(recorded, file));
    // A directory that was squashed may have none of the recorded files; versions still tell.
    let start = match (last, recorded.last()) {
        (Some(last), _) => last + 1,
        (None, Some(newest)) => directory
            .files
            .partition_point(|file| file.version <= newest.version),
        (None, None) => 0,
    };
    partial
        .chain(
            directory.files[start..]
                .iter()
                .filter(|file| !file.is_checkpoint()),
        )
        .collect()
}

fn limited<'a>(
    directory: &Directory,
    mut files: Vec<&'a MigrationFile>,
    limit: &Limit,
) -> Result<Vec<&'a MigrationFile>, Refusal> {
    match limit {
        Limit::None => {}
        Limit::Count(count) => files.truncate(*count),
        Limit::To(version) => {
            if directory.file(version).is_none() {
                return Err(Refusal::UnknownVersion {
                    version: version.clone(),
                });
            }
            let end = index_of(directory, version);
            files.retain(|file| index_of(directory, &file.version) <= end);
        }
    }
    Ok(files)
}

fn step<'a>(
    file: &'a MigrationFile,
    resume: Option<&'a Revision>,
    options: &PendingOptions,
) -> Result<Step<'a>, Refusal> {
    if let Some(error) = file.directive_errors.first() {
        return Err(Refusal::Directive {
            file: file.file_name.clone(),
            error: error.clone(),
        });
    }
    if file.hash.is_none() {
        return Err(Refusal::Unhashed {
            file: file.file_name.clone(),
        });
    }
    let statements = file.statements().map_err(|error| Refusal::Split {
        file: file.file_name.clone(),
        error,
    })?;
    let skip = options
        .environment
        .as_ref()
        .is_some_and(|environment| file.is_skipped_on(environment));
    if let Some(revision) = resume {
        check_resume(file, &statements, revision)?;
    }
    Ok(Step {
        file,
        statements,
        resume,
        skip: skip && resume.is_none(),
    })
}

/// The statements that ran have to be the ones that the file has now.
pub(super) fn check_resume(
    file: &MigrationFile,
    statements: &[SqlStatement<'_>],
    revision: &Revision,
) -> Result<(), Refusal> {
    if file.hash.as_ref() == Some(&revision.hash) {
        return Ok(());
    }
    let mut chain = StatementChain::default();
    for index in 0..revision.applied {
        let now = statements
            .get(index)
            .map(|statement| chain.add(statement.text));
        if now.is_none() || now.as_ref() != revision.partial_hashes.get(index) {
            return Err(Refusal::ChangedStatement {
                file: file.file_name.clone(),
                index,
                line: statements.get(index).map(|statement| statement.line),
            });
        }
    }
    Ok(())
}

fn is_recorded(recorded: &[&Revision], file: &MigrationFile) -> bool {
    recorded
        .iter()
        .any(|revision| revision.version == file.version)
}

fn index_of(directory: &Directory, version: &Version) -> usize {
    let position = directory
        .files
        .iter()
        .position(|file| file.version == *version);
    position.expect("the caller has it from this directory")
}
