//! Arguments of `import`.

use camino::Utf8PathBuf;
use clap::Args;

use super::DevDbArgs;
use crate::import::Format;

/// Take over the migrations of another tool.
///
/// The directory of golang-migrate, goose, dbmate, Flyway, sqlx, refinery, Diesel, Drizzle or Prisma is read as
/// that tool reads it, and written as `VERSION_name.sql` with an atlas.sum, in the order in which the tool runs it.
/// Ways down are left out. What is not SQL is refused by name, and then nothing is written.
///
/// The result is replayed on the dev database before it is written. Databases that the tool has migrated are
/// adopted by `cargo migrate baseline --from TOOL`. The guide is docs/import.md.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo migrate import db/migrations --dry-run
  cargo migrate import db/migrations
  cargo migrate import prisma/migrations --into migrations
  cargo migrate import sql --format flyway --placeholder schema=app
  cargo migrate import db/migrations --append      what was added since the last time")]
pub(crate) struct ImportArgs {
    /// The directory of the other tool; it is only read.
    #[arg(value_name = "FROM")]
    pub(crate) from: Utf8PathBuf,
    /// Whose it is [default: told by its files].
    #[arg(long, value_enum, value_name = "TOOL")]
    pub(crate) format: Option<Format>,
    /// Where to write [default: the migration directory].
    #[arg(long, value_name = "DIR", conflicts_with = "dir")]
    pub(crate) into: Option<Utf8PathBuf>,
    /// Write into a directory that has migrations: what it has already stays, the rest has to come behind it.
    #[arg(long)]
    pub(crate) append: bool,
    /// The value of a placeholder of Flyway, or of a variable that goose takes from the environment.
    #[arg(long = "placeholder", value_name = "NAME=VALUE", value_parser = placeholder)]
    pub(crate) placeholders: Vec<(String, String)>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not run the result on the dev database first.
    #[arg(long)]
    pub(crate) no_replay: bool,
    #[command(flatten)]
    pub(crate) dev: DevDbArgs,
}

/// `schema=app`.
fn placeholder(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a name and a value are expected, as in schema=app".to_owned()),
    }
}
