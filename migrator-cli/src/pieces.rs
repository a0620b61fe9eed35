//! A branch's own migrations as pieces: files that stay as they are, and runs that can be planned anew.

use jiff::Timestamp;
use schema_core::directory::{DirectiveKind, Directory, MigrationFile, Version, file_name, words};

use crate::context::Context;
use crate::directory::{failure, prefixes};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::rewriting::texts;

/// A part of the branch's migrations.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// It stays as it is, and why.
    Kept(MigrationFile, &'static str),
    /// Neighbours that `generate` wrote.
    Run(Vec<MigrationFile>),
}

impl Piece {
    /// Its files.
    pub(crate) fn files(&self) -> &[MigrationFile] {
        match self {
            Self::Kept(file, _) => std::slice::from_ref(file),
            Self::Run(files) => files,
        }
    }
}

/// The pieces of files, in order.
pub(crate) fn pieces(files: &[MigrationFile]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for file in files {
        match (why_kept(file), pieces.last_mut()) {
            (Some(why), _) => pieces.push(Piece::Kept(file.clone(), why)),
            (None, Some(Piece::Run(run))) => run.push(file.clone()),
            (None, _) => pieces.push(Piece::Run(vec![file.clone()])),
        }
    }
    pieces
}

/// Why a file is not planned anew from two states: there is more to it than they say.
fn why_kept(file: &MigrationFile) -> Option<&'static str> {
    if !file.is_generated() {
        return Some("was written or edited by hand");
    }
    let of_shim = |kind: &DirectiveKind| {
        matches!(
            kind,
            DirectiveKind::Shim { .. } | DirectiveKind::ShimDrop { .. }
        )
    };
    let is_shim = file.directives.iter().any(|it| of_shim(&it.kind));
    is_shim.then_some("makes or drops what the previous release needs")
}

/// A file that is to be.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The name that it has, if it has one.
    pub(crate) name: Option<String>,
    /// What its name says after the version.
    pub(crate) description: String,
    /// Its text.
    pub(crate) text: String,
}

impl Item {
    /// A file that is there.
    pub(crate) fn of(file: &MigrationFile) -> Self {
        Self {
            name: Some(file.file_name.clone()),
            description: file.description.clone(),
            text: file.text.clone(),
        }
    }
}

/// Where a branch's files go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placing<'a> {
    /// The directory as it is on disk.
    pub(crate) head: &'a Directory,
    /// What the files come behind.
    pub(crate) ground: &'a Directory,
    /// The newest file that the base branch has.
    pub(crate) newest: Option<&'a str>,
    /// The time, for new versions.
    pub(crate) now: Timestamp,
}

impl Placing<'_> {
    /// All files of the directory that is to be: the ground, and these.
    pub(crate) fn files(&self, items: &[Item]) -> Result<Vec<(String, String)>, Failure> {
        let mut files = texts(&self.ground.files);
        files.extend(self.placed(items)?);
        Ok(files)
    }

    /// These files in the given order, behind the base branch's: each keeps its name where that is newer than
    /// the one before it, and gets a version of now otherwise. A new one is newer than everything on disk, so
    /// that no version ever stands for two texts.
    pub(crate) fn placed(&self, items: &[Item]) -> Result<Vec<(String, String)>, Failure> {
        let there = self.head.files.last().map(|file| file.file_name.as_str());
        let mut last = self.newest.map(str::to_owned);
        let mut files = Vec::new();
        for item in items {
            let kept = item
                .name
                .clone()
                .filter(|name| is_behind(name, last.as_deref()));
            let name = if let Some(name) = kept {
                name
            } else {
                let there = there.filter(|_| item.name.is_none());
                let newest = last.as_deref().max(there);
                let version = self.head.version_after(newest, self.now);
                file_name(
                    &version.map_err(|error| failure(&error))?,
                    &item.description,
                )
            };
            last = Some(name.clone());
            files.push((name, item.text.clone()));
        }
        Ok(files)
    }
}

/// Whether a file comes after another, and has a version of its own.
fn is_behind(name: &str, before: Option<&str>) -> bool {
    before.is_none_or(|before| name > before && Version::of(name) != Version::of(before))
}

/// A directory of these files, which is not on disk.
pub(crate) fn directory_of(context: &Context, files: &[(String, String)]) -> Directory {
    Directory::from_texts(&context.dir, files.to_vec(), None, &prefixes(context))
}

/// The statements of files that change rows, in words: what a plan between two states may not know.
pub(crate) fn row_changes<'a>(
    texts: impl IntoIterator<Item = &'a MigrationFile>,
) -> Result<Vec<String>, Failure> {
    const SCHEMA: [&str; 12] = [
        "alter", "begin", "comment", "commit", "create", "drop", "grant", "reindex", "reset",
        "revoke", "set", "analyze",
    ];
    let mut changes = Vec::new();
    for file in texts {
        let statements = file.statements().map_err(|error| {
            Failure::new(Exit::Integrity, format!("{}: {error}", file.file_name))
        })?;
        for statement in &statements {
            let first = words(statement.text).next().unwrap_or_default();
            if !SCHEMA.contains(&first.as_str()) {
                let text = statement.text.split_whitespace();
                changes.push(text.collect::<Vec<_>>().join(" "));
            }
        }
    }
    Ok(changes)
}
