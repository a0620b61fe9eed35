//! `migrate.structs`, as `schema_core::directory` writes it.

use std::io::{self, Read as _};
use std::path::Path;

use crate::spelling::{Kind, Spelling};

/// The name of the record, beside `atlas.sum`.
pub(super) const RECORD_FILE: &str = "migrate.structs";

/// The first line. Another number in it is another format, of which no line is believed.
const HEADER: &str =
    "# What each table and type said when `cargo migrate generate` last saw it. Version 1.";

/// The record.
pub(super) enum Record {
    /// Of a format that another version has written.
    Foreign,
    /// Its lines.
    Lines(Vec<Line>),
}

/// What is on record of a table or type.
pub(super) struct Line {
    /// Its name in the database, as it is written: `public.users`.
    pub(super) full_name: String,
    /// The name alone.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The crate.
    pub(super) krate: String,
    /// The struct or enum.
    pub(super) item: String,
    /// The migration that recorded it last; nothing where there was no migration yet.
    pub(super) file: Option<String>,
    pub(super) spelling: Spelling,
}

impl Record {
    /// Reads a record; `None` where there is none.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut text = String::new();
        match std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text)) {
            Ok(_) => Ok(Some(Self::parse(&text))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What cannot be read, such as the marks of a merge, is as if it were not there.
    fn parse(text: &str) -> Self {
        // A merge may have put its mark above the header.
        let mut headers = text
            .lines()
            .filter(|line| line.starts_with("# "))
            .peekable();
        if headers.peek().is_some() && headers.all(|line| line != HEADER) {
            return Self::Foreign;
        }
        Self::Lines(text.lines().filter_map(Line::parse).collect())
    }
}

impl Line {
    /// What it goes by within a crate.
    pub(super) fn key(&self) -> (Kind, &str) {
        (self.kind, &self.name)
    }

    /// `public.users<tab>table shop::User<tab>1_a.sql<tab>0123456789abcdef *=89ab id=4567`
    fn parse(line: &str) -> Option<Self> {
        let mut columns = line.split('\t');
        let full_name = columns.next()?.to_owned();
        let (kind, source) = columns.next()?.split_once(' ')?;
        let kind = Kind::ALL.into_iter().find(|it| it.word() == kind)?;
        let (krate, item) = source.split_once("::")?;
        let file = columns
            .next()
            .filter(|file| *file != "-")
            .map(str::to_owned);
        let spelling = Spelling::read(columns.next()?)?;
        Some(Self {
            name: last_part(&full_name),
            full_name,
            kind,
            krate: krate.to_owned(),
            item: item.to_owned(),
            file,
            spelling,
        })
    }
}

/// The name without its schema, and without quotes.
fn last_part(name: &str) -> String {
    let mut quoted = false;
    let dot = name.char_indices().filter(|(_, character)| {
        quoted ^= *character == '"';
        *character == '.' && !quoted
    });
    let start = dot.last().map_or(0, |(at, _)| at + 1);
    let last = &name[start..];
    match last
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(within) => within.replace("\"\"", "\""),
        None => last.to_owned(),
    }
}
