//! `migrate.structs`: what each table and type said when `generate` last saw it, and which migration
//! was the newest then.
//!
//! `check_migrations!` compares the sources with it at compile time. It is never what a migration is
//! made of: losing it costs a warning.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::error::DirectoryError;
use super::load::Directory;
use super::store::store;
use crate::def::Record;

/// The name of the record, beside `atlas.sum`. Atlas looks at `.sql` files only.
pub const STRUCTS_FILE: &str = "migrate.structs";

/// The first line. Another number in it is another format, of which no line is believed.
const HEADER: &str =
    "# What each table and type said when `cargo migrate generate` last saw it. Version 1.";

/// What stands for no migration: there was none yet.
const NO_FILE: &str = "-";

/// The record, line by line. A merge may bring several lines of one name: each is believed.
///
/// ```
/// use schema_core::directory::Structs;
/// let text = "\
/// ## What each table and type said when `cargo migrate generate` last saw it. Version 1.
/// public.users\ttable shop::User\t1_a.sql\t0123456789abcdef *=89ab id=4567
/// ";
/// assert_eq!(Structs::parse(text).to_string(), text);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structs {
    /// By name.
    lines: BTreeSet<StructLine>,
    /// Whether it is of a format that another version has written.
    is_foreign: bool,
}

/// What is on record of a table or type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StructLine {
    /// Its name in the database with the schema, as SQL spells it; of a newtype that of the struct.
    pub name: String,
    /// What it is, its crate and its Rust name: `table shop::User`.
    pub source: String,
    /// The migration that was the newest when it was first seen so.
    pub file: Option<String>,
    /// Fingerprints of the item and of its parts, as the macros write them.
    pub spelling: String,
}

impl StructLine {
    /// What a build says of a table or type; `None` of what is neither, and where an earlier
    /// schema-core has recorded nothing.
    pub fn of(record: &Record<'_>) -> Option<Self> {
        let source = record.source();
        let (kind, name) = match record {
            Record::Table(it) => ("table", it.name.qualified().full()),
            Record::Enum(it) => ("enum", it.name.qualified().full()),
            Record::Domain(it) => ("domain", it.name.qualified().full()),
            Record::Newtype(it) => ("newtype", it.source.item.to_owned()),
            Record::View(it) => ("view", it.name.qualified().full()),
            Record::Composite(it) => ("composite", it.name.qualified().full()),
            Record::Schema(_)
            | Record::Extension(_)
            | Record::Rows(_)
            | Record::Statements(_)
            | Record::Attached(_) => return None,
        };
        // A line is a line.
        let is_line = !source.spelling.is_empty() && !name.contains(char::is_control);
        is_line.then(|| Self {
            name,
            source: format!("{kind} {}::{}", source.krate(), source.item),
            file: None,
            spelling: source.spelling.to_owned(),
        })
    }

    /// `name<tab>source<tab>file<tab>spelling`
    fn parse(line: &str) -> Option<Self> {
        let mut columns = line.split('\t').map(str::to_owned);
        let line = Self {
            name: columns.next()?,
            source: columns.next()?,
            file: Some(columns.next()?).filter(|file| file != NO_FILE),
            spelling: columns.next()?,
        };
        columns.next().is_none().then_some(line)
    }
}

impl fmt::Display for StructLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            source,
            file,
            spelling,
        } = self;
        let file = file.as_deref().unwrap_or(NO_FILE);
        write!(formatter, "{name}\t{source}\t{file}\t{spelling}")
    }
}

impl Structs {
    /// Reads a record. What cannot be read, such as the marks of a merge, is as if it were not there.
    pub fn parse(text: &str) -> Self {
        let mut headers = text
            .lines()
            .filter(|line| line.starts_with("# "))
            .peekable();
        if headers.peek().is_some() && headers.all(|line| line != HEADER) {
            return Self {
                lines: BTreeSet::new(),
                is_foreign: true,
            };
        }
        Self {
            lines: text.lines().filter_map(StructLine::parse).collect(),
            is_foreign: false,
        }
    }

    /// The lines, by name.
    pub fn lines(&self) -> impl Iterator<Item = &StructLine> {
        self.lines.iter()
    }

    /// Whether another version of cargo migrate has written it.
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// The record without the lines whose migration is gone; `is_there` is asked by file name.
    #[must_use]
    pub fn without_files(&self, is_there: impl Fn(&str) -> bool) -> Self {
        let is_kept = |line: &&StructLine| line.file.as_deref().is_none_or(&is_there);
        Self {
            lines: self.lines.iter().filter(is_kept).cloned().collect(),
            ..*self
        }
    }

    /// The record after migrations were renamed, from old to new file names.
    #[must_use]
    pub fn with_renamed_files(&self, renamed: &BTreeMap<String, String>) -> Self {
        let rename = |line: &StructLine| StructLine {
            file: line
                .file
                .as_ref()
                .map(|file| renamed.get(file).unwrap_or(file).clone()),
            ..line.clone()
        };
        Self {
            lines: self.lines.iter().map(rename).collect(),
            ..*self
        }
    }

    /// The record of what a build says now. What is as it was keeps its migration, if that is there;
    /// the rest gets the newest.
    fn refreshed(&self, seen: &[StructLine], directory: &Directory) -> Self {
        let files = &directory.files;
        let newest = files.last().map(|file| file.file_name.clone());
        let is_there = |name: &String| files.iter().any(|file| file.file_name == *name);
        let lines = seen.iter().map(|seen| {
            let same =
                |line: &&StructLine| line.name == seen.name && line.spelling == seen.spelling;
            let mut known = self
                .lines
                .iter()
                .filter(same)
                .filter_map(|line| line.file.as_ref());
            StructLine {
                file: known
                    .find(|file| is_there(file))
                    .or(newest.as_ref())
                    .cloned(),
                ..seen.clone()
            }
        });
        Self {
            lines: lines.collect(),
            is_foreign: false,
        }
    }
}

impl fmt::Display for Structs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{HEADER}")?;
        for line in &self.lines {
            writeln!(formatter, "{line}")?;
        }
        Ok(())
    }
}

impl Directory {
    /// The directory with a record of what the structs said, which is this text.
    #[must_use]
    pub fn with_structs(self, text: &str) -> Self {
        Self {
            structs: Some(Structs::parse(text)),
            ..self
        }
    }

    /// What the structs said when `generate` last saw them; `None` if nothing is on record.
    pub fn structs(&self) -> Option<&Structs> {
        self.structs.as_ref()
    }

    /// Puts on record what a build says, and takes out what is in none of its tables and types. Says
    /// whether the record on disk is another one now.
    pub fn record_structs(&mut self, seen: &[StructLine]) -> Result<bool, DirectoryError> {
        let record = self.structs_for(seen);
        self.store_structs(record)
    }

    /// What is to be on record where a build says this: what was known keeps its migration.
    pub fn structs_for(&self, seen: &[StructLine]) -> Structs {
        let before = self.structs.clone().unwrap_or_default();
        before.refreshed(seen, self)
    }

    /// Writes a record, unless it is the one that is there. The first one is written with its first
    /// line.
    pub fn store_structs(&mut self, record: Structs) -> Result<bool, DirectoryError> {
        let path = self.path.join(STRUCTS_FILE);
        if self.structs.as_ref().is_some_and(Structs::is_foreign) {
            return Err(DirectoryError::UnknownRecord {
                path,
                writer: "cargo migrate generate NAME",
            });
        }
        let is_same = match &self.structs {
            Some(known) => *known == record,
            None => record.lines.is_empty(),
        };
        if is_same || !self.path.is_dir() {
            return Ok(false);
        }
        store(&path, record.to_string().as_bytes())?;
        self.structs = Some(record);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{HEADER, Structs};

    const USERS: &str = "public.users\ttable shop::User\t1_a.sql\t0123456789abcdef *=89ab id=4567";
    const POSTS: &str = "public.posts\ttable shop::Post\t2_b.sql\tfedcba9876543210 *=89ab id=4567";

    #[test]
    fn merge_marks_are_passed_over_and_both_sides_count() {
        let text = format!("<<<<<<< ours\n{HEADER}\n{USERS}\n=======\n{POSTS}\n>>>>>>> theirs\n");
        let expected = format!("{HEADER}\n{POSTS}\n{USERS}\n");
        assert_eq!(Structs::parse(&text).to_string(), expected);
    }

    #[test]
    fn another_version_is_not_believed() {
        let text = format!("{}\n{USERS}\n", HEADER.replace("Version 1", "Version 2"));
        let record = Structs::parse(&text);
        assert!(record.is_foreign());
        assert_eq!(record.lines().count(), 0);
    }

    #[test]
    fn lines_go_with_their_files_and_follow_them() {
        let record = Structs::parse(&format!("{HEADER}\n{USERS}\n{POSTS}\n"));
        let left = record.without_files(|file| file == "2_b.sql");
        assert_eq!(left.to_string(), format!("{HEADER}\n{POSTS}\n"));
        let renamed = BTreeMap::from([("2_b.sql".to_owned(), "3_b.sql".to_owned())]);
        let files = record.with_renamed_files(&renamed);
        let files: Vec<_> = files.lines().filter_map(|line| line.file.clone()).collect();
        assert_eq!(files, ["3_b.sql", "1_a.sql"]);
    }
}
