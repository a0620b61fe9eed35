//! Directives: SQL comments of the form `-- PREFIX:name arguments`.
//!
//! What looks like a directive is one or is an error; it is never silently a comment.

mod known;
mod read;

use std::fmt;

#[cfg(test)]
mod tests;

pub(super) use read::parse;

/// The prefixes that make a comment a directive. `migrate:` and `atlas:` always do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefixes(Vec<String>);

impl Default for Prefixes {
    fn default() -> Self {
        Self(vec!["migrate".to_owned(), "atlas".to_owned()])
    }
}

impl Prefixes {
    /// The built-in prefixes and a project's own, without their colon.
    pub fn with_own(own: &[String]) -> Self {
        let mut prefixes = Self::default();
        prefixes.0.extend(own.iter().cloned());
        prefixes
    }
}

/// A directive of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What it says.
    pub kind: DirectiveKind,
    /// What it is said about.
    pub scope: Scope,
    /// Its line, from 1.
    pub line: u32,
}

/// What a directive is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole file.
    File,
    /// The statement of this index, from 0.
    Statement(usize),
}

/// What a directive says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DirectiveKind {
    /// `txmode none | file`: whether the file runs in one transaction.
    TxMode(TxMode),
    /// `delimiter X`: what separates the statements, escapes resolved.
    Delimiter(String),
    /// `nolint [names]`: which lint findings not to report; all of them if none is named.
    NoLint(Vec<String>),
    /// `checkpoint [tag]`: the file is a snapshot of everything before it.
    Checkpoint(Option<String>),
    /// `sum ignore`: the file has no line in `atlas.sum`.
    SumIgnore,
    /// `skip-on ENV[,ENV…]`: environments where the file is not executed.
    SkipOn(Vec<String>),
    /// `generated FINGERPRINT`: `generate` wrote the file, and the rest of it was this then.
    Generated(String),
    /// `n-1-shim: OLD drop-with #ISSUE`: the file keeps OLD, a table or column that goes by another
    /// name now or demands more, as the previous release knows it.
    Shim {
        /// The old name, as written.
        old: String,
        /// The number of the issue whose work drops the shim, without `#`.
        issue: String,
    },
    /// `n-1-shim-drop: OLD`: the file drops that shim.
    ShimDrop {
        /// The old name, as written.
        old: String,
    },
}

/// As it is written in a file of ours, without the comment marks.
impl fmt::Display for DirectiveKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TxMode(TxMode::None) => formatter.write_str("migrate:txmode none"),
            Self::TxMode(TxMode::File) => formatter.write_str("migrate:txmode file"),
            Self::Delimiter(text) => write!(formatter, "migrate:delimiter {}", escaped(text)),
            Self::NoLint(names) => write!(formatter, "migrate:nolint {}", names.join(" ")),
            Self::Checkpoint(None) => formatter.write_str("migrate:checkpoint"),
            Self::Checkpoint(Some(tag)) => write!(formatter, "migrate:checkpoint {tag}"),
            // Exactly this line is one to Atlas.
            Self::SumIgnore => formatter.write_str("atlas:sum ignore"),
            Self::SkipOn(names) => write!(formatter, "migrate:skip-on {}", names.join(",")),
            Self::Generated(fingerprint) => write!(formatter, "migrate:generated {fingerprint}"),
            Self::Shim { old, issue } => {
                write!(formatter, "migrate:n-1-shim: {old} drop-with #{issue}")
            }
            Self::ShimDrop { old } => write!(formatter, "migrate:n-1-shim-drop: {old}"),
        }
    }
}

fn escaped(delimiter: &str) -> String {
    delimiter
        .replace('\n', "\\n")
        .replace('\r', "\\r")
        .replace('\t', "\\t")
}

/// How the statements of a file share a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TxMode {
    /// One transaction around the file and its history row.
    #[default]
    File,
    /// Each statement by itself.
    None,
}

/// A comment that means to be a directive and is not a good one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct DirectiveError {
    /// Its line, from 1.
    pub line: u32,
    /// What is wrong with it.
    pub fault: DirectiveFault,
}

/// What is wrong with a directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectiveFault {
    /// No directive has this name.
    Unknown {
        /// As written, with its prefix.
        written: String,
        /// The directive that is spelt most alike.
        nearest: Option<String>,
    },
    /// The arguments are not what the directive takes.
    Malformed {
        /// The directive.
        name: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What was written.
        found: String,
    },
    /// The directive does not count where it stands.
    Misplaced {
        /// The directive.
        name: &'static str,
        /// Where it belongs.
        belongs: &'static str,
    },
    /// Said twice.
    Repeated {
        /// The directive.
        name: &'static str,
        /// The line of the first.
        first: u32,
    },
    /// Another tool's directive that cannot be honoured here.
    Unsupported {
        /// The directive.
        name: String,
        /// Why, and what to do instead.
        reason: &'static str,
    },
}

impl fmt::Display for DirectiveFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown {
                written,
                nearest: Some(nearest),
            } => {
                write!(
                    formatter,
                    "unknown directive `{written}`, did you mean `{nearest}`?"
                )
            }
            Self::Unknown {
                written,
                nearest: None,
            } => write!(formatter, "unknown directive `{written}`"),
            Self::Malformed {
                name,
                expected,
                found,
            } if found.is_empty() => {
                write!(formatter, "directive `{name}` takes {expected}")
            }
            Self::Malformed {
                name,
                expected,
                found,
            } => {
                write!(
                    formatter,
                    "directive `{name}` takes {expected}, not `{found}`"
                )
            }
            Self::Misplaced { name, belongs } => {
                write!(formatter, "directive `{name}` belongs {belongs}")
            }
            Self::Repeated { name, first } => write!(
                formatter,
                "directive `{name}` is given already on line {first}"
            ),
            Self::Unsupported { name, reason } => {
                write!(formatter, "directive `{name}` is not supported: {reason}")
            }
        }
    }
}
