//! Why migrations could not be applied.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;

use super::failure::{ServerError, StatementFailure, Trouble};
use super::pooler::{self, PoolerSign};
use super::refusal::Refusal;
use super::tls;
use crate::directory::Problem;
use crate::ident::Ident;

/// Why migrations could not be applied, or their status not be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The directory is not intact.
    #[error("the directory is not intact: {0}")]
    Directory(Box<Problem>),
    /// No connection.
    #[error("cannot connect to {place}: {server}")]
    Connect {
        /// Database, server and role.
        place: String,
        /// What the server said, or what kept it from answering.
        server: Box<ServerError>,
    },
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
    /// Nothing can be written.
    #[error("the database is read-only: default_transaction_read_only is on")]
    ReadOnly,
    /// A server that we do not know.
    #[error("the server is PostgreSQL {found}; {oldest} is the oldest that is supported")]
    ServerVersion {
        /// Its major version.
        found: u32,
        /// The oldest that will do.
        oldest: u32,
    },
    /// Names without a schema would go elsewhere.
    #[error("names without a schema mean schema {}, not `{expected}`", found.as_ref().map_or("none".to_owned(), |found| format!("`{found}`")))]
    SearchPath {
        /// The first schema of the search path that exists.
        found: Option<String>,
        /// The schema that migrations mean.
        expected: String,
    },
    /// The only schema to work on is not there.
    #[error("there is no schema `{schema}` that the role may use")]
    NoSchema {
        /// The schema.
        schema: String,
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
    /// The connection was lost, and nobody can tell in which statement.
    #[error("the connection was lost while `{file}` ran: {server}")]
    Interrupted {
        /// The file.
        file: String,
        /// What is known of the reason.
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
    /// A pooler that takes the session away between transactions.
    #[error(
        "the connection goes through a pooler that gives each transaction to any server process: {sign}"
    )]
    Pooler {
        /// What showed it.
        sign: PoolerSign,
    },
    /// The app's role is not there.
    #[error("there is no role {role}, which the app is said to connect as")]
    NoRole {
        /// The name.
        role: String,
    },
}

impl ApplyError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Directory(problem) => problem.help(),
            Self::Locked { .. } => {
                "wait for it, or wait longer with `--lock-timeout`; a session that a killed run has left ends with its statement, or by `pg_terminate_backend`".to_owned()
            }
            Self::LockLost { .. } => "nothing of that file ran; run the command again".to_owned(),
            Self::Standby => "connect to the primary".to_owned(),
            Self::SearchPath { expected, .. } => format!(
                "set it for the role (`ALTER ROLE … SET search_path = {expected}`), or in the URL (`?options=-csearch_path%3D{expected}`)"
            ),
            Self::NoSchema { schema } => format!(
                "make it (`CREATE SCHEMA {0}`) or let the role in (`GRANT USAGE, CREATE ON SCHEMA {0} TO …`); nothing is made for a name that may be misspelt",
                Ident::new(schema.as_str())
            ),
            Self::AmbiguousHistory { .. } => "name the right one with `--revisions-schema`".to_owned(),
            Self::NotClean { .. } => {
                "to adopt it, `cargo migrate baseline` finds the version that it is at; to run all files on it anyway, `--allow-dirty`".to_owned()
            }
            Self::Refused(refusal) => return refusal.help(),
            Self::ReadOnly => {
                "turn it off for the role that migrates: `ALTER ROLE … SET default_transaction_read_only = off`".to_owned()
            }
            Self::ServerVersion { oldest, .. } => format!("upgrade the server to PostgreSQL {oldest} or newer"),
            Self::Connect { server, .. } => connecting(server),
            Self::Statement { failure, applied, interrupted_before } => {
                let server = &failure.server;
                let interrupted = interrupted_before.then_some(
                    "an earlier run was cut off in this statement and may have done it, in full or in part",
                );
                let hint = server.hint.as_deref().map(|hint| hint.trim_end_matches('.'));
                let said = [interrupted, hint.or_else(|| remedy(server))];
                let again = match server.trouble() {
                    Some(Trouble::Lost) => FINDS_OUT.to_owned(),
                    Some(_) => again(";", ";", *applied),
                    None => again("; correct it and", "; correct the rest and", *applied),
                };
                let said = said.into_iter().flatten().chain([again.as_str()]);
                said.collect::<Vec<_>>().join("; ")
            }
            Self::Commit { server, .. } => match remedy(server) {
                Some(remedy) => format!("{remedy}; {FINDS_OUT}"),
                None => "a deferred constraint does not hold, or the history cannot be written; nothing of the file stays".to_owned(),
            },
            Self::Interrupted { .. } => FINDS_OUT.to_owned(),
            Self::OpenTransaction { .. } => "end it with COMMIT".to_owned(),
            Self::Session { server, .. } => {
                return match (&server.hint, remedy(server)) {
                    (Some(hint), _) => Some(hint.clone()),
                    (None, Some(remedy)) => Some(format!("{remedy}; run the command again")),
                    (None, None) => None,
                };
            }
            Self::NoRole { role } => format!(
                "make it (`CREATE ROLE {}`), or correct `app-role` in the configuration or `--app-role`",
                Ident::new(role.as_str())
            ),
            Self::Pooler { .. } => pooler::HELP.to_owned(),
        })
    }

    /// What PostgreSQL said, where it is about a migration.
    pub(super) fn server_mut(&mut self) -> Option<&mut ServerError> {
        match self {
            Self::Statement { failure, .. } => Some(&mut failure.server),
            Self::Commit { server, .. }
            | Self::Session { server, .. }
            | Self::Interrupted { server, .. } => Some(server),
            _ => None,
        }
    }

    pub(super) fn session(what: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |error| Self::Session {
            what,
            server: Box::new(ServerError::from(&error)),
        }
    }

    pub(super) fn connect(target: &PgConnectOptions) -> impl Fn(sqlx::Error) -> Self {
        let database = target.get_database().unwrap_or(target.get_username());
        let server = match target.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => format!("{}:{}", target.get_host(), target.get_port()),
        };
        let place = format!("`{database}` at {server} as `{}`", target.get_username());
        move |error| Self::Connect {
            place: place.clone(),
            server: Box::new(ServerError::from(&error)),
        }
    }
}

/// What is true whenever the answer of the server got lost.
const FINDS_OUT: &str = "run the command again: it finds out what stayed, and goes on from there";

/// What stays of a file, and how to go on.
fn again(all: &str, rest: &str, applied: usize) -> String {
    match applied {
        0 => format!("nothing of the file stays{all} run the command again"),
        1 => format!(
            "its first statement stays applied{rest} run the command again, it goes on from there"
        ),
        _ => format!(
            "its first {applied} statements stay applied{rest} run the command again, it goes on from there"
        ),
    }
}

/// What to do where no connection is made.
fn connecting(server: &ServerError) -> String {
    if let Some(help) = tls::help(&server.message) {
        return help.to_owned();
    }
    match server.trouble() {
        Some(Trouble::Authentication) => {
            "check user and password of the URL (in a URL `@`, `/`, `:` and `%` of a password are written `%40`, `%2F`, `%3A` and `%25`), \
             and that `pg_hba.conf` lets the role in from here"
        }
        Some(Trouble::NoDatabase) => "create it (`CREATE DATABASE`), or correct the name in the URL",
        Some(Trouble::NotReady) => "run the command again when it is ready; two connections are needed",
        Some(Trouble::Privilege) => "give the role CONNECT on the database",
        Some(_) | None => {
            "check host and port of the URL, and that the server runs and can be reached from here (`pg_isready` tells)"
        }
    }
    .to_owned()
}

/// What to do about trouble that is not about what a statement says.
fn remedy(server: &ServerError) -> Option<&'static str> {
    Some(match server.trouble()? {
        Trouble::Lost => "the connection was lost while it ran",
        Trouble::NoRoom => "make room on the server",
        Trouble::Privilege => "give the role the privilege, or run migrations as the owner",
        Trouble::ReadOnly => {
            "the transaction is read-only: write to the primary, and turn `default_transaction_read_only` off"
        }
        Trouble::Busy => "others hold locks on what it needs: wait for a quieter time, or end them",
        Trouble::NotReady => "the server is not ready",
        Trouble::Authentication | Trouble::NoDatabase => return None,
    })
}
