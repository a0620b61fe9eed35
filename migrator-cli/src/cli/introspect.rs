//! Arguments of `introspect`.

use camino::Utf8PathBuf;
use clap::Args;
use schema_core::catalog::Pattern;

use super::{BuildArgs, DevDbArgs};

/// Write the Rust source of a database, a SQL dump or a migration directory.
///
/// Tables become structs, enums and domains become types, comments become doc comments. What structs
/// cannot say is written as SQL beside them. Every attribute that is needed is there, and none that goes
/// without saying; types are those of the crates that Cargo.toml enables for schema-core.
///
/// Tables in which migration tools keep their history are left out, with a word.
///
/// With `--update`, source that is there is changed in place: only fields, attributes and structs that
/// differ are replaced, and what was written by hand (methods, comments, other attributes) stays.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[command(after_help = "\
Examples:
  cargo migrate introspect postgres://localhost/shop
  cargo migrate introspect postgres://localhost/shop --baseline      adopt it: source, first migration, history
  cargo migrate introspect dump.sql --types jiff,uuid --per-table
  cargo migrate introspect dir:../old/migrations --output src/db
  cargo migrate introspect postgres://localhost/shop --update        bring in what others have changed

Exit codes: 0 written, or nothing to do; 2 the folder is there already (--update, --force); 3 no cargo
project; 5 no database; 10 with --check: the source does not say what was read; 12 the file or the
directory does not run")]
pub(crate) struct IntrospectArgs {
    /// The URL of a database, a file of SQL, `dir` for the migration directory, or `dir:PATH`.
    pub(crate) from: String,
    /// The folder of the source.
    #[arg(long, short, value_name = "DIR", default_value = "src/schema")]
    pub(crate) output: Utf8PathBuf,
    /// One file for each table, in a folder for each schema.
    #[arg(long)]
    pub(crate) per_table: bool,
    /// Crates whose types to use: uuid, chrono, time, jiff, `serde_json`, `rust_decimal`, ipnetwork; or none
    /// [default: those that Cargo.toml enables for schema-core].
    #[arg(long, value_name = "CRATES", value_delimiter = ',')]
    pub(crate) types: Vec<String>,
    /// Only what is in this schema; may be repeated.
    #[arg(long = "schema", value_name = "SCHEMA")]
    pub(crate) schemas: Vec<String>,
    /// Only these tables: `name`, `schema.name`; `*` and `?` as in file names. Tables that they reference
    /// are declared as not ours (`managed = false`).
    #[arg(long, value_name = "PATTERN")]
    pub(crate) tables: Vec<Pattern>,
    /// Not these objects: `name`, `schema.name`, `schema.*`; `*` and `?` as in file names.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<Pattern>,
    /// Change the source that is there, and keep what was written by hand.
    #[arg(long, conflicts_with = "force")]
    pub(crate) update: bool,
    /// With --update: remove structs of tables that are gone, instead of telling them.
    #[arg(long, requires = "update")]
    pub(crate) prune: bool,
    /// Write over files that are there.
    #[arg(long)]
    pub(crate) force: bool,
    /// Show what would be written; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Build the source, and see that it says what was read.
    #[arg(long)]
    pub(crate) check: bool,
    /// Write the first migration too, and mark the database as having it.
    #[arg(long, conflicts_with_all = ["update", "dry_run"])]
    pub(crate) baseline: bool,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}
