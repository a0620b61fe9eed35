//! Arguments of the commands that work on a database of the user's.

use camino::Utf8PathBuf;
use clap::Args;

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
    /// The role that the app connects as [default: `app-role` of the configuration].
    ///
    /// Afterwards it has to be able to use what its grants promise; if it is not, that is told with
    /// the GRANT that is missing, and everything stays applied.
    #[arg(long, value_name = "ROLE")]
    pub(crate) app_role: Option<String>,
    /// How long to wait for another migration to finish, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) lock_timeout: u64,
    /// Take the database over: everything up to this version is there already.
    #[arg(long, value_name = "VERSION")]
    pub(crate) baseline: Option<String>,
    /// Run on a database that is not empty and has no history.
    #[arg(long, conflicts_with = "baseline")]
    pub(crate) allow_dirty: bool,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Show where a database stands.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Check whether the app's role can use what its grants promise, too.
    #[arg(long)]
    pub(crate) grants: bool,
    /// The role that the app connects as [default: `app-role` of the configuration].
    #[arg(long, value_name = "ROLE", requires = "grants")]
    pub(crate) app_role: Option<String>,
}

/// Which database to work on.
#[derive(Debug, Args)]
pub(crate) struct DatabaseArgs {
    /// URL of the database [default: `DATABASE_URL_MIGRATION`, then `DATABASE_URL`, then
    /// `database-url` of the configuration].
    #[arg(long, short, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Schema of the history table, as Atlas's flag of that name.
    #[arg(long, value_name = "SCHEMA")]
    pub(crate) revisions_schema: Option<String>,
}
