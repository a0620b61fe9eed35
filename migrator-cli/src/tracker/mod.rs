//! Where the issues of shims are, and whether they are open.

mod check;
mod file;

use std::fmt;
use std::str::FromStr;

use camino::Utf8PathBuf;
use serde::Deserialize;

pub(crate) use self::check::{ShimState, check};
pub(crate) use self::file::{IssueFile, IssueFileError};
use crate::context::Context;
use crate::failure::Failure;
use crate::github::{GitHub, GitHubError};

/// Where issues are.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum IssueSource {
    /// On GitHub.
    Github,
    /// In a file.
    File(Utf8PathBuf),
    /// Nowhere: they are not looked at.
    None,
}

/// It is none of the three.
#[derive(Debug, thiserror::Error)]
#[error("`{written}` is no place for issues: expected `github`, `file:PATH` or `none`")]
pub(crate) struct IssueSourceError {
    written: String,
}

impl FromStr for IssueSource {
    type Err = IssueSourceError;

    fn from_str(text: &str) -> Result<Self, IssueSourceError> {
        match text.strip_prefix("file:") {
            Some(path) if !path.is_empty() => Ok(Self::File(path.into())),
            _ if text == "github" => Ok(Self::Github),
            _ if text == "none" => Ok(Self::None),
            _ => Err(IssueSourceError {
                written: text.to_owned(),
            }),
        }
    }
}

impl TryFrom<String> for IssueSource {
    type Error = IssueSourceError;

    fn try_from(text: String) -> Result<Self, IssueSourceError> {
        text.parse()
    }
}

/// The state of an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IssueState {
    /// Its work is not done.
    Open,
    /// Its work is done.
    Closed,
    /// The tracker has no issue of this number.
    Unknown,
    /// The number is that of a pull request.
    PullRequest,
}

impl fmt::Display for IssueState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Unknown => "unknown",
            Self::PullRequest => "a pull request",
        })
    }
}

/// Why the state of an issue is not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrackerError {
    /// GitHub does not answer.
    #[error(transparent)]
    GitHub(#[from] GitHubError),
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] IssueFileError),
}

impl TrackerError {
    /// What to do next.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::GitHub(error) => error.help().to_owned(),
            Self::File(error) => error.help(),
        }
    }
}

/// Something that knows the states of issues.
pub(crate) trait Tracker {
    /// What it is called in messages.
    fn name(&self) -> String;

    /// The state of an issue.
    fn state(&self, number: u64) -> Result<IssueState, TrackerError>;
}

impl Tracker for GitHub {
    fn name(&self) -> String {
        "GitHub".to_owned()
    }

    fn state(&self, number: u64) -> Result<IssueState, TrackerError> {
        match self.issue(number) {
            Ok(issue) if issue.pull_request.is_some() => Ok(IssueState::PullRequest),
            Ok(issue) if issue.state == "open" => Ok(IssueState::Open),
            Ok(issue) if issue.state == "closed" => Ok(IssueState::Closed),
            Ok(issue) => Err(GitHubError::Answer {
                what: format!("issue #{number}"),
                reason: format!("its state is `{}`", issue.state),
            }
            .into()),
            Err(GitHubError::NotFound { .. }) => Ok(IssueState::Unknown),
            Err(error) => Err(error.into()),
        }
    }
}

/// A tracker, or why there is none; nothing where issues are not to be looked at.
pub(crate) type Opened = Option<Result<Box<dyn Tracker>, TrackerError>>;

/// Opens what the flag names, else what the configuration names; `None` if neither does.
pub(crate) fn open(
    context: &Context,
    flag: Option<&IssueSource>,
) -> Result<Option<Opened>, Failure> {
    let (source, folder) = match (flag, &context.config.issues) {
        (Some(source), _) => (source, &context.cwd),
        (None, Some(source)) => (source, &context.root),
        (None, None) => return Ok(None),
    };
    Ok(Some(match source {
        IssueSource::None => None,
        IssueSource::Github => Some(match GitHub::new(context)? {
            Ok(github) => Ok(Box::new(github)),
            Err(error) => Err(error.into()),
        }),
        IssueSource::File(path) => {
            let file = IssueFile::read(&folder.join(path), path);
            Some(match file {
                Ok(file) => Ok(Box::new(file)),
                Err(error) => Err(error.into()),
            })
        }
    }))
}
