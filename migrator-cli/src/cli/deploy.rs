//! Arguments of the commands that work on a database of the user's.

use std::time::Duration;

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};
use schema_core::apply::ExecOrder;
use schema_core::catalog::Pattern;

use super::{DevDbArgs, FleetArgs, TargetsArgs};

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
///
/// One deployment at a time; each file is a transaction with its row of the history. Whatever
/// interrupts it, the same command goes on. What meets a lock gives way and is tried again.
///
/// A migration that drops what another pending one keeps for the previous release waits for the next
/// deployment. The guide is docs/deploy.md; docs/apply-errors.md has every error code, what stays and
/// how to go on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate apply --dry-run                    statements, and what each would lock
  APP_ENV=production cargo migrate apply           in a release command
  cargo migrate apply --to 20260301120000          no further than this version
  cargo migrate apply --set-role owner             as the role that owns the tables
  cargo migrate apply --targets tenants.txt        many databases, one after a canary
  cargo migrate apply --scratch                    on a throw-away database")]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Apply everything to a throw-away database instead, and show what it holds.
    #[arg(long, conflicts_with_all = ["url", "dry_run", "baseline", "allow_dirty", "targets"])]
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
    /// What becomes of files that come before the last applied one.
    #[arg(long, value_enum, value_name = "ORDER", default_value_t = Order::Linear)]
    pub(crate) exec_order: Order,
    /// The environment, for files with `skip-on`; where such a file is pending, it has to be named.
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
    pub(crate) fleet: FleetArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// What becomes of files that come before the last applied one, as Atlas has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// Nothing is executed.
    Linear,
    /// They are left out.
    LinearSkip,
    /// They are executed, first.
    NonLinear,
}

impl From<Order> for ExecOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Linear => Self::Linear,
            Order::LinearSkip => Self::LinearSkip,
            Order::NonLinear => Self::NonLinear,
        }
    }
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
///
/// States: applied, baseline (adopted), resolved (`set` by hand), partial (half done), deferred
/// (put off to the next deployment), skipped, pending, missing (in the history, not in the
/// directory), modified (after it was applied), out of order.
///
/// Exits with 11 where anything is missing, modified or out of order, else with 0.
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    #[command(flatten)]
    pub(crate) targets: TargetsArgs,
    /// Check whether the app's role can use what its grants promise, too.
    #[arg(long)]
    pub(crate) grants: bool,
    /// The role that the app connects as [default: `app-role` of the configuration].
    #[arg(long, value_name = "ROLE", requires = "grants")]
    pub(crate) app_role: Option<String>,
}

/// Make the history say that a database is at a version, without running anything.
///
/// For a history that is not true: a migration was finished or taken back by hand. Rows behind the
/// version go, a half-done file counts as done, and files up to the version without a row get one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate set --dry-run
  cargo migrate set 20260301120000
  cargo migrate set 20260301120000 --yes")]
pub(crate) struct SetArgs {
    /// The version that the database is at [default: the newest of the directory].
    #[arg(value_name = "VERSION")]
    pub(crate) at: Option<String>,
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Show what would change; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask before rows are removed.
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// How long to wait for a deployment to finish, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) lock_timeout: u64,
}

/// Adopt a database that has no history: find the version that it is at, and write it down.
///
/// What the database holds is compared with what the migrations make on the dev database. The newest
/// version that makes the same is it. After that, `apply` goes on from there.
///
/// With --from, the table of the tool that has migrated the database so far says what was executed:
/// its versions and checksums are compared with the files first. That table is left alone.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate baseline --dry-run
  cargo migrate baseline 20260301120000
  cargo migrate baseline --from sqlx")]
pub(crate) struct BaselineArgs {
    /// The version that the database is at [default: the newest that makes what it holds].
    #[arg(value_name = "VERSION")]
    pub(crate) at: Option<String>,
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// The tool that has migrated the database so far.
    #[arg(long, value_name = "TOOL", value_enum)]
    pub(crate) from: Option<Tool>,
    /// Take the version as it is given, whatever the database holds.
    #[arg(long, requires = "at")]
    pub(crate) no_verify: bool,
    /// Show what would be written; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How long to wait for a deployment to finish, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) lock_timeout: u64,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// A migration tool whose databases can be adopted.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Tool {
    /// Nothing to do: its history is used as it is.
    Atlas,
    /// sqlx-cli or `sqlx::migrate!`: `_sqlx_migrations`.
    Sqlx,
    /// refinery: `refinery_schema_history`.
    Refinery,
    /// Diesel: `__diesel_schema_migrations`.
    Diesel,
    /// Drizzle: `drizzle.__drizzle_migrations`.
    Drizzle,
    /// golang-migrate: `schema_migrations`.
    GolangMigrate,
    /// goose: `goose_db_version`.
    Goose,
    /// dbmate: `schema_migrations`.
    Dbmate,
    /// Flyway: `flyway_schema_history`.
    Flyway,
    /// Prisma Migrate: `_prisma_migrations`.
    Prisma,
}

/// Compare what a database holds with what its history says that it holds.
///
/// The files that took effect there are replayed on the dev database: not those that are pending,
/// and of a half-done file what ran. Read-only: all it needs is to read the history. Exit code 10
/// where the two differ.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate drift
  cargo migrate drift --exclude 'audit.*' --exclude 'tmp_*'
  cargo migrate drift --sql > put_back.sql")]
pub(crate) struct DriftArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Only what is in this schema; may be repeated.
    #[arg(long = "schema", value_name = "SCHEMA")]
    pub(crate) schemas: Vec<String>,
    /// Not these objects: `name`, `schema.name`, `schema.*`; `*` and `?` as in file names.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<Pattern>,
    /// Print SQL that would put the database back.
    #[arg(long)]
    pub(crate) sql: bool,
    /// How long to wait for a deployment to finish, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) lock_timeout: u64,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
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
