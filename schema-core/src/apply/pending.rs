//! What is to be done: directory and history compared, without a database.

use std::collections::BTreeSet;

use super::phases::Deferred;
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
    /// The environment, for `skip-on`; an empty name is none.
    pub environment: Option<String>,
    /// What becomes of files that come before the last applied one.
    pub order: ExecOrder,
}

/// What becomes of files that come before the last applied one and were not there when it ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExecOrder {
    /// Nothing is executed.
    #[default]
    Linear,
    /// They are left out.
    LinearSkip,
    /// They are executed, first.
    NonLinear,
}

/// Where the files are to run.
#[derive(Clone, Copy, Debug)]
pub(super) enum Environment<'a> {
    /// Here; a file that has to know is a refusal.
    Unset,
    /// On an environment of this name.
    Named(&'a str),
    /// On any, where no file is skipped.
    Any,
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
    /// Those that wait for the next deployment, once [`super::split`] has told them apart.
    pub deferred: Vec<Deferred<'a>>,
    /// Whether the database has no history, so that it has to be empty.
    pub first_run: bool,
    /// Whether a release may have run on the database: it has a history, or is adopted.
    pub in_use: bool,
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
    /// The environment that it is not for: then it is only recorded.
    pub skipped_on: Option<String>,
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
    let environment = options.environment.as_deref();
    let environment = match environment.filter(|name| !name.is_empty()) {
        Some(name) => Environment::Named(name),
        None => Environment::Unset,
    };
    pending_on(environment, directory, revisions, options)
}

/// The same for an environment that may not be known.
pub(super) fn pending_on<'a>(
    environment: Environment<'_>,
    directory: &'a Directory,
    revisions: &'a [Revision],
    options: &PendingOptions,
) -> Result<Pending<'a>, Refusal> {
    let recorded = revisions
        .iter()
        .filter(|revision| revision.is_recorded())
        .collect::<Vec<_>>();
    let baseline = baseline(directory, &recorded, options)?;
    let files = if recorded.is_empty() {
        let files = match baseline {
            Some(baseline) => &directory.files[index_of(directory, &baseline.version) + 1..],
            None => directory.from_checkpoint(),
        };
        files.iter().collect()
    } else {
        check_missing(directory, revisions)?;
        if options.order == ExecOrder::Linear {
            check_order(directory, revisions)?;
        }
        check_modified(directory, revisions)?;
        remaining(directory, revisions, options.order)
    };
    let mut steps = Vec::new();
    for file in limited(directory, files, &options.limit)? {
        let resume = row_of(revisions, file).filter(|row| row.is_recorded());
        steps.push(step(file, resume, environment)?);
    }
    if matches!(environment, Environment::Unset) {
        check_environment(&steps)?;
    }
    Ok(Pending {
        baseline,
        steps,
        deferred: Vec::new(),
        first_run: recorded.is_empty(),
        in_use: baseline.is_some() || !recorded.is_empty(),
    })
}

/// Which of the files have no row although a later one is applied.
///
/// One that failed, or had to wait, is not among them: an earlier run took it in.
pub(super) fn out_of_order<'a>(
    directory: &'a Directory,
    revisions: &[Revision],
) -> Vec<&'a MigrationFile> {
    let has_row = |file: &MigrationFile| row_of(revisions, file).is_some();
    let overtaken = overtaken(directory, revisions).iter();
    overtaken
        .filter(|file| !file.is_checkpoint() && !has_row(file))
        .collect()
}

/// The files from the first recorded one to the last. What is older than the first record was
/// there before the history began.
fn overtaken<'a>(directory: &'a Directory, revisions: &[Revision]) -> &'a [MigrationFile] {
    let is_recorded = |file: &MigrationFile| is_recorded(revisions, file);
    let first = directory.files.iter().position(is_recorded);
    let last = directory.files.iter().rposition(is_recorded);
    match (first, last) {
        (Some(first), Some(last)) => &directory.files[first..=last],
        _ => &[],
    }
}

/// The first finished file that is not what it was when it ran.
///
/// A hash covers all files before its own. So where a later file agrees, an earlier one that does
/// not was made good since (Atlas keeps the first hash of a file that was corrected half-way).
pub(super) fn modified<'a>(
    directory: &'a Directory,
    revisions: &'a [Revision],
) -> Option<(&'a MigrationFile, &'a Revision)> {
    let late = out_of_order(directory, revisions);
    let compared = revisions.iter().filter(|revision| {
        revision.progress() == Progress::Finished && !revision.hash.as_str().is_empty()
    });
    let mut first = None;
    for revision in compared {
        let Some(file) = directory.file(&revision.version) else {
            continue;
        };
        if file.hash.as_ref() == Some(&revision.hash)
            || was_then(directory, revisions, &late, file, revision)
        {
            first = None;
        } else {
            first = first.or(Some((file, revision)));
        }
    }
    first
}

/// Whether the hash is right for the directory as it was: without the files that ran later, or
/// without those that came late and never ran.
fn was_then(
    directory: &Directory,
    revisions: &[Revision],
    late: &[&MigrationFile],
    file: &MigrationFile,
    revision: &Revision,
) -> bool {
    let ran_later = |other: &MigrationFile| {
        let row = row_of(revisions, other).filter(|row| row.is_recorded());
        row.is_some_and(|row| row.executed_at > revision.executed_at)
    };
    let is_late = |other: &MigrationFile| late.iter().any(|it| it.version == other.version);
    let fits = |absent: &dyn Fn(&MigrationFile) -> bool| {
        let earlier = directory.files.iter();
        let mut earlier = earlier.take_while(|other| other.version != file.version);
        earlier.any(absent) && directory.hash_without(file, absent).as_ref() == Some(&revision.hash)
    };
    fits(&ran_later) || fits(&|other| ran_later(other) || is_late(other))
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

fn check_missing(directory: &Directory, revisions: &[Revision]) -> Result<(), Refusal> {
    let checkpoint = directory
        .files
        .iter()
        .rev()
        .find(|file| file.is_checkpoint());
    let missing = revisions.iter().filter(|revision| {
        let stands_in = checkpoint.is_some_and(|checkpoint| checkpoint.version >= revision.version);
        let needed = match revision.progress() {
            Progress::Attempted => false,
            // What is still to be done, nothing can stand in for.
            Progress::Partial | Progress::Deferred => true,
            Progress::Finished => !(stands_in || revision.kind == RevisionKind::BASELINE),
        };
        needed && directory.file(&revision.version).is_none()
    });
    let versions = missing
        .map(|revision| revision.version.clone())
        .collect::<Vec<_>>();
    if versions.is_empty() {
        return Ok(());
    }
    let recorded = revisions
        .iter()
        .filter(|revision| revision.progress() != Progress::Attempted);
    let all_are_missing = versions.len() == recorded.count();
    Err(match directory.files.last().map(|file| &file.version) {
        Some(last) if versions.iter().all(|version| version > last) && !all_are_missing => {
            Refusal::Ahead {
                versions,
                last: last.clone(),
            }
        }
        Some(_) if all_are_missing => Refusal::Foreign { versions },
        _ => Refusal::Missing { versions },
    })
}

fn check_order(directory: &Directory, revisions: &[Revision]) -> Result<(), Refusal> {
    let files = out_of_order(directory, revisions);
    if files.is_empty() {
        return Ok(());
    }
    let last = revisions.iter().rfind(|revision| revision.is_recorded());
    let last = last.expect("an order needs records").version.clone();
    Err(Refusal::OutOfOrder {
        files: files.iter().map(|file| file.file_name.clone()).collect(),
        last,
    })
}

pub(super) fn check_modified(directory: &Directory, revisions: &[Revision]) -> Result<(), Refusal> {
    let Some((file, revision)) = modified(directory, revisions) else {
        return Ok(());
    };
    // A file that waits is part of the hashes of the later ones that ran.
    let waits =
        |row: &&Revision| row.progress() == Progress::Deferred && row.version < file.version;
    let changed = revisions.iter().filter(waits).find_map(|row| {
        let now = directory.file(&row.version)?;
        (now.hash.as_ref() != Some(&row.hash)).then_some(now)
    });
    Err(match changed {
        Some(changed) => Refusal::ChangedDeferred {
            file: changed.file_name.clone(),
            later: file.file_name.clone(),
        },
        None => Refusal::Modified {
            file: file.file_name.clone(),
            recorded: revision.hash.clone(),
            found: file.hash.clone(),
        },
    })
}

/// Half-done files first, then what later ones have overtaken, then those after the last recorded
/// one.
fn remaining<'a>(
    directory: &'a Directory,
    revisions: &[Revision],
    order: ExecOrder,
) -> Vec<&'a MigrationFile> {
    let progress = |file: &MigrationFile| row_of(revisions, file).map(Revision::progress);
    let partial = directory
        .files
        .iter()
        .filter(|file| progress(file) == Some(Progress::Partial));
    let left = overtaken(directory, revisions)
        .iter()
        .filter(|file| match progress(file) {
            Some(Progress::Attempted | Progress::Deferred) => true,
            Some(Progress::Partial | Progress::Finished) => false,
            None => order == ExecOrder::NonLinear && !file.is_checkpoint(),
        });
    let last = directory
        .files
        .iter()
        .rposition(|file| is_recorded(revisions, file));
    let newest = revisions.iter().rfind(|row| row.is_recorded());
    // A directory that was squashed may have none of the recorded files; versions still tell.
    let start = match (last, newest) {
        (Some(last), _) => last + 1,
        (None, Some(newest)) => directory
            .files
            .partition_point(|file| file.version <= newest.version),
        (None, None) => 0,
    };
    let behind = directory.files[start..]
        .iter()
        .filter(|file| !file.is_checkpoint());
    partial.chain(left).chain(behind).collect()
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
    environment: Environment<'_>,
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
    let skipped_on = match environment {
        Environment::Named(name) if resume.is_none() && file.is_skipped_on(name) => {
            Some(name.to_owned())
        }
        Environment::Named(_) | Environment::Unset | Environment::Any => None,
    };
    if let Some(revision) = resume {
        check_resume(file, &statements, revision)?;
    }
    Ok(Step {
        file,
        statements,
        resume,
        skipped_on,
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

/// A file that is not for every environment is no guess. One that has begun is not asked again.
fn check_environment(steps: &[Step<'_>]) -> Result<(), Refusal> {
    let gated = steps.iter().filter(|step| step.resume.is_none());
    let gated = gated.filter(|step| step.file.skips_on().next().is_some());
    let files: Vec<_> = gated
        .clone()
        .map(|step| step.file.file_name.clone())
        .collect();
    if files.is_empty() {
        return Ok(());
    }
    let environments: BTreeSet<_> = gated.flat_map(|step| step.file.skips_on()).collect();
    Err(Refusal::NoEnvironment {
        files,
        environments: environments.into_iter().map(str::to_owned).collect(),
    })
}

/// The row of a file.
pub(super) fn row_of<'a>(revisions: &'a [Revision], file: &MigrationFile) -> Option<&'a Revision> {
    let found = revisions.binary_search_by(|revision| revision.version.cmp(&file.version));
    found.ok().map(|index| &revisions[index])
}

fn is_recorded(revisions: &[Revision], file: &MigrationFile) -> bool {
    row_of(revisions, file).is_some_and(Revision::is_recorded)
}

fn index_of(directory: &Directory, version: &Version) -> usize {
    let position = directory
        .files
        .iter()
        .position(|file| file.version == *version);
    position.expect("the caller has it from this directory")
}
