//! Whether a review has let the breaks of a contract step pass: a label on the pull request.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::github::{GitHub, GitHubError};

/// The events whose pull request is the one that is checked.
const EVENTS: [&str; 2] = ["pull_request", "pull_request_target"];

/// Whether there is an approval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Approval {
    /// There is.
    Given {
        /// The label.
        label: String,
        /// Where it was seen.
        ground: String,
    },
    /// There is none, and why.
    None {
        /// Why.
        reason: String,
    },
}

/// The pull request that is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PullRequest {
    /// Its number.
    pub(crate) number: u64,
    /// Its labels at the time of the event, and the event file; `None` if only the number was given.
    pub(crate) event: Option<(Vec<String>, Utf8PathBuf)>,
}

/// Why the event file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EventError {
    /// It cannot be read.
    #[error("the event file `{path}` of GITHUB_EVENT_PATH cannot be read")]
    Read {
        path: Utf8PathBuf,
        source: io::Error,
    },
    /// It is not what GitHub writes.
    #[error("the event file `{path}` of GITHUB_EVENT_PATH is not what GitHub writes")]
    Malformed {
        path: Utf8PathBuf,
        source: serde_json::Error,
    },
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        Self::from_error(Exit::Project, &error).with_help(
            "unset GITHUB_EVENT_PATH where no workflow of GitHub runs, and name the pull request by --pull-request",
        )
    }
}

#[derive(Deserialize)]
struct Event {
    pull_request: Option<EventPullRequest>,
}

#[derive(Deserialize)]
struct EventPullRequest {
    number: u64,
    #[serde(default)]
    labels: Vec<EventLabel>,
}

#[derive(Deserialize)]
struct EventLabel {
    name: String,
}

/// The pull request that a flag or the event of the workflow names.
///
/// An event that is not about a pull request names none, whatever its file holds.
pub(crate) fn pull_request(
    flag: Option<u64>,
    event: Option<(Option<&str>, &Utf8Path)>,
) -> Result<Option<PullRequest>, EventError> {
    let from_event = match event {
        Some((name, path)) => read(path)?.filter(|_| name.is_none_or(|it| EVENTS.contains(&it))),
        None => None,
    };
    Ok(match (flag, from_event) {
        (Some(number), Some(found)) if found.number == number => Some(found),
        (Some(number), _) => Some(PullRequest {
            number,
            event: None,
        }),
        (None, found) => found,
    })
}

fn read(path: &Utf8Path) -> Result<Option<PullRequest>, EventError> {
    let text = fs_err::read_to_string(path).map_err(|source| EventError::Read {
        path: path.to_owned(),
        source,
    })?;
    let event: Event = serde_json::from_str(&text).map_err(|source| EventError::Malformed {
        path: path.to_owned(),
        source,
    })?;
    Ok(event.pull_request.map(|found| {
        let labels = found.labels.into_iter().map(|label| label.name);
        PullRequest {
            number: found.number,
            event: Some((labels.collect(), path.to_owned())),
        }
    }))
}

/// Looks for the approval label: as a flag says, on the pull request as it is now, or in the event
/// file. The labels of the file are those of the time when the workflow was started: where GitHub
/// can be asked, they do not count.
pub(crate) fn find(
    label: &str,
    flag: Option<&str>,
    pull_request: Option<&PullRequest>,
    github: Result<&GitHub, &GitHubError>,
) -> Approval {
    let none = |reason: String| Approval::None { reason };
    let given = |ground: String| Approval::Given {
        label: label.to_owned(),
        ground,
    };
    match flag {
        Some(found) if found == label => {
            return given(format!("label `{label}`, given by --approved-by-label"));
        }
        Some(found) => {
            return none(format!(
                "--approved-by-label says `{found}`, and the approval label is `{label}`"
            ));
        }
        None => {}
    }
    let Some(PullRequest { number, event }) = pull_request else {
        return none("there is no pull request that could carry the approval label".to_owned());
    };
    let (labels, source) = match (github, event) {
        (Ok(github), event) if github.has_token() || event.is_none() => {
            match github.labels(*number) {
                Ok(labels) => (labels, "as GitHub says".to_owned()),
                Err(error) => {
                    return none(format!(
                        "the labels of pull request #{number} could not be read: {error}"
                    ));
                }
            }
        }
        (_, Some((labels, path))) => (labels.clone(), format!("as the event file {path} says")),
        (Err(error), None) => {
            return none(format!(
                "the labels of pull request #{number} could not be read: {error}"
            ));
        }
        (Ok(_), None) => unreachable!("the first arm takes it"),
    };
    if labels.iter().any(|found| found == label) {
        given(format!(
            "label `{label}` on pull request #{number}, {source}"
        ))
    } else {
        none(format!(
            "pull request #{number} does not carry the label `{label}`, {source}"
        ))
    }
}
