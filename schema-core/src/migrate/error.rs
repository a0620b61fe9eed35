//! Why an app could not apply its migrations.

use std::{error, fmt};

use crate::apply::{ApplyError, Refusal};
use crate::directory::Version;

/// Why an app could not apply its migrations, or not tell where its database stands.
///
/// `Display` and `Debug` say the reason and, on a line of its own, what to do about it.
#[non_exhaustive]
pub enum MigrateError {
    /// The URL is none.
    Target(sqlx::Error),
    /// A newer release has migrated the database. Nothing was done.
    Ahead {
        /// Versions that are applied and newer than every file of this program.
        versions: Vec<Version>,
    },
    /// As for `cargo migrate apply`, whose flags are the fields of [`ApplyOptions`].
    ///
    /// [`ApplyOptions`]: super::ApplyOptions
    Apply(ApplyError),
}

impl MigrateError {
    pub(super) fn of_apply(error: ApplyError) -> Self {
        match error {
            ApplyError::Refused(Refusal::Ahead { versions, .. }) => Self::Ahead { versions },
            error => Self::Apply(error),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Target(_) => {
                Some("a URL looks like postgres://user:password@host:5432/database".to_owned())
            }
            Self::Ahead { .. } => Some(
                "if this release is one before it and works with that schema, let it start without migrations; otherwise deploy the newer release"
                    .to_owned(),
            ),
            Self::Apply(error) => error.help(),
        }
    }
}

impl fmt::Display for MigrateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target(error) => {
                write!(formatter, "the URL of the database cannot be read: {error}")?;
            }
            Self::Ahead { versions } => {
                let newest = versions.iter().max().map_or("", Version::as_str);
                write!(
                    formatter,
                    "the database is ahead of this program: it is at version {newest}, which this program does not have"
                )?;
            }
            Self::Apply(error) => write!(formatter, "{error}")?,
        }
        match self.help() {
            Some(help) => write!(formatter, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

/// What `fn main() -> Result<…>` and a failed test print.
impl fmt::Debug for MigrateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// No source: its text is in ours.
impl error::Error for MigrateError {}
