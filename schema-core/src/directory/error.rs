//! Why a directory cannot be read or written.

use std::io;
use std::time::Duration;

use camino::Utf8PathBuf;

use super::foreign::ForeignTool;
use super::problem::Problem;

/// Why a directory cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// There is no such directory.
    #[error("there is no directory `{path}`")]
    Missing {
        /// The path.
        path: Utf8PathBuf,
    },
    /// The path is a file, or a folder where a file should be.
    #[error("`{path}` is not a {expected}")]
    WrongKind {
        /// The path.
        path: Utf8PathBuf,
        /// `directory` or `file`.
        expected: &'static str,
    },
    /// The operating system could not read it.
    #[error("cannot read `{path}`: {source}")]
    Read {
        /// The path.
        path: Utf8PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The operating system could not write it.
    #[error("cannot write `{path}`: {source}")]
    Write {
        /// The path.
        path: Utf8PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file whose name or text is not UTF-8.
    #[error("{what} of `{path}` is not UTF-8")]
    NotText {
        /// The path, with what is not UTF-8 replaced.
        path: Utf8PathBuf,
        /// `the name`, or `line 3`.
        what: String,
    },
    /// The directory belongs to another tool.
    #[error("`{path}` looks like a directory of {tool}: it has `{evidence}`")]
    Foreign {
        /// The directory.
        path: Utf8PathBuf,
        /// Whose it seems to be.
        tool: ForeignTool,
        /// The file that shows it.
        evidence: String,
    },
    /// The chain is broken, so nothing can be added to it.
    #[error("`{path}` is not intact: {first}")]
    Broken {
        /// The directory.
        path: Utf8PathBuf,
        /// The first problem.
        first: Box<Problem>,
    },
    /// Another process is writing to the directory.
    #[error("another process has been writing to `{path}` for {} s", waited.as_secs())]
    Locked {
        /// The directory.
        path: Utf8PathBuf,
        /// How long it was waited for.
        waited: Duration,
    },
    /// The directory changed after it was loaded.
    #[error("`{path}` changed meanwhile: it now ends with {newest}")]
    Changed {
        /// The directory.
        path: Utf8PathBuf,
        /// Its newest file, quoted.
        newest: String,
    },
    /// A file is neither what it was nor what it was to become.
    #[error("`{path}` was changed by something else")]
    Edited {
        /// The file.
        path: Utf8PathBuf,
    },
    /// A record beside the migrations has a form that is not known.
    #[error("`{path}` was written by another version of cargo migrate")]
    UnknownRecord {
        /// The file.
        path: Utf8PathBuf,
        /// The command that writes it.
        writer: &'static str,
    },
    /// A name that cannot be part of a file name.
    #[error("`{name}` is not a name for a migration")]
    Name {
        /// The name.
        name: String,
        /// What could be meant.
        suggestion: Option<String>,
    },
    /// No version of a date sorts after the newest one.
    #[error("no version made of a date sorts after `{newest}`, the newest in `{path}`")]
    NoVersionAfter {
        /// The directory.
        path: Utf8PathBuf,
        /// The newest file.
        newest: String,
    },
}

impl DirectoryError {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Missing { .. } => Some("check the path, or run `cargo migrate init` to set the project up".to_owned()),
            Self::NotText { .. } => Some("save the file as UTF-8".to_owned()),
            Self::Foreign { tool, .. } => Some(tool.help().to_owned()),
            Self::Broken { first, .. } => Some(first.help()),
            Self::Locked { .. } => Some("wait for it to end, or end it, and run the command again".to_owned()),
            Self::UnknownRecord { writer, .. } => Some(format!("use a newer cargo migrate; or delete the file, and run `{writer}` for a new one")),
            Self::Changed { .. } => Some("run the command again, so that it sees the new file".to_owned()),
            Self::Name { suggestion, .. } => {
                let rule = "use letters without accents, digits, `_` and `-`";
                Some(match suggestion {
                    Some(suggestion) => format!("{rule}, as in `{suggestion}`"),
                    None => rule.to_owned(),
                })
            }
            Self::NoVersionAfter { .. } => {
                Some("files run in the order of their names; rename that file if it is not applied anywhere".to_owned())
            }
            Self::Edited { .. } => Some("keep what you want of it elsewhere, put it back as it was, and run the command again".to_owned()),
            Self::WrongKind { .. } | Self::Read { .. } | Self::Write { .. } => None,
        }
    }
}
