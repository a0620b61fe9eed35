//! Arguments of the commands that work on a database of the user's.

use std::time::Duration;

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::DevDbArgs;

/// Export row counts and sizes of production's tables, and nothing else.
///
/// One read-only query on the catalog: PostgreSQL's own estimates, no row of any table is read.
/// `lint` and `gate` take the file by --stats, and tell a blocked second from a blocked hour.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate stats --url postgres://readonly@db/shop --output sizes.json")]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Write it to this file [default: standard output].
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<Utf8PathBuf>,
}

/// Run pending migrations on a database.
#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Apply everything to a throw-away database instead, and show what it holds.
    #[arg(long, conflicts_with_all = ["url", "dry_run", "baseline", "allow_dirty"])]
    pub(crate) scratch: bool,
    /// Show what would run; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// At most this many files.
    #[arg(long, value_name = "N")]
    pub(crate) amount: Option<usize>,
    /// Up to this version, and no further.
    #[arg(long, value_name = "VERSION", conflicts_with = "amount")]
    pub(crate) to: Option<String>,
    /// The environment, for files with `skip-on`.
    #[arg(long, value_name = "NAME", env = "APP_ENV")]
    pub(crate) app_env: Option<String>,
    /// How long to wait for another migration to finish, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) lock_timeout: u64,
    /// How files share transactions: one for each, one for all, or one for each statement. What a
    /// file says by `txmode` wins.
    #[arg(long, value_name = "MODE", default_value = "file")]
    pub(crate) tx_mode: TxMode,
    #[command(flatten)]
    pub(crate) session: SessionArgs,
    /// Take the database over: everything up to this version is there already.
    #[arg(long, value_name = "VERSION")]
    pub(crate) baseline: Option<String>,
    /// Run on a database that is not empty and has no history.
    #[arg(long, conflicts_with = "baseline")]
    pub(crate) allow_dirty: bool,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// What migrations run with. A file that sets a timeout itself has its own until its end.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Session")]
pub(crate) struct SessionArgs {
    /// Run migrations as this role.
    #[arg(long, value_name = "ROLE")]
    pub(crate) set_role: Option<String>,
    /// How long a statement waits for a lock, in seconds; 0 for as long as it takes. Whoever wants
    /// the table waits behind it.
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    pub(crate) statement_lock_timeout: Duration,
    /// How long a statement may take, in seconds [default: as long as it takes].
    #[arg(long, value_name = "SECONDS", default_value = "0", hide_default_value = true, value_parser = seconds)]
    pub(crate) statement_timeout: Duration,
    /// For how many seconds to try again what met a lock, a deadlock or a serialization failure; 0
    /// for not at all.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) retry_for: Duration,
}

/// How files share transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TxMode {
    /// One transaction for each file.
    File,
    /// One transaction for all files: all of them, or none.
    All,
    /// One transaction for each statement.
    None,
}

/// `2`, `0.5`.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok();
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.ok_or_else(|| "a number of seconds is expected, such as 2 or 0.5".to_owned())
}

/// Show where a database stands.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
}

/// Which database to work on.
#[derive(Debug, Args)]
pub(crate) struct DatabaseArgs {
    /// URL of the database [default: `DATABASE_URL_MIGRATION`, then `DATABASE_URL`].
    #[arg(long, short, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Schema of the history table, as Atlas's flag of that name.
    #[arg(long, value_name = "SCHEMA")]
    pub(crate) revisions_schema: Option<String>,
}
