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
        let mut words = self.words();
        let first = words.next().unwrap_or_default();
        match first.as_str() {
            "begin" | "commit" | "end" | "abort" => true,
            "start" | "prepare" => words.next().is_some_and(|word| word == "transaction"),
            "rollback" => !words.take(3).any(|word| word == "to"),
            _ => false,
        }
    }

    /// Whether the statement may change settings of the session.
    pub fn sets_session(&self) -> bool {
        let mut words = self.words();
        match words.next().as_deref() {
            Some("set" | "reset") => true,
            Some("select") => words.any(|word| word == "set_config"),
            _ => false,
        }
    }

    fn words(&self) -> impl Iterator<Item = String> {
        words(self.text)
    }
}

/// The words of a text in lower case, those of strings and comments included.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !(character.is_alphanumeric() || character == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
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

#[cfg(test)]
mod tests {
    use super::{SqlStatement, split};

    fn texts(text: &str) -> Vec<&str> {
        split(text, None)
            .unwrap()
            .iter()
            .map(|statement| statement.text)
            .collect()
    }

    #[test]
    fn statements_end_where_postgresql_ends_them() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            (" \n-- only a comment", &[]),
            ("SELECT 1", &["SELECT 1"]),
            ("SELECT 1;;", &["SELECT 1;", ";"]),
            (
                "SELECT 'a;''b', \"c;\"\"d\";SELECT 2;",
                &["SELECT 'a;''b', \"c;\"\"d\";", "SELECT 2;"],
            ),
            (
                r"SELECT E'it\'s;'; SELECT '\';",
                &[r"SELECT E'it\'s;';", r"SELECT '\';"],
            ),
            // The E ends a word here, so it makes no escape string.
            (
                r"SELECT somE'\';SELECT 2;",
                &[r"SELECT somE'\';", "SELECT 2;"],
            ),
            (
                "DO $$ ; $x$ ; $$; SELECT $é$;$é$;",
                &["DO $$ ; $x$ ; $$;", "SELECT $é$;$é$;"],
            ),
            // A dollar sign inside a word quotes nothing.
            (
                "SELECT a$b$ FROM t; SELECT $1;",
                &["SELECT a$b$ FROM t;", "SELECT $1;"],
            ),
            (
                "/* a /* nested; */ ; */ SELECT /* ; */ 1;",
                &["SELECT /* ; */ 1;"],
            ),
            (
                "-- a\n\n-- b;\nSELECT 1 -- ;\n; -- c",
                &["SELECT 1 -- ;\n;"],
            ),
            (
                "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);",
                &["CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);"],
            ),
            (
                "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3;",
                &[
                    "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;",
                    "SELECT 3;",
                ],
            ),
            (
                "BEGIN; SELECT 1; END; BEGIN TRANSACTION; COMMIT;",
                &[
                    "BEGIN;",
                    "SELECT 1;",
                    "END;",
                    "BEGIN TRANSACTION;",
                    "COMMIT;",
                ],
            ),
            (
                "\u{feff}SELECT 1;\r\n\r\nSELECT\r\n2;\r\n",
                &["SELECT 1;", "SELECT\r\n2;"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(texts(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_delimiter_of_its_own_is_no_part_of_the_text() {
        let text = "-- atlas:delimiter \\n\\n\nSELECT 1;\nSELECT 2;\n\nSELECT (\n\n3);\n\n\n-- c\nSELECT 4";
        let statements = split(text, Some("\n\n")).unwrap();
        assert_eq!(
            statements
                .iter()
                .map(|statement| (statement.text, statement.line))
                .collect::<Vec<_>>(),
            [
                ("SELECT 1;\nSELECT 2;", 2),
                ("SELECT (\n\n3);", 5),
                ("SELECT 4", 11)
            ]
        );
    }

    #[test]
    fn lines_and_ranges_point_into_the_file() {
        let text = "-- one\nSELECT 1;\n\n/* two\n */ SELECT 2;\nSELECT\n3";
        for (statement, line) in split(text, None).unwrap().iter().zip([2, 5, 6]) {
            assert_eq!(statement.line, line);
            assert_eq!(&text[statement.range.clone()], statement.text);
        }
    }

    #[test]
    fn what_cannot_be_split_safely_is_refused_with_its_line() {
        let cases = [
            (
                "SELECT 1;\nSELECT 'x;\n",
                "line 2: string without its closing `'`",
            ),
            (
                "SELECT \"x;\n",
                "line 1: quoted name without its closing `\"`",
            ),
            (
                "\nDO $do$ x $$;\n",
                "line 2: string without its closing `$do$`",
            ),
            ("SELECT 1; /* x", "line 1: comment without its closing `*/`"),
            (
                "SELECT 1 /* x\n /* y */;",
                "line 1: comment without its closing `*/`",
            ),
            ("SELECT (1;\nSELECT 2;", "line 1: `(` that is never closed"),
            ("SELECT 1;\nSELECT 1);", "line 2: `)` that closes nothing"),
            (
                "CREATE FUNCTION f() RETURNS int\nBEGIN ATOMIC SELECT 1;",
                "line 2: `BEGIN ATOMIC` without its `END`",
            ),
            (
                "SELECT 1;\n\\connect other\n",
                "line 2: `\\connect other` is a psql command, not SQL",
            ),
            (
                "DELIMITER //\nSELECT 1; //",
                "line 1: DELIMITER is a command of the MySQL client, not SQL",
            ),
            ("SELECT 1;\nSELECT \0;", "line 2: zero byte"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                split(text, None).unwrap_err().to_string(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn transaction_control_is_told_from_the_rest() {
        let controls = |text: &str| {
            let line = 1;
            SqlStatement {
                text,
                range: 0..text.len(),
                line,
            }
            .controls_transaction()
        };
        for text in [
            "BEGIN;",
            "begin isolation level serializable;",
            "START TRANSACTION;",
            "END;",
            "COMMIT;",
            "ROLLBACK;",
            "abort;",
            "PREPARE TRANSACTION 'x';",
        ] {
            assert!(controls(text), "{text}");
        }
        for text in [
            "ROLLBACK TO SAVEPOINT s;",
            "ROLLBACK TRANSACTION TO s;",
            "SAVEPOINT s;",
            "PREPARE p AS SELECT 1;",
            "COMMENT ON TABLE t IS 'x';",
            "BEGINNING;",
        ] {
            assert!(!controls(text), "{text}");
        }
    }
}
