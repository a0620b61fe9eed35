//! Why migrations could not be applied.

use std::time::Duration;

use super::failure::{ServerError, StatementFailure};
use super::refusal::Refusal;
use crate::directory::Problem;

/// SQLSTATE `insufficient_privilege`.
const NO_PRIVILEGE: &str = "42501";

/// Why migrations could not be applied, or their status not be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The directory is not intact.
    #[error("the directory is not intact: {0}")]
    Directory(Box<Problem>),
    /// No connection.
    #[error("cannot connect to the database: {0}")]
    Connect(Box<ServerError>),
    /// Somebody else is at it.
    #[error("another deployment holds the lock: {holder}")]
    Locked {
        /// Who.
        holder: String,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The connection that holds the lock is gone.
    #[error("the connection that holds the lock was lost before `{file}`")]
    LockLost {
        /// The file that would have been next.
        file: String,
    },
    /// A standby cannot be written to.
    #[error("the database is a read-only standby")]
    Standby,
    /// Names without a schema would go elsewhere.
    #[error("names without a schema mean schema {}, not `{expected}`", found.as_ref().map_or("none".to_owned(), |found| format!("`{found}`")))]
    SearchPath {
        /// The first schema of the search path that exists.
        found: Option<String>,
        /// The schema that migrations mean.
        expected: String,
    },
    /// There is more than one history.
    #[error("there are history tables in schemas {}", schemas.join(", "))]
    AmbiguousHistory {
        /// The schemas.
        schemas: Vec<String>,
    },
    /// A database without history that is not empty.
    #[error("the database has no history and is not empty: it has {}", objects.join(", "))]
    NotClean {
        /// Some of what it has.
        objects: Vec<String>,
    },
    /// Directory and history do not fit.
    #[error(transparent)]
    Refused(Refusal),
    /// A statement that PostgreSQL refused.
    #[error("{failure}")]
    Statement {
        /// Which, and why.
        failure: Box<StatementFailure>,
        /// How many statements of the file stay applied.
        applied: usize,
        /// Whether an earlier attempt was cut off in this very statement.
        interrupted_before: bool,
    },
    /// The end of a file's transaction failed; nothing of it stays.
    #[error("`{file}` fails at the end of its transaction: {server}")]
    Commit {
        /// The file.
        file: String,
        /// What PostgreSQL said.
        server: Box<ServerError>,
    },
    /// A file that begins a transaction and does not end it.
    #[error("`{file}` leaves a transaction open")]
    OpenTransaction {
        /// The file.
        file: String,
    },
    /// The history or the session failed, not a migration.
    #[error("cannot {what}: {server}")]
    Session {
        /// What was tried.
        what: &'static str,
        /// What PostgreSQL said.
        server: Box<ServerError>,
    },
}

impl ApplyError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Directory(problem) => problem.help(),
            Self::Locked { .. } => "wait for it, or wait longer with `--lock-timeout`".to_owned(),
            Self::LockLost { .. } => "nothing of that file ran; run the command again".to_owned(),
            Self::Standby => "connect to the primary".to_owned(),
            Self::SearchPath { expected, .. } => format!(
                "set it for the role (`ALTER ROLE … SET search_path = {expected}`), or in the URL (`?options=-csearch_path%3D{expected}`)"
            ),
            Self::AmbiguousHistory { .. } => "name the right one with `--revisions-schema`".to_owned(),
            Self::NotClean { .. } => {
                "to adopt it, `cargo migrate baseline` finds the version that it is at; to run all files on it anyway, `--allow-dirty`".to_owned()
            }
            Self::Refused(refusal) => return refusal.help(),
            Self::Statement { failure, applied, interrupted_before, .. } => {
                let again = match applied {
                    0 => "nothing of the file stays; correct it and run the command again".to_owned(),
                    1 => "its first statement stays applied; correct the rest and run the command again, it goes on from there".to_owned(),
                    _ => format!("its first {applied} statements stay applied; correct the rest and run the command again, it goes on from there"),
                };
                let interrupted = "an earlier run was cut off in this statement and may have done it, in full or in part (an INVALID index is dropped by hand)";
                match (&failure.server.hint, interrupted_before) {
                    (_, true) => format!("{interrupted}; {again}"),
                    (Some(hint), false) => format!("{hint}; {again}"),
                    (None, false) => again,
                }
            }
            Self::Commit { .. } => "a deferred constraint does not hold, or the history cannot be written; nothing of the file stays".to_owned(),
            Self::OpenTransaction { .. } => "end it with COMMIT".to_owned(),
            Self::Session { server, .. } if server.sqlstate.as_deref() == Some(NO_PRIVILEGE) => {
                "the role needs CREATE on the database, or an existing history table that it may write (`--revisions-schema`)".to_owned()
            }
            Self::Connect(_) | Self::Session { .. } => return None,
        })
    }

    pub(super) fn session(what: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |error| Self::Session {
            what,
            server: Box::new(ServerError::from(&error)),
        }
    }
}
