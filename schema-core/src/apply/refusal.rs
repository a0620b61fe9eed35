//! Why nothing is executed: directory and history do not fit.

use crate::directory::{DirectiveError, Hash, SplitError, Version};

/// Why nothing is executed: directory and history do not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A newer directory was applied: the database is ahead.
    #[error("the database is ahead of the directory, which ends at {last}: {} applied to it", list(versions.iter().map(Version::as_str), "version", "is", "are"))]
    Ahead {
        /// The versions that the directory does not have.
        versions: Vec<Version>,
        /// The newest version of the directory.
        last: Version,
    },
    /// No version of the history has a file.
    #[error("the history is that of another directory: {} applied to the database, and this directory has none of them", list(versions.iter().map(Version::as_str), "version", "is", "are"))]
    Foreign {
        /// The versions of the history.
        versions: Vec<Version>,
    },
    /// Versions of the history have no file.
    #[error("{} applied to the database but not in the directory", list(versions.iter().map(Version::as_str), "version", "is", "are"))]
    Missing {
        /// The versions.
        versions: Vec<Version>,
    },
    /// Files come before the last applied one.
    #[error("{} added before {last}, which is applied already", list(files.iter().map(String::as_str), "file", "was", "were"))]
    OutOfOrder {
        /// The file names.
        files: Vec<String>,
        /// The last version of the history.
        last: Version,
    },
    /// A file, or one before it that has no record, is not what it was when it ran.
    #[error("`{file}` was changed after it was applied")]
    Modified {
        /// The file name.
        file: String,
        /// The hash in the history.
        recorded: Hash,
        /// The hash of the directory.
        found: Option<Hash>,
    },
    /// A half-done file was changed in its done half.
    #[error("statement {} of `{file}`{} was changed after it ran", index + 1, line.map(|line| format!(" (line {line})")).unwrap_or_default())]
    ChangedStatement {
        /// The file name.
        file: String,
        /// The statement, from 0.
        index: usize,
        /// Its line; `None` if the file has no such statement any more.
        line: Option<u32>,
    },
    /// A version that the directory does not have.
    #[error("the directory has no version {version}")]
    UnknownVersion {
        /// The version.
        version: Version,
    },
    /// A baseline for a database that has a history.
    #[error("the database has a history already, which begins with version {first}")]
    HasHistory {
        /// Its first version.
        first: Version,
    },
    /// A file with a bad directive.
    #[error("`{file}`, {error}")]
    Directive {
        /// The file name.
        file: String,
        /// What is wrong.
        error: DirectiveError,
    },
    /// A file that cannot be split into statements.
    #[error("`{file}`, {error}")]
    Split {
        /// The file name.
        file: String,
        /// Why.
        error: SplitError,
    },
    /// A file that is left out of the sum has no hash to record.
    #[error("`{file}` is left out of atlas.sum by `sum ignore`, so it cannot be applied")]
    Unhashed {
        /// The file name.
        file: String,
    },
    /// All files are to be one transaction, and one of them cannot be a part of it.
    #[error("`{file}` cannot be in one transaction with all others: {}", if *own { "it begins and ends transactions itself" } else { "it says `txmode none`" })]
    NotInOne {
        /// The file name.
        file: String,
        /// Whether it has transactions of its own.
        own: bool,
    },
    /// A file that waited was changed, and the hashes of later ones that ran cover it.
    #[error(
        "`{file}` waited for a later deployment and was changed since, although `{later}` behind it is applied"
    )]
    ChangedDeferred {
        /// The file name.
        file: String,
        /// The later file.
        later: String,
    },
    /// Files are not for every environment, and nothing says which one this is.
    #[error("{} skipped on {}, and nothing says which environment this is", list(files.iter().map(String::as_str), "file", "is", "are"), environments.join(", "))]
    NoEnvironment {
        /// The file names.
        files: Vec<String>,
        /// The environments that they name.
        environments: Vec<String>,
    },
    /// A file has to wait for the next deployment, and files behind it cannot go before it.
    #[error(
        "`{file}` has to wait for the next deployment: {reason}. It cannot wait: {}",
        said(hindrances)
    )]
    CannotWait {
        /// The file that has to wait.
        file: String,
        /// Why.
        reason: String,
        /// What keeps it from waiting.
        hindrances: Vec<Hindrance>,
        /// The version that comes before it, if any of this run does.
        before: Option<Version>,
        /// How many files there are from it to the end of the directory.
        from_end: usize,
    },
}

/// What keeps a file from waiting while later ones go on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Hindrance {
    /// A later file touches the same.
    #[error("`{file}` behind it touches {} too", objects.join(", "))]
    Common {
        /// The later file.
        file: String,
        /// What both touch.
        objects: Vec<String>,
    },
    /// What a file touches is not on record: the waiting one, or a later one.
    #[error("what `{file}` touches is not on record")]
    Unrecorded {
        /// The file.
        file: String,
    },
    /// A file was rehearsed, and not everything could be seen.
    #[error("what `{file}` touches could not all be seen")]
    Unseen {
        /// The file.
        file: String,
    },
}

fn said(hindrances: &[Hindrance]) -> String {
    let said: Vec<String> = hindrances.iter().map(ToString::to_string).collect();
    said.join("; ")
}

impl Refusal {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Ahead { .. } => {
                "a newer release has migrated this database; nothing has to be applied for an older one: on a rollback start it without `apply` (exit code 13 tells this case), or deploy the release that has these files".to_owned()
            }
            Self::Foreign { .. } => {
                "check the URL and `--dir`; where two projects share a database, give each a history of its own with `--revisions-schema`".to_owned()
            }
            Self::Missing { .. } => {
                "restore the files from version control; the database may also be that of another branch, or shared with another project, whose history then goes elsewhere (`--revisions-schema`)".to_owned()
            }
            Self::OutOfOrder { .. } => {
                "files run in the order of their versions everywhere: `cargo migrate rebase` gives those of a branch new versions, behind the last".to_owned()
            }
            Self::Modified { file, .. } => format!(
                "put `{file}` back as it was when it ran; what is to change goes into a new migration"
            ),
            Self::ChangedStatement { .. } => {
                "put that statement back as it was; only the statements that have not run yet may be corrected".to_owned()
            }
            Self::UnknownVersion { .. } => "a version is the file name up to its first `_`".to_owned(),
            Self::HasHistory { .. } => "a baseline is for a database without history: leave `--baseline` out".to_owned(),
            Self::Directive { .. } => "correct the comment; `cargo migrate validate` shows all of them".to_owned(),
            Self::Split { error, .. } => return error.fault.help().map(str::to_owned),
            Self::ChangedDeferred { file, .. } => format!(
                "put `{file}` back as it was; what is to change goes into a new migration"
            ),
            Self::NoEnvironment { .. } => {
                "name it: `APP_ENV=production`, or `--app-env production`; any other name runs the file".to_owned()
            }
            Self::CannotWait { hindrances, before, from_end, .. } => {
                let steps = match before {
                    Some(version) => format!("deploy in two steps: `cargo migrate apply --to {version}` with the release that it belongs to, and the rest when that release runs everywhere"),
                    None => "deploy the release before it first".to_owned(),
                };
                let known = hindrances.iter().all(|it| !matches!(it, Hindrance::Unrecorded { .. }));
                if known {
                    steps
                } else {
                    format!("`cargo migrate gate --latest {from_end}` puts it on record in migrate.touched, which is committed with the migrations; or {steps}")
                }
            }
            Self::NotInOne { .. } => "leave `--tx-mode all` out, or apply the files up to it first (`--to`)".to_owned(),
            Self::Unhashed { .. } => "take the directive out, or move the file out of the directory".to_owned(),
        })
    }
}

fn list<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    noun: &str,
    one: &str,
    many: &str,
) -> String {
    const SHOWN: usize = 3;
    let count = names.clone().count();
    let shown = names
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    match count {
        1 => format!("{noun} {shown} {one}"),
        2..=SHOWN => format!("{noun}s {shown} {many}"),
        _ => format!("{noun}s {shown} and {} more {many}", count - SHOWN),
    }
}
