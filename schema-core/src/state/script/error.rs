//! Why a script cannot be run.

use camino::Utf8PathBuf;

use crate::apply::ServerError;
use crate::dev_db::DevDbError;
use crate::directory::{SplitError, SplitFault};
use crate::introspect::IntrospectError;

/// Why a script cannot be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// A file that cannot be read.
    #[error("{file} cannot be read")]
    Read {
        /// The file.
        file: Utf8PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is no text.
    #[error("{file}:{line} is not UTF-8")]
    Encoding {
        /// The file.
        file: Utf8PathBuf,
        /// The line.
        line: usize,
    },
    /// A file that is in a format of `pg_dump` that is no SQL.
    #[error("{file} is an archive of pg_dump, not SQL")]
    Archive {
        /// The file.
        file: Utf8PathBuf,
    },
    /// A file that cannot be split into statements.
    #[error("{file}:{}: {}", source.line, source.fault)]
    Split {
        /// The file.
        file: Utf8PathBuf,
        /// Why.
        source: SplitError,
    },
    /// A command of psql that is not known here.
    #[error("{place}: `{command}` cannot be followed here")]
    MetaCommand {
        /// Where it stands.
        place: String,
        /// The command.
        command: String,
    },
    /// A file that includes itself.
    #[error("{place}: `{file}` includes itself")]
    IncludesItself {
        /// Where it is included.
        place: String,
        /// The file.
        file: Utf8PathBuf,
    },
    /// A script of more than one database.
    #[error("{place}: `{command}` goes on in a second database")]
    SecondDatabase {
        /// Where it stands.
        place: String,
        /// The command.
        command: String,
    },
    /// A statement that PostgreSQL refuses.
    #[error("{place}: {server}")]
    Statement {
        /// Its file and line.
        place: String,
        /// What PostgreSQL says.
        server: Box<ServerError>,
        /// The statement.
        sql: String,
        /// Others that could not run either, with their reasons.
        others: Vec<String>,
    },
    /// A transaction that is never ended, which psql takes back.
    #[error("{place}: the transaction that begins here has no COMMIT")]
    OpenTransaction {
        /// Where it begins.
        place: String,
    },
    /// The dev database failed.
    #[error(transparent)]
    DevDb(#[from] DevDbError),
    /// The connection to it failed.
    #[error("the dev database failed")]
    Connection(#[source] sqlx::Error),
    /// What the script makes cannot be read.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
}

impl ScriptError {
    /// What to do about it, where that is not plain from the message.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::Encoding { .. } => {
                "write it in UTF-8: `pg_dump --encoding=UTF8`, or `iconv -t UTF-8`"
            }
            Self::Archive { .. } => {
                "make a script of it: `pg_restore --schema-only --file=schema.sql ARCHIVE`"
            }
            Self::Split { source, .. } => match &source.fault {
                SplitFault::MetaCommand(_) => {
                    "a backslash command is followed where a statement could begin, not within one: end the statement with `;`"
                }
                fault => return fault.help(),
            },
            Self::MetaCommand { .. } => {
                "those that are followed are \\i, \\ir, \\set, \\unset, \\connect and \\q; what only shows or formats is passed over. Write the SQL that the command stands for"
            }
            Self::SecondDatabase { .. } => {
                "a side is one database: dump it with `pg_dump`, not `pg_dumpall`, or split the file there"
            }
            Self::OpenTransaction { .. } => "end it with COMMIT",
            _ => return None,
        })
    }
}
