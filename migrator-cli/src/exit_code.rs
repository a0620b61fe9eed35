//! The exit codes, as `--help` lists them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done, or nothing to do.
    Clean = 0,
    /// Something that should not happen.
    Unexpected = 1,
    /// The command line cannot be right.
    Usage = 2,
    /// The configuration or the cargo project cannot be used.
    Project = 3,
    /// The migrations do not say what the structs say.
    Regenerate = 4,
    /// A database cannot be reached, is locked, or is not fit for migrations.
    Database = 5,
    /// There are findings.
    Findings = 10,
    /// The migration directory is not intact, or does not fit the history.
    Integrity = 11,
    /// A migration failed.
    Migration = 12,
    /// The database is ahead of the directory.
    Ahead = 13,
    /// Ctrl-C before the end.
    Interrupted = 130,
}

/// The table for `--help`.
pub(crate) const HELP: &str = "\
Exit codes:
   0  done, or nothing to do
   1  unexpected error
   2  wrong usage
   3  configuration or cargo project
   4  migrations must be generated: they do not say what the structs say
   5  database unreachable, locked or unfit
  10  findings
  11  the migration directory is not intact, or does not fit the history
  12  a migration failed
  13  the database is ahead of the directory, as after a rollback
 130  interrupted by Ctrl-C";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
