//! A migration file as single statements.

use std::fmt;
use std::ops::Range;

use super::scan::{line_of, scan};

/// One statement of a file.
///
/// The text is what Atlas takes as the statement (comments before it left out, trimmed, with its
/// semicolon), because the history table keeps hashes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlStatement<'a> {
    /// The SQL, comments inside it included.
    pub text: &'a str,
    /// Where it stands in the file, in bytes.
    pub range: Range<usize>,
    /// The line it begins on, from 1.
    pub line: u32,
}

impl SqlStatement<'_> {
    /// Whether the statement begins or ends a transaction, which savepoints do not.
    pub fn controls_transaction(&self) -> bool {
        let mut words = self
            .text
            .split(|character: char| !(character.is_alphanumeric() || character == '_'))
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase);
        let first = words.next().unwrap_or_default();
        match first.as_str() {
            "begin" | "commit" | "end" | "abort" => true,
            "start" | "prepare" => words.next().is_some_and(|word| word == "transaction"),
            "rollback" => !words.take(3).any(|word| word == "to"),
            _ => false,
        }
    }
}

/// A file that cannot be split safely.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct SplitError {
    /// The line, from 1, where the trouble begins.
    pub line: u32,
    /// What it is.
    pub fault: SplitFault,
}

/// Why a file cannot be split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SplitFault {
    /// `'…` without its end.
    UnclosedString,
    /// `"…` without its end.
    UnclosedIdentifier,
    /// `$tag$…` without its end.
    UnclosedDollarQuote(String),
    /// `/*` without its end.
    UnclosedComment,
    /// `(` without its end.
    UnclosedParenthesis,
    /// `)` without its begin.
    UnexpectedParenthesis,
    /// `BEGIN ATOMIC` without its `END`.
    UnclosedBlock,
    /// A command of `psql`, such as `\i`.
    MetaCommand(String),
    /// `COPY … FROM stdin`, whose data is not SQL.
    ClientCopy,
    /// `DELIMITER //`, a command of another client.
    DelimiterCommand,
    /// A zero byte, which PostgreSQL would take for the end of the query.
    NulByte,
}

impl SplitFault {
    /// What to do about it, where that is not plain from the message.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::MetaCommand(_) => Some(
                "a backslash command is run by psql, not by PostgreSQL: write the SQL it stands for",
            ),
            Self::ClientCopy => Some(
                "write the rows as INSERT … VALUES (`pg_dump --inserts` does), or use COPY FROM a file on the server",
            ),
            Self::DelimiterCommand => {
                Some("write `-- atlas:delimiter //` as the first line of the file")
            }
            _ => None,
        }
    }
}

impl fmt::Display for SplitFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnclosedString => formatter.write_str("string without its closing `'`"),
            Self::UnclosedIdentifier => formatter.write_str("quoted name without its closing `\"`"),
            Self::UnclosedDollarQuote(tag) => {
                write!(formatter, "string without its closing `{tag}`")
            }
            Self::UnclosedComment => formatter.write_str("comment without its closing `*/`"),
            Self::UnclosedParenthesis => formatter.write_str("`(` that is never closed"),
            Self::UnexpectedParenthesis => formatter.write_str("`)` that closes nothing"),
            Self::UnclosedBlock => formatter.write_str("`BEGIN ATOMIC` without its `END`"),
            Self::MetaCommand(command) => {
                write!(formatter, "`{command}` is a psql command, not SQL")
            }
            Self::ClientCopy => formatter.write_str(
                "COPY between server and client is not SQL alone: its data follows outside",
            ),
            Self::DelimiterCommand => {
                formatter.write_str("DELIMITER is a command of the MySQL client, not SQL")
            }
            Self::NulByte => formatter.write_str("zero byte"),
        }
    }
}

/// Splits SQL text into statements at `;`, or at `delimiter` where a file names its own.
///
/// ```
/// # use schema_core::directory::split;
/// let statements = split("-- Why.\nCREATE TABLE t (id int);\nSELECT ';';\n", None).unwrap();
/// assert_eq!(statements[0].text, "CREATE TABLE t (id int);");
/// assert_eq!((statements[1].text, statements[1].line), ("SELECT ';';", 3));
/// ```
pub fn split<'a>(
    text: &'a str,
    delimiter: Option<&str>,
) -> Result<Vec<SqlStatement<'a>>, SplitError> {
    let start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let (script, error) = scan(text, start, delimiter.unwrap_or(";"));
    if let Some(error) = error {
        return Err(error);
    }
    let mut line = 1;
    let mut counted = 0;
    Ok(script
        .statements
        .into_iter()
        .map(|range| {
            line += line_of(&text[counted..range.start], range.start - counted) - 1;
            counted = range.start;
            SqlStatement {
                text: &text[range.clone()],
                range,
                line,
            }
        })
        .collect())
}
