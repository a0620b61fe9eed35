//! Directories of other migration tools, read as they read them.
//!
//! A reader (one file each) gives the migrations in the order in which its tool runs them, with the text that
//! it runs. `placed` makes files of ours of them: versions, directives, comments that must not be taken for such.

mod dbmate;
mod detect;
mod diesel;
mod drizzle;
mod flyway;
mod folder;
mod golang_migrate;
mod goose;
mod placed;
mod prisma;
mod refinery;
mod refused;
mod sqlx;
mod sum;
mod text;
mod variables;
mod version;

use std::collections::BTreeMap;

use camino::Utf8Path;
use clap::ValueEnum;
use schema_core::apply::Predecessor;
use serde::Serialize;

use self::folder::Folder;
pub(crate) use self::placed::{Placed, placed};
use self::refused::Refused;
use self::text::Text;
use crate::failure::Failure;

/// Whose directory it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    /// `1_name.up.sql` and `1_name.down.sql`.
    GolangMigrate,
    /// `-- +goose Up`.
    Goose,
    /// `-- migrate:up`.
    Dbmate,
    /// `V1_2__name.sql`, `R__name.sql`.
    Flyway,
    /// `1_name.sql`, or `1_name.up.sql`; plain numbered files, too.
    Sqlx,
    /// `V1__name.sql`, `U1__name.sql`.
    Refinery,
    /// `2024-01-02-030405_name/up.sql`.
    Diesel,
    /// `meta/_journal.json`.
    Drizzle,
    /// `20240102030405_name/migration.sql`.
    Prisma,
}

impl Format {
    /// The tool, as `baseline --from` takes it.
    pub(crate) fn tool(self) -> Predecessor {
        match self {
            Self::GolangMigrate => Predecessor::GolangMigrate,
            Self::Goose => Predecessor::Goose,
            Self::Dbmate => Predecessor::Dbmate,
            Self::Flyway => Predecessor::Flyway,
            Self::Sqlx => Predecessor::Sqlx,
            Self::Refinery => Predecessor::Refinery,
            Self::Diesel => Predecessor::Diesel,
            Self::Drizzle => Predecessor::Drizzle,
            Self::Prisma => Predecessor::Prisma,
        }
    }
}

/// A migration of another tool.
#[derive(Debug)]
struct Migration {
    /// The file, below the folder.
    original: String,
    /// Its version, as the tool has it in its table.
    version: String,
    /// What its name says after that.
    name: String,
    kind: Kind,
    /// What the tool runs.
    text: Text,
    /// Whether the tool runs it without a transaction.
    alone: bool,
}

impl Migration {
    fn new(original: &str, version: impl Into<String>, name: &str, text: Text) -> Self {
        Self {
            original: original.to_owned(),
            version: version.into(),
            name: name.to_owned(),
            kind: Kind::Versioned,
            text,
            alone: false,
        }
    }
}

/// How a migration is known to its tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// By its version.
    Versioned,
    /// By its name: it runs whenever it has changed.
    Repeatable,
    /// It stands for everything up to its version.
    Snapshot,
}

/// What a directory of another tool says.
#[derive(Debug)]
pub(crate) struct Import {
    /// Whose it is.
    pub(crate) format: Format,
    migrations: Vec<Migration>,
    /// What of it is not taken over.
    pub(crate) left_out: Vec<LeftOut>,
    /// What to know about it.
    pub(crate) notes: Vec<String>,
}

/// Something that is not taken over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct LeftOut {
    /// What it is: `down part`.
    pub(crate) what: &'static str,
    /// The file, below the folder.
    pub(crate) file: String,
}

impl Import {
    fn new(format: Format) -> Self {
        Self {
            format,
            migrations: Vec::new(),
            left_out: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn leave_out(&mut self, what: &'static str, file: &str) {
        self.left_out.push(LeftOut {
            what,
            file: file.to_owned(),
        });
    }
}

/// Reads a directory, of the tool that is named or else told by its files.
pub(crate) fn read(
    path: &Utf8Path,
    shown: &Utf8Path,
    format: Option<Format>,
    variables: &BTreeMap<String, String>,
) -> Result<Import, Failure> {
    let folder = Folder::open(path, shown)?;
    let format = match format {
        Some(format) => format,
        None => detect::format_of(&folder)?,
    };
    let of_sum = sum::check(&folder)?;
    let mut refused = Refused::default();
    let mut import = match format {
        Format::GolangMigrate => golang_migrate::read(&folder, &mut refused),
        Format::Goose => goose::read(&folder, variables, &mut refused),
        Format::Dbmate => dbmate::read(&folder, &mut refused),
        Format::Flyway => flyway::read(&folder, variables, &mut refused),
        Format::Sqlx => sqlx::read(&folder, &mut refused),
        Format::Refinery => refinery::read(&folder, &mut refused),
        Format::Diesel => diesel::read(&folder, &mut refused),
        Format::Drizzle => drizzle::read(&folder, &mut refused),
        Format::Prisma => prisma::read(&folder, &mut refused),
    }?;
    refused.twice(&import.migrations);
    refused.check(&folder, format)?;
    if import.migrations.is_empty() {
        return Err(detect::nothing(&folder, Some(format)));
    }
    import.left_out.sort();
    import.notes.extend(of_sum);
    Ok(import)
}
