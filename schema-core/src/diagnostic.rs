//! A finding: something wrong in a schema, a directory or a migration, as plain data.

use std::fmt;

/// One thing to tell the user. Only the command line turns it into text or JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "engine", derive(serde::Serialize))]
pub struct Finding {
    /// A stable code such as `S003`; never reused for something else.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names the object.
    pub title: String,
    /// Where: the first place is the main one.
    pub places: Vec<Place>,
    /// What to do about it.
    pub help: Option<String>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "engine",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum Severity {
    /// Worth knowing; nothing fails.
    Warning,
    /// The command fails.
    Error,
}

/// A place in a file, with what is to be seen there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "engine", derive(serde::Serialize))]
pub struct Place {
    /// Path, as the compiler or the user gave it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1; 0 where only the line is known.
    pub column: u32,
    /// What this place has to do with it; may be empty.
    pub label: String,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)?;
        if self.column > 0 {
            write!(formatter, ":{}", self.column)?;
        }
        Ok(())
    }
}
