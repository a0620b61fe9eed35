//! Issues in a file: for trackers without an API, and for work without a network.

use std::collections::BTreeMap;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use super::{IssueState, Tracker, TrackerError};

/// Issues and their states: lines `123 open`, with whatever follows, or JSON `{"123": "open"}`.
///
/// A line that starts with `# ` is a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssueFile {
    path: Utf8PathBuf,
    states: BTreeMap<u64, IssueState>,
}

/// Why a file of issues cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IssueFileError {
    /// It cannot be read.
    #[error("the list of issues `{path}` cannot be read: {source}")]
    Read {
        path: Utf8PathBuf,
        source: io::Error,
    },
    /// It is no JSON object.
    #[error("the list of issues `{path}` is no JSON object: {reason}")]
    Json { path: Utf8PathBuf, reason: String },
    /// An entry is not a number and a state.
    #[error("{path}:{line}: `{text}` is no issue and its state")]
    Entry {
        path: Utf8PathBuf,
        line: usize,
        text: String,
    },
    /// An issue is there twice, with two states.
    #[error("{path}: issue #{issue} is both open and closed")]
    Twice { path: Utf8PathBuf, issue: u64 },
}

impl IssueFileError {
    /// What to do next.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::Read { .. } => "name a file that is there: --issues file:PATH".to_owned(),
            Self::Json { .. } | Self::Entry { .. } => {
                "write one issue a line, `123 open` or `123 closed`, or JSON: {\"123\": \"open\"}"
                    .to_owned()
            }
            Self::Twice { issue, .. } => format!("keep one line of issue #{issue}"),
        }
    }
}

impl IssueFile {
    /// Reads a file; `shown` is its path in messages.
    pub(crate) fn read(path: &Utf8Path, shown: &Utf8Path) -> Result<Self, IssueFileError> {
        let text = fs_err::read_to_string(path).map_err(|source| IssueFileError::Read {
            path: shown.to_owned(),
            source,
        })?;
        Self::parse(&text, shown)
    }

    fn parse(text: &str, path: &Utf8Path) -> Result<Self, IssueFileError> {
        let mut file = Self {
            path: path.to_owned(),
            states: BTreeMap::new(),
        };
        if text.trim_start().starts_with('{') {
            let entries: BTreeMap<String, Value> =
                serde_json::from_str(text).map_err(|error| IssueFileError::Json {
                    path: path.to_owned(),
                    reason: error.to_string(),
                })?;
            for (number, state) in &entries {
                let written = format!("{number}: {state}");
                file.add(1, &written, number, state.as_str().unwrap_or_default())?;
            }
            return Ok(file);
        }
        for (index, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                [] | ["#", ..] => {}
                [number, state, ..] => file.add(index + 1, line, number, state)?,
                [_] => return Err(file.no_entry(index + 1, line)),
            }
        }
        Ok(file)
    }

    fn add(
        &mut self,
        line: usize,
        text: &str,
        number: &str,
        state: &str,
    ) -> Result<(), IssueFileError> {
        let number = number.strip_prefix('#').unwrap_or(number).parse();
        let state = match state {
            "open" => Some(IssueState::Open),
            "closed" => Some(IssueState::Closed),
            _ => None,
        };
        let (Ok(number), Some(state)) = (number, state) else {
            return Err(self.no_entry(line, text));
        };
        match self.states.insert(number, state) {
            Some(before) if before != state => Err(IssueFileError::Twice {
                path: self.path.clone(),
                issue: number,
            }),
            _ => Ok(()),
        }
    }

    fn no_entry(&self, line: usize, text: &str) -> IssueFileError {
        IssueFileError::Entry {
            path: self.path.clone(),
            line,
            text: text.to_owned(),
        }
    }
}

impl Tracker for IssueFile {
    fn name(&self) -> String {
        self.path.to_string()
    }

    fn state(&self, number: u64) -> Result<IssueState, TrackerError> {
        let state = self.states.get(&number).copied();
        Ok(state.unwrap_or(IssueState::Unknown))
    }
}
