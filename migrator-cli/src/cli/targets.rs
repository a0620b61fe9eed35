//! Arguments of the commands that work on many databases.

use std::convert::Infallible;
use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;

use camino::Utf8PathBuf;
use clap::Args;

/// Many databases.
#[derive(Debug, Args)]
#[command(next_help_heading = "Many databases")]
pub(crate) struct TargetsArgs {
    /// Work on each database or schema of a list: FILE, `sql:QUERY` or `command:COMMAND`.
    ///
    /// FILE has one target a line and comments that begin with `#`; COMMAND prints the same, and is run
    /// by `sh`. QUERY runs on the database of --url, and gives the target, or its name and the target.
    ///
    /// A target is `postgres://…` (with `?search_path=NAME` only that schema of it), `NAME` or `db:NAME`
    /// for a database on the server of --url, or `schema:NAME` for a schema of that database. A schema
    /// has a history table of its own, in itself.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) targets: Option<TargetSource>,
    /// How many databases at a time. Each takes two connections; schemas of one database take turns.
    #[arg(long, value_name = "N", default_value = "8", requires = "targets")]
    pub(crate) concurrency: NonZeroUsize,
}

/// How far a run on many databases goes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Many databases")]
pub(crate) struct FleetArgs {
    #[command(flatten)]
    pub(crate) targets: TargetsArgs,
    /// So many targets have to succeed before any other starts; 0 for none.
    ///
    /// One that cannot be reached says nothing about the migrations, so the next takes its place.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "targets")]
    pub(crate) canary: usize,
    /// After so many failures no other target starts; those under way go on to their end.
    #[arg(long, value_name = "N", default_value = "1", requires = "targets")]
    pub(crate) max_failures: NonZeroUsize,
    /// Keep a report in this JSON file: what became of each target.
    ///
    /// It is written while the run goes on. If an earlier run has left one there, what failed then is
    /// taken first now, and then what was not started.
    #[arg(long, value_name = "FILE", requires = "targets")]
    pub(crate) report: Option<Utf8PathBuf>,
}

/// Where a list of targets comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TargetSource {
    /// The lines of a file.
    File(Utf8PathBuf),
    /// The rows of a query.
    Sql(String),
    /// The lines that a command prints.
    Command(String),
}

impl FromStr for TargetSource {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(if let Some(query) = text.strip_prefix("sql:") {
            Self::Sql(query.trim().to_owned())
        } else if let Some(command) = text.strip_prefix("command:") {
            Self::Command(command.trim().to_owned())
        } else {
            Self::File(text.into())
        })
    }
}

impl fmt::Display for TargetSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "{path}"),
            Self::Sql(_) => formatter.write_str("the query for the targets"),
            Self::Command(_) => formatter.write_str("the command for the targets"),
        }
    }
}
