//! Why git cannot say what is new.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::exit_code::Exit;
use crate::failure::Failure;

/// How many branches a message names.
const MOST_BRANCHES: usize = 8;

/// Why git cannot say what is new.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    /// There is no git.
    #[error("git is not installed, and only git knows which migrations are new")]
    NoGit,
    /// It does not start.
    #[error("git cannot be run")]
    Start { source: io::Error },
    /// There is no repository.
    #[error("`{folder}` is in no git repository, so nothing says which migrations are new")]
    NoRepository { folder: Utf8PathBuf },
    /// A bare repository, or its inside.
    #[error("`{folder}` is in a git repository without a working tree")]
    NoWorkTree { folder: Utf8PathBuf },
    /// Nothing was committed so far.
    #[error("the git repository has no commit yet, so nothing says which migrations are new")]
    NoCommit,
    /// None of the usual names of a base branch exists.
    #[error("no base branch: there is none of {}", super::BASES.join(", "))]
    NoBase {
        branches: Vec<String>,
        is_shallow: bool,
    },
    /// The base branch that was named does not exist.
    #[error("there is no base branch `{name}`")]
    NoSuchBase {
        name: String,
        branches: Vec<String>,
        is_shallow: bool,
    },
    /// A tag or commit does not exist.
    #[error("git knows no commit or tag `{name}`")]
    NoSuchCommit { name: String, is_shallow: bool },
    /// The history that both branches share was not fetched.
    #[error(
        "this clone is shallow: the commit where this branch left `{base}` was not fetched, so nothing says which migrations are new"
    )]
    Shallow { base: String },
    /// There is no history that both branches share.
    #[error("this branch and `{base}` have no commit in common")]
    Unrelated { base: String },
    /// A path of another repository.
    #[error("`{path}` is not in the git repository `{root}`")]
    Outside {
        path: Utf8PathBuf,
        root: Utf8PathBuf,
    },
    /// Something has to be text and is not.
    #[error("{what} is not UTF-8")]
    NotText { what: String },
    /// An answer that git does not give.
    #[error("git gave an answer that cannot be read: {what}")]
    Answer { what: String },
    /// Git refuses.
    #[error("`git {command}` failed: {message}")]
    Command { command: String, message: String },
}

impl GitError {
    /// Makes of git's own words what they mean for a folder.
    pub(super) fn in_folder(self, folder: &Utf8Path) -> Self {
        match self {
            Self::Command { message, .. } if message.contains("not a git repository") => {
                Self::NoRepository {
                    folder: folder.to_owned(),
                }
            }
            Self::Command { message, .. } if message.contains("must be run in a work tree") => {
                Self::NoWorkTree {
                    folder: folder.to_owned(),
                }
            }
            error => error,
        }
    }

    /// What to do next.
    fn help(&self) -> Option<String> {
        const DEEPER: &str = "fetch the history: `git fetch --unshallow origin`, or `fetch-depth: 0` with actions/checkout";
        const LATEST: &str = "say how many of the last files are new: --latest N";
        match self {
            Self::NoGit | Self::Start { .. } => Some(format!("install git, or {LATEST}")),
            Self::NoRepository { .. } => Some(LATEST.to_owned()),
            Self::NoWorkTree { .. } => Some(format!("run this in a clone, or {LATEST}")),
            Self::NoCommit => Some(format!("commit first, or {LATEST}")),
            Self::NoBase {
                is_shallow: true, ..
            }
            | Self::NoSuchBase {
                is_shallow: true, ..
            }
            | Self::NoSuchCommit {
                is_shallow: true, ..
            }
            | Self::Shallow { .. } => Some(DEEPER.to_owned()),
            Self::NoBase { branches, .. } => Some(match listed(branches) {
                Some(list) => {
                    format!("name one of {list} by --base or `base-branch` in migrate.toml")
                }
                None => LATEST.to_owned(),
            }),
            Self::NoSuchBase { name, branches, .. } => {
                let mut near = branches.clone();
                near.sort_by_key(|branch| strsim::levenshtein(branch, name));
                Some(match listed(&near) {
                    Some(list) => format!(
                        "fetch it (`git fetch origin {name}`), or name one that is there: {list}"
                    ),
                    None => format!("fetch it: `git fetch origin {name}`"),
                })
            }
            Self::NoSuchCommit { name, .. } => Some(format!(
                "fetch it: `git fetch origin tag {name}`, or `fetch-tags: true` with actions/checkout"
            )),
            Self::Unrelated { .. } => Some(format!(
                "name the branch that this one was made from by --base, or {LATEST}"
            )),
            Self::NotText { .. } => {
                Some("name migrations in UTF-8, and write them in it".to_owned())
            }
            Self::Outside { .. } | Self::Command { .. } | Self::Answer { .. } => None,
        }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        Self::from_error(Exit::Project, &error).with_optional_help(error.help())
    }
}

fn listed(branches: &[String]) -> Option<String> {
    let quoted: Vec<String> = branches
        .iter()
        .take(MOST_BRANCHES)
        .map(|branch| format!("`{branch}`"))
        .collect();
    (!quoted.is_empty()).then(|| quoted.join(", "))
}
