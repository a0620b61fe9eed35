//! A rewrite, as people and machines read it.

use std::fmt;

use schema_core::directory::Rewrite;
use serde::Serialize;

/// What becomes of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(super) enum Change<'a> {
    /// A new one.
    Written {
        /// Its name.
        file: &'a str,
        /// Its text.
        sql: &'a str,
    },
    /// It has another text.
    Changed {
        /// Its name.
        file: &'a str,
        /// Its text, of a migration.
        #[serde(skip_serializing_if = "Option::is_none")]
        sql: Option<&'a str>,
    },
    /// It has another name, and the same text.
    Renamed {
        /// Its old name.
        file: &'a str,
        /// Its new name.
        to: &'a str,
    },
    /// It goes.
    Removed {
        /// Its name.
        file: &'a str,
    },
}

/// What becomes of the files: migrations first, then what stands beside them.
pub(super) fn changes(rewrite: &Rewrite) -> Vec<Change<'_>> {
    let mut written: Vec<(&str, &str)> = Vec::new();
    let mut removed: Vec<(&str, &str)> = Vec::new();
    let (mut changes, mut others) = (Vec::new(), Vec::new());
    for (name, it) in &rewrite.0 {
        if name.strip_suffix(".sql").is_none() {
            others.push(Change::Changed {
                file: name,
                sql: None,
            });
            continue;
        }
        match (&it.before, &it.after) {
            (Some(before), None) => removed.push((name, before)),
            (None, Some(after)) => written.push((name, after)),
            (_, after) => changes.push(Change::Changed {
                file: name,
                sql: after.as_deref(),
            }),
        }
    }
    for (file, before) in removed {
        // The same text twice, as of two empty files, stays in order.
        let same = written.iter().position(|(_, after)| *after == before);
        changes.push(match same {
            Some(at) => Change::Renamed {
                file,
                to: written.remove(at).0,
            },
            None => Change::Removed { file },
        });
    }
    let written = written.into_iter();
    changes.extend(written.map(|(file, sql)| Change::Written { file, sql }));
    changes.extend(others);
    changes
}

impl<'a> Change<'a> {
    /// What is done, for a terminal.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Written { .. } => "Created",
            Self::Changed { .. } => "Changed",
            Self::Renamed { .. } => "Renamed",
            Self::Removed { .. } => "Removed",
        }
    }

    /// What would be done, in one character.
    pub(super) fn sign(&self) -> char {
        match self {
            Self::Written { .. } => '+',
            Self::Changed { .. } => '~',
            Self::Renamed { .. } => '>',
            Self::Removed { .. } => '-',
        }
    }

    /// The new text of a migration.
    pub(super) fn planned_sql(&self) -> Option<&'a str> {
        match self {
            Self::Written { sql, .. } => Some(sql),
            Self::Changed { sql, .. } => *sql,
            Self::Renamed { .. } | Self::Removed { .. } => None,
        }
    }
}

impl fmt::Display for Change<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written { file, .. } | Self::Changed { file, .. } | Self::Removed { file } => {
                formatter.write_str(file)
            }
            Self::Renamed { file, to } => write!(formatter, "{file} to {to}"),
        }
    }
}
