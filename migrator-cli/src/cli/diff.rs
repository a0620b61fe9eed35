//! Arguments of `diff`.

use clap::{Args, ValueEnum};
use schema_core::catalog::Pattern;

use super::{BuildArgs, DevDbArgs};

/// Compare two schemas, and print the SQL that makes the second of the first.
///
/// A side is
///   code             the structs of the crate
///   dir[@VERSION]    the project's migration directory, as far as a version
///   dir:PATH[@VERSION]   another directory; one without atlas.sum is its .sql files, by name
///   FILE.sql         what `pg_dump` writes or psql runs; `file:PATH` for other names
///   postgres://…     a database
///   env:NAME         a database whose URL is in a variable of the environment
///   binary:FILE      a compiled program or library that carries its schema
///
/// Only the result is on standard output. No project is needed unless a side asks for one, and no
/// dev database for two databases. What neither side's model knows, and what is excluded, is told.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate diff postgres://localhost/staging postgres://localhost/shop
  cargo migrate diff env:DATABASE_URL code --format tree
  cargo migrate diff dir@20260301120000 dir
  cargo migrate diff before.sql after.sql | psql -X -1 -v ON_ERROR_STOP=1 shop

Exit code: 0 whether there are differences or not; with --exit-code 10 where there are some")]
#[expect(clippy::struct_excessive_bools, reason = "flags are")]
pub(crate) struct DiffArgs {
    /// What there is.
    pub(crate) from: String,
    /// What there is to be.
    pub(crate) to: String,
    /// Form of the result [default: tree on a terminal, else sql].
    #[arg(long, value_enum, value_name = "FORM", conflicts_with = "json")]
    pub(crate) format: Option<DiffFormat>,
    /// SQL for tables in use, in stages: indexes are built concurrently, outside of transactions.
    ///
    /// Without it every statement can be in one transaction (`psql -1`).
    #[arg(long)]
    pub(crate) online: bool,
    /// Run the plan on the dev database first, and see that it gives the second side.
    #[arg(long)]
    pub(crate) prove: bool,
    /// Exit with 10 where the two differ.
    #[arg(long)]
    pub(crate) exit_code: bool,
    /// Only what is in this schema; may be repeated.
    #[arg(long = "schema", short = 'n', value_name = "SCHEMA")]
    pub(crate) schemas: Vec<String>,
    /// Not these objects: `name`, `schema.name`, `schema.*`, `kind:view`; `*` and `?` as in file
    /// names.
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<Pattern>,
    /// Owners do not count.
    #[arg(long, short = 'O')]
    pub(crate) no_owner: bool,
    /// Grants and default privileges do not count.
    #[arg(long, short = 'x', visible_alias = "no-acl")]
    pub(crate) no_privileges: bool,
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// Form of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// Statements for psql.
    Sql,
    /// Objects with `+`, `-` and `~`.
    Tree,
    /// One document for machines.
    Json,
}
