//! A finding: something wrong in a schema, a directory or a migration, as plain data.

use std::fmt;

/// One thing to tell the user. Only the command line turns it into text or JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "migrate", derive(serde::Serialize))]
pub struct Finding {
    /// A stable code such as `S003`; never reused for something else.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names the object.
    pub title: String,
    /// Where: the first place is the main one.
    pub places: Vec<Place>,
    /// Why, in PostgreSQL's terms: one sentence each.
    pub notes: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The remedy as SQL that can be pasted.
    pub fix: Option<String>,
}

impl Finding {
    /// A finding with nothing but its title.
    pub fn new(code: &'static str, severity: Severity, title: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            title: title.into(),
            places: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    feature = "migrate",
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
#[cfg_attr(feature = "migrate", derive(serde::Serialize))]
pub struct Place {
    /// Path, as the compiler or the user gave it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1; 0 where only the line is known.
    pub column: u32,
    /// The last line of what is meant; 0 where only the begin is known.
    pub end_line: u32,
    /// The column behind its last character; 0 where not known.
    pub end_column: u32,
    /// What this place has to do with it; may be empty.
    pub label: String,
}

impl Place {
    /// A line of a file.
    pub fn line(file: impl Into<String>, line: u32) -> Self {
        Self {
            file: file.into(),
            line,
            column: 0,
            end_line: 0,
            end_column: 0,
            label: String::new(),
        }
    }
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
