//! A script as psql reads it: statements, backslash commands, the data of COPY.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::scan::{Found, line_of, next_for_psql};
use super::split::{SplitError, SqlStatement, words};
use crate::ident::{Ident, literal};

/// One thing of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A statement, and where in its text a colon stands that may begin a variable of psql.
    Statement(SqlStatement<'a>, Vec<usize>),
    /// `COPY` between server and client. Data that follow are passed over.
    ClientCopy(SqlStatement<'a>),
    /// A command that begins with a backslash, to the end of its line.
    MetaCommand {
        /// The command.
        text: &'a str,
        /// Its line, from 1.
        line: u32,
    },
}

/// The pieces of a script, one after the other: what is behind `\q` need not be SQL.
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    text: &'a str,
    position: usize,
    /// How far lines are counted, and the line there.
    counted: (usize, u32),
}

impl<'a> Pieces<'a> {
    /// The pieces of a text.
    pub fn of(text: &'a str) -> Self {
        let bom = '\u{feff}'.len_utf8();
        let position = if text.starts_with('\u{feff}') { bom } else { 0 };
        Self {
            text,
            position,
            counted: (0, 1),
        }
    }

    fn line(&mut self, position: usize) -> u32 {
        let (counted, line) = self.counted;
        let line = line + line_of(&self.text[counted..position], position - counted) - 1;
        self.counted = (position, line);
        line
    }

    /// Passes over the lines after this one, as far as `\.`.
    fn skip_data(&mut self) {
        let mut rest = &self.text[self.position..];
        let line_end = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        rest = &rest[line_end..];
        while !rest.is_empty() {
            let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = behind;
            if line.trim_end_matches('\r') == "\\." {
                break;
            }
        }
        self.position = self.text.len() - rest.len();
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, SplitError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (found, end) = match next_for_psql(self.text, self.position) {
            Ok(found) => found,
            Err(error) => {
                self.position = self.text.len();
                return Some(Err(error));
            }
        };
        self.position = end;
        match found {
            Found::End => None,
            Found::MetaCommand(range) => Some(Ok(Piece::MetaCommand {
                line: self.line(range.start),
                text: self.text[range].trim_end(),
            })),
            Found::Statement {
                range,
                colons,
                client_copy,
            } => {
                let statement = SqlStatement {
                    text: &self.text[range.clone()],
                    line: self.line(range.start),
                    range: range.clone(),
                };
                if client_copy {
                    if words(statement.text).any(|word| word == "stdin") {
                        self.skip_data();
                    }
                    return Some(Ok(Piece::ClientCopy(statement)));
                }
                let colons = colons.into_iter().map(|colon| colon - range.start);
                Some(Ok(Piece::Statement(statement, colons.collect())))
            }
        }
    }
}

/// The text of a statement with the values of variables: `:name`, `:'name'` as a string, `:"name"`
/// as a name. One that has no value stays as it is.
///
/// ```
/// # use schema_core::directory::{Piece, Pieces, interpolated};
/// let values = [("app".to_owned(), "My App".to_owned())].into();
/// let piece = Pieces::of("CREATE SCHEMA :\"app\"; -- :app").next().unwrap().unwrap();
/// let Piece::Statement(statement, colons) = piece else { panic!() };
/// assert_eq!(interpolated(statement.text, &colons, &values), "CREATE SCHEMA \"My App\";");
/// ```
pub fn interpolated<'a>(
    text: &'a str,
    colons: &[usize],
    values: &BTreeMap<String, String>,
) -> Cow<'a, str> {
    if values.is_empty() || colons.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut made = String::new();
    let mut done = 0;
    for colon in colons.iter().copied().filter(|colon| *colon < text.len()) {
        let rest = &text[colon + 1..];
        let quote = rest.chars().next().filter(|it| ['\'', '"'].contains(it));
        let name_from = quote.map_or(0, char::len_utf8);
        let name: &str = rest[name_from..]
            .split(|it: char| !(it.is_alphanumeric() || it == '_'))
            .next()
            .unwrap_or_default();
        let behind = name_from + name.len();
        let closed = quote.is_none_or(|quote| rest[behind..].starts_with(quote));
        let Some(value) = values.get(name).filter(|_| closed) else {
            continue;
        };
        made.push_str(&text[done..colon]);
        match quote {
            None => made.push_str(value),
            Some('"') => {
                let name = Ident::new(value.as_str());
                write!(made, "{name}").expect("a string takes everything");
            }
            Some(_) => made.push_str(&literal(value)),
        }
        done = colon + 1 + behind + name_from;
    }
    made.push_str(&text[done..]);
    Cow::Owned(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let pieces = Pieces::of(text).map(|piece| match piece {
            Ok(Piece::Statement(statement, colons)) => {
                format!("{}: {} {colons:?}", statement.line, statement.text)
            }
            Ok(Piece::ClientCopy(statement)) => format!("{}: data", statement.line),
            Ok(Piece::MetaCommand { text, line }) => format!("{line}: {text}"),
            Err(error) => error.to_string(),
        });
        pieces.collect()
    }

    #[test]
    fn a_script_is_read_as_psql_reads_it() {
        assert_eq!(
            shown(
                "\u{feff}\\restrict x\r\n-- a\r\nSELECT ':a', :b, c::int, d[1:2];\r\n\
                 COPY t (a) FROM stdin; -- behind\r\n\\N\t;'\r\n\\.\r\n\\q now\nSELECT 1"
            ),
            [
                "1: \\restrict x",
                "3: SELECT ':a', :b, c::int, d[1:2]; [13, 28]",
                "4: data",
                "7: \\q now",
                "8: SELECT 1 []",
            ]
        );
    }

    #[test]
    fn data_may_go_to_the_end() {
        assert_eq!(shown("COPY t FROM STDIN;\n1'\n2"), ["1: data"]);
        assert_eq!(
            shown("COPY t TO stdout;\nSELECT 1;"),
            ["1: data", "2: SELECT 1; []"]
        );
    }

    #[test]
    fn a_command_within_a_statement_is_refused() {
        assert_eq!(
            shown("SELECT 1\n\\gexec\n"),
            ["line 2: `\\gexec` is a psql command, not SQL"]
        );
        assert_eq!(
            shown("\\i x.sql\nSELECT '"),
            ["1: \\i x.sql", "line 2: string without its closing `'`"]
        );
    }

    #[test]
    fn variables_get_their_values() {
        let values: BTreeMap<String, String> = [
            ("n".to_owned(), "app".to_owned()),
            ("s".to_owned(), "it's".to_owned()),
        ]
        .into();
        let made = |text: &str| {
            let piece = Pieces::of(text).next().unwrap().unwrap();
            let Piece::Statement(statement, colons) = piece else {
                panic!("{text}");
            };
            interpolated(statement.text, &colons, &values).into_owned()
        };
        assert_eq!(
            made("SELECT :n.t, :'s', :\"n\", :unset, ':n', x::n;"),
            "SELECT app.t, 'it''s', app, :unset, ':n', x::n;"
        );
    }
}
