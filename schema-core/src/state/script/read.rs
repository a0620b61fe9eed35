//! Files to statements: includes, variables and what else psql does before the server sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use super::sort::{Sort, names_owner, names_privilege, sort};
use super::{ScriptError, ScriptNotes};
use crate::directory::{Piece, Pieces, interpolated, words};

/// A script, ready to be run.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Its statements, those of included files in their place.
    pub statements: Vec<ScriptStatement>,
    /// Whether it says who owns what.
    pub names_owners: bool,
    /// Whether it says who may do what.
    pub names_privileges: bool,
    pub(super) notes: ScriptNotes,
}

/// A statement, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptStatement {
    /// Its text, variables replaced.
    pub sql: String,
    /// Its file, as it was named.
    pub file: Utf8PathBuf,
    /// Its line, from 1.
    pub line: u32,
}

impl ScriptStatement {
    /// `schema.sql:12`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

/// What only shows, formats or measures. `\restrict` guards what psql would do with the lines of a
/// dump, of which none is done here.
const PASSED_OVER: [&str; 21] = [
    "!",
    "a",
    "C",
    "cd",
    "conninfo",
    "echo",
    "encoding",
    "errverbose",
    "f",
    "H",
    "l",
    "pset",
    "qecho",
    "restrict",
    "t",
    "timing",
    "unrestrict",
    "warn",
    "watch",
    "x",
    "T",
];

impl Script {
    /// Reads files, one after the other as if they were one. Their paths are relative to `folder`,
    /// as are those that `\i` names.
    pub fn read(folder: &Utf8Path, files: &[Utf8PathBuf]) -> Result<Self, ScriptError> {
        let mut reader = Reader::new(folder);
        for file in files {
            let text = text_of(&folder.join(file), file)?;
            reader.file(file, &text)?;
        }
        Ok(reader.script)
    }

    /// The script of a text, called `name` in messages; paths in it are relative to `folder`.
    pub fn of(folder: &Utf8Path, name: &str, text: &str) -> Result<Self, ScriptError> {
        let mut reader = Reader::new(folder);
        reader.file(Utf8Path::new(name), text)?;
        Ok(reader.script)
    }
}

struct Reader<'a> {
    folder: &'a Utf8Path,
    script: Script,
    variables: BTreeMap<String, String>,
    /// The database that `\connect` has named.
    database: Option<String>,
    /// The files that are being read.
    open: BTreeSet<Utf8PathBuf>,
}

impl<'a> Reader<'a> {
    fn new(folder: &'a Utf8Path) -> Self {
        Self {
            folder,
            script: Script::default(),
            variables: BTreeMap::new(),
            database: None,
            open: BTreeSet::new(),
        }
    }

    fn file(&mut self, file: &Utf8Path, text: &str) -> Result<(), ScriptError> {
        self.open.insert(file.to_owned());
        for piece in Pieces::of(text) {
            let piece = piece.map_err(|source| ScriptError::Split {
                file: file.to_owned(),
                source,
            })?;
            match piece {
                Piece::ClientCopy(_) => self.script.notes.rows += 1,
                Piece::Statement(statement, colons) => {
                    let sql = interpolated(statement.text, &colons, &self.variables);
                    self.statement(file, statement.line, &sql);
                }
                Piece::MetaCommand { text, line } => {
                    if self.command(file, line, text)?.is_break() {
                        break;
                    }
                }
            }
        }
        self.open.remove(file);
        Ok(())
    }

    fn statement(&mut self, file: &Utf8Path, line: u32, sql: &str) {
        let sql = sql.trim_end_matches([';', ' ', '\n', '\r', '\t']);
        if sql.is_empty() {
            return;
        }
        let place = format!("{file}:{line}");
        match sort(sql) {
            Sort::Rows => {
                self.script.notes.rows += 1;
                return;
            }
            Sort::Server => {
                let head: Vec<&str> = sql.split_whitespace().take(3).collect();
                let note = format!("{place}: {}", head.join(" "));
                self.script.notes.server.push(note);
                return;
            }
            _ => {}
        }
        self.script.names_owners |= names_owner(sql);
        self.script.names_privileges |= names_privilege(sql);
        self.script.statements.push(ScriptStatement {
            sql: sql.to_owned(),
            file: file.to_owned(),
            line,
        });
    }

    /// Follows a backslash command; breaks where the file ends with it.
    fn command(
        &mut self,
        file: &Utf8Path,
        line: u32,
        text: &str,
    ) -> Result<std::ops::ControlFlow<()>, ScriptError> {
        use std::ops::ControlFlow::{Break, Continue};
        let place = format!("{file}:{line}");
        // Of several on a line, all but the first are what it shows or formats.
        let name_end = text[1..].find(|it: char| it.is_whitespace() || it == '\\');
        let (name, rest) = text[1..].split_at(name_end.unwrap_or(text.len() - 1));
        let arguments = arguments(rest, &self.variables);
        let argument = |at: usize| arguments.get(at).map_or("", String::as_str);
        match name {
            "q" | "quit" => return Ok(Break(())),
            "i" | "include" | "ir" | "include_relative" => {
                let relative = name.starts_with("ir") || name == "include_relative";
                self.include(&place, file, argument(0), relative)?;
            }
            "set" => {
                if let Some((name, values)) = arguments.split_first() {
                    self.variables.insert(name.clone(), values.concat());
                }
            }
            "unset" => _ = self.variables.remove(argument(0)),
            "c" | "connect" => self.connect(place, text, argument(0))?,
            // It moves rows between a table and a file of the client.
            "copy" => self.script.notes.rows += 1,
            _ if PASSED_OVER.contains(&name) || name.starts_with('d') => {}
            _ => {
                return Err(ScriptError::MetaCommand {
                    place,
                    command: format!("\\{name}"),
                });
            }
        }
        Ok(Continue(()))
    }

    /// A script may go into a database before it makes anything, as `pg_dump --create` does.
    fn connect(&mut self, place: String, text: &str, database: &str) -> Result<(), ScriptError> {
        // `-reuse-previous=on "dbname='shop'"`, as pg_dump writes odd names.
        let same =
            database.is_empty() || database == "-" || self.database.as_deref() == Some(database);
        let made = self.script.statements.iter();
        let mut made = made.filter(|it| sort(&it.sql) != Sort::Setting);
        if !same && made.next().is_some() {
            return Err(ScriptError::SecondDatabase {
                place,
                command: text.to_owned(),
            });
        }
        if !same {
            self.database = Some(database.to_owned());
        }
        Ok(())
    }

    fn include(
        &mut self,
        place: &str,
        from: &Utf8Path,
        named: &str,
        relative: bool,
    ) -> Result<(), ScriptError> {
        let beside = from.parent().unwrap_or(Utf8Path::new("")).join(named);
        // psql looks in the folder that it was started in, which a reader of the file cannot know.
        let file = if relative || !self.folder.join(named).is_file() {
            beside
        } else {
            named.into()
        };
        if self.open.contains(&file) {
            return Err(ScriptError::IncludesItself {
                place: place.to_owned(),
                file,
            });
        }
        let text = text_of(&self.folder.join(&file), &file)?;
        self.file(&file, &text)
    }
}

/// The arguments of a backslash command: quoted ones as one, variables replaced, up to the next
/// backslash.
fn arguments(text: &str, variables: &BTreeMap<String, String>) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && !rest.starts_with('\\') {
        let mut argument = String::new();
        let mut quote = None;
        let mut end = rest.len();
        let mut characters = rest.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            match (quote, character) {
                (None, '\'' | '"') => quote = Some(character),
                (Some(open), _) if open == character => {
                    if characters.next_if(|(_, next)| *next == open).is_some() {
                        argument.push(open);
                    } else {
                        quote = None;
                    }
                }
                (None, _) if character.is_whitespace() => {
                    end = at;
                    break;
                }
                (None, ';') if characters.peek().is_none() => {}
                _ => argument.push(character),
            }
        }
        let value = argument
            .strip_prefix(':')
            .and_then(|name| variables.get(name));
        arguments.push(value.cloned().unwrap_or(argument));
        rest = rest[end..].trim_start();
    }
    arguments
}

/// The text of a file, which is called `name` in messages.
fn text_of(path: &Utf8Path, name: &Utf8Path) -> Result<String, ScriptError> {
    let bytes = fs_err::read(path).map_err(|error| ScriptError::Read {
        file: name.to_owned(),
        source: io::Error::new(error.kind(), error),
    })?;
    if bytes.starts_with(b"PGDMP") {
        return Err(ScriptError::Archive {
            file: name.to_owned(),
        });
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        ScriptError::Encoding {
            file: name.to_owned(),
            line: good.split(|byte| *byte == b'\n').count(),
        }
    })
}

/// Whether the statement is about this object, by its first words.
pub(super) fn begins_with(sql: &str, wanted: &[&str]) -> bool {
    let mut words = words(sql);
    wanted
        .iter()
        .all(|word| words.next().as_deref() == Some(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Script, ScriptError> {
        Script::of(Utf8Path::new("/"), "x.sql", text)
    }

    #[test]
    fn what_psql_does_itself_is_done() {
        let script = read(
            "\\set app 'my app'\n\\echo hello \\quit\nCREATE DATABASE shop;\n\\connect shop\n\
             SET a = 1;\nCREATE SCHEMA :\"app\";\n\\connect shop\nCOPY t FROM stdin;\n1\n\\.\n;\n\\d t\n\
             GRANT SELECT ON t TO ann;\n\\q\nnonsense '",
        );
        let script = script.unwrap();
        let shown: Vec<_> = script
            .statements
            .iter()
            .map(|it| (it.line, it.sql.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (5, "SET a = 1"),
                (6, "CREATE SCHEMA \"my app\""),
                (13, "GRANT SELECT ON t TO ann"),
            ]
        );
        assert_eq!(script.notes.rows, 1);
        assert_eq!(script.notes.server, ["x.sql:3: CREATE DATABASE shop"]);
        assert!(script.names_privileges && !script.names_owners);
    }

    #[test]
    fn what_cannot_be_followed_is_named_with_its_line() {
        for (text, expected) in [
            ("\n\\gset x\n", "x.sql:2: `\\gset` cannot be followed here"),
            (
                "CREATE TABLE t ();\n\\connect b\n",
                "x.sql:2: `\\connect b` goes on in a second database",
            ),
            ("\\i x.sql", "x.sql:1: `x.sql` includes itself"),
            ("SELECT '", "x.sql:1: string without its closing `'`"),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn arguments_are_read_as_psql_reads_them() {
        let values = [("a".to_owned(), "1".to_owned())].into();
        assert_eq!(
            arguments(" 'it''s x' b:a :a \"c d\" \\echo", &values),
            ["it's x", "b:a", "1", "c d"]
        );
    }
}
