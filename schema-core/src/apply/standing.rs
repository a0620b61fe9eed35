//! What a history says that a database holds: the files that took effect, as far as they did.

use super::pending::{check_modified, check_resume};
use super::refusal::Refusal;
use super::revision::{Progress, Revision, RevisionKind};
use crate::directory::{Directory, MigrationFile, Version};

/// The files that took effect on a database: replayed, they give the state that it should be in.
///
/// What was skipped there, waits, or was tried in vain is left out; of a half-done file the
/// statements that ran are in it. Where a file is not what it was when it ran, nobody can tell.
pub fn standing(directory: &Directory, revisions: &[Revision]) -> Result<Directory, Refusal> {
    let recorded = recorded(revisions);
    check_modified(directory, revisions)?;
    let squashed = squashed(directory, &recorded)?;
    let place = |version: &Version| {
        let files = &directory.files;
        files.iter().position(|file| file.version == *version)
    };
    let adopted = recorded
        .iter()
        .filter(|row| row.kind.has(RevisionKind::BASELINE))
        .filter_map(|row| place(&row.version))
        .max();
    let mut held = directory.clone();
    held.files.clear();
    for (position, file) in directory.files.iter().enumerate() {
        let row = recorded.iter().find(|row| row.version == file.version);
        // A checkpoint that stands for files which are gone stands for all before it.
        if let Some(checkpoint) = squashed {
            if file.version < checkpoint.version {
                continue;
            }
            if file.version == checkpoint.version {
                held.files.push(file.clone());
                continue;
            }
        }
        match row {
            Some(row) if row.skipped_on().is_some() => {}
            Some(row) if row.progress() == Progress::Partial => {
                held.files.push(done_part(file, row)?);
            }
            Some(_) => held.files.push(file.clone()),
            None if adopted.is_some_and(|adopted| position <= adopted) => {
                held.files.push(file.clone());
            }
            None => {}
        }
    }
    Ok(held)
}

/// The rows of which something stayed: all but attempts that left nothing.
pub fn recorded(revisions: &[Revision]) -> Vec<&Revision> {
    let rows = revisions.iter();
    rows.filter(|row| row.is_recorded()).collect()
}

/// The checkpoint that stands for recorded files that the directory does not have any more.
fn squashed<'a>(
    directory: &'a Directory,
    recorded: &[&Revision],
) -> Result<Option<&'a MigrationFile>, Refusal> {
    let gone = |row: &&&Revision| directory.file(&row.version).is_none();
    let missing: Vec<&Version> = recorded
        .iter()
        .filter(gone)
        .map(|row| &row.version)
        .collect();
    let Some(newest) = missing.iter().max() else {
        return Ok(None);
    };
    let half_done = recorded
        .iter()
        .filter(gone)
        .any(|row| row.progress() == Progress::Partial);
    let checkpoint = directory
        .files
        .iter()
        .rfind(|file| file.is_checkpoint() && file.version >= **newest);
    match checkpoint {
        Some(checkpoint) if !half_done => Ok(Some(checkpoint)),
        _ => Err(Refusal::Missing {
            versions: missing.into_iter().cloned().collect(),
        }),
    }
}

/// The file with its first statements only.
fn done_part(file: &MigrationFile, row: &Revision) -> Result<MigrationFile, Refusal> {
    let statements = file.statements().map_err(|error| Refusal::Split {
        file: file.file_name.clone(),
        error,
    })?;
    check_resume(file, &statements, row)?;
    let end = statements
        .get(row.applied)
        .map_or(file.text.len(), |next| next.range.start);
    Ok(MigrationFile {
        text: file.text[..end].to_owned(),
        ..file.clone()
    })
}
