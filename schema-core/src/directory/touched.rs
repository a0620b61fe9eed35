//! `migrate.touched`: what each migration touches, as a rehearsal saw it.
//!
//! Where a contract migration has to wait, files behind it may go before it only if they have
//! nothing in common with it. That is known from this record and from nothing else: a file of which
//! nothing is on record touches everything, as far as anybody can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use camino::Utf8Path;

use super::chain::{Chain, Hash};
use super::directive::DirectiveKind;
use super::error::DirectoryError;
use super::file::MigrationFile;
use super::ledger::first_part;
use super::load::Directory;
use super::store::store;
use crate::ident::{Ident, QualifiedName};

/// The name of the record, beside `atlas.sum`. Atlas looks at `.sql` files only.
pub const TOUCHED_FILE: &str = "migrate.touched";

/// The first line. Another number in it is another format, of which no line is believed.
const HEADER: &str = "# What each migration touches, as `cargo migrate gate` saw it. Version 1.";

/// What stands for everything.
const EVERYTHING: &str = "*";

/// Something that a migration touches: it locks, makes, changes or drops it.
///
/// `Display` writes it as the record has it, always with its schema.
///
/// ```
/// use schema_core::directory::Touched;
/// use schema_core::ident::QualifiedName;
/// let users = Touched::Object(QualifiedName::new("app", "Users"));
/// assert_eq!(users.to_string(), "app.\"Users\"");
/// assert!(users.meets(&Touched::Schema("app".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touched {
    /// A relation, type or function; of functions all that share the name.
    Object(QualifiedName),
    /// A schema, and with it everything in it.
    Schema(Ident),
}

impl Touched {
    /// Whether both are the same thing, or one is in the other.
    pub fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Object(one), Self::Object(other)) => one == other,
            (Self::Schema(schema), Self::Object(object))
            | (Self::Object(object), Self::Schema(schema)) => object.schema == *schema,
            (Self::Schema(one), Self::Schema(other)) => one == other,
        }
    }

    /// Reads the object at the begin of a text, such as `public.users` or `app.area(integer)`;
    /// nothing if there is none with a schema.
    pub fn first(text: &str) -> Option<Self> {
        read(text).map(|(touched, _)| touched)
    }
}

impl fmt::Display for Touched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(name) => formatter.write_str(&name.full()),
            Self::Schema(schema) => write!(formatter, "{schema}.{EVERYTHING}"),
        }
    }
}

/// The object at the begin of a text, and what follows it.
fn read(text: &str) -> Option<(Touched, &str)> {
    let (schema, rest) = first_part(text)?;
    let rest = rest.strip_prefix('.')?;
    if let Some(rest) = rest.strip_prefix(EVERYTHING) {
        return Some((Touched::Schema(schema), rest));
    }
    let end = rest.find(['(', '[', ' ']).unwrap_or(rest.len());
    // What ends a plain name may stand in a quoted one.
    let (name, rest) = if rest.starts_with('"') {
        first_part(rest)?
    } else {
        let (name, behind) = rest.split_at(end);
        let (name, more) = first_part(name)?;
        (name, if more.is_empty() { behind } else { more })
    };
    Some((Touched::Object(QualifiedName::new(schema, name)), rest))
}

/// What one migration touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touches {
    /// Not everything that it does could be seen.
    Everything,
    /// These, and nothing else.
    These(BTreeSet<Touched>),
}

impl Default for Touches {
    fn default() -> Self {
        Self::These(BTreeSet::new())
    }
}

impl Touches {
    /// Whether not everything could be seen.
    pub fn is_everything(&self) -> bool {
        matches!(self, Self::Everything)
    }

    /// What both touch; `None` if that cannot be told.
    pub fn common(&self, other: &Self) -> Option<Vec<&Touched>> {
        let (Self::These(one), Self::These(other)) = (self, other) else {
            return None;
        };
        let met = |it: &&Touched| other.iter().any(|them| it.meets(them));
        Some(one.iter().filter(met).collect())
    }

    /// Takes in what a further statement touches.
    pub fn extend(&mut self, more: &Self) {
        match (&mut *self, more) {
            (Self::These(mine), Self::These(more)) => mine.extend(more.iter().cloned()),
            (Self::Everything, _) => {}
            (Self::These(_), Self::Everything) => *self = Self::Everything,
        }
    }
}

impl fmt::Display for Touches {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::These(these) = self else {
            return formatter.write_str(EVERYTHING);
        };
        let names: Vec<String> = these.iter().map(ToString::to_string).collect();
        formatter.write_str(&names.join(" "))
    }
}

/// The record, as it is on disk: by file name, each with the hash of the file that it was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    lines: BTreeMap<String, (Hash, Touches)>,
    /// Whether it is of a format that a newer version has written.
    is_foreign: bool,
}

impl Record {
    /// Reads a record. What cannot be read, such as the marks of a merge, is as if it were not there.
    pub(super) fn parse(text: &str) -> Self {
        let mut lines = text.lines();
        if lines.next().is_some_and(|first| first != HEADER) {
            return Self {
                lines: BTreeMap::new(),
                is_foreign: true,
            };
        }
        let lines = lines.filter_map(|line| {
            let (name, rest) = line.split_once(" h1:")?;
            let (hash, objects) = rest.split_once(' ').unwrap_or((rest, ""));
            Some((name.to_owned(), (Hash::new(hash), touches(objects)?)))
        });
        Self {
            lines: lines.collect(),
            is_foreign: false,
        }
    }

    /// The record after files got other names, from old to new; `None` where none of them is in it.
    pub(super) fn renamed(&self, renamed: &BTreeMap<String, String>) -> Option<Self> {
        if !renamed.keys().any(|name| self.lines.contains_key(name)) {
            return None;
        }
        let lines = self.lines.iter().map(|(name, line)| {
            let name = renamed.get(name).unwrap_or(name);
            (name.clone(), line.clone())
        });
        Some(Self {
            lines: lines.collect(),
            is_foreign: self.is_foreign,
        })
    }
}

/// The objects of a line; `None` where they are no objects.
fn touches(text: &str) -> Option<Touches> {
    if text == EVERYTHING {
        return Some(Touches::Everything);
    }
    let mut these = BTreeSet::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (touched, behind) = read(rest)?;
        these.insert(touched);
        rest = match behind {
            "" => "",
            behind => behind.strip_prefix(' ')?,
        };
    }
    Some(Touches::These(these))
}

impl fmt::Display for Record {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{HEADER}")?;
        for (name, (hash, touches)) in &self.lines {
            let objects = match touches.to_string() {
                // A line is a line.
                objects if objects.contains(char::is_control) => EVERYTHING.to_owned(),
                objects => objects,
            };
            writeln!(
                formatter,
                "{}",
                format!("{name} {hash} {objects}").trim_end()
            )?;
        }
        Ok(())
    }
}

impl MigrationFile {
    /// Whether it takes a shim of the previous release away: it contracts what an earlier file
    /// expanded.
    pub fn is_contract(&self) -> bool {
        let mut directives = self.directives.iter();
        directives.any(|it| matches!(it.kind, DirectiveKind::ShimDrop { .. }))
    }

    /// The hash of its text alone, whatever is before it.
    fn own_hash(&self) -> Option<Hash> {
        Chain::default().add("", self.text.as_bytes())
    }
}

impl Directory {
    /// The directory with a record of what its files touch, which is this text.
    #[must_use]
    pub fn with_touched(self, text: &str) -> Self {
        Self {
            touched: Record::parse(text),
            ..self
        }
    }

    /// What a file touches; `None` if nothing is on record of the file as it is now.
    pub fn touches(&self, file: &MigrationFile) -> Option<&Touches> {
        let (hash, touches) = self.touched.lines.get(&file.file_name)?;
        (file.own_hash().as_ref() == Some(hash)).then_some(touches)
    }

    /// The files of which has to be known what they touch: from the first contract migration on.
    pub fn to_be_recorded(&self) -> &[MigrationFile] {
        let first = self.files.iter().position(MigrationFile::is_contract);
        &self.files[first.unwrap_or(self.files.len())..]
    }

    /// Puts on record what these files touch, by name, where that has to be known, and takes out
    /// what is out of date. Says whether the record on disk is another one now.
    pub fn record_touched(
        &mut self,
        path: &Utf8Path,
        touched: &[(String, Touches)],
    ) -> Result<bool, DirectoryError> {
        let path = path.join(TOUCHED_FILE);
        if self.touched.is_foreign {
            return Err(DirectoryError::UnknownRecord {
                path,
                writer: "cargo migrate gate",
            });
        }
        let mut record = Record::default();
        for file in self.to_be_recorded() {
            let seen = touched.iter().find(|(name, _)| *name == file.file_name);
            let all = match seen {
                Some((_, seen)) => Some(seen),
                None => self.touches(file),
            };
            if let (Some(all), Some(hash)) = (all, file.own_hash()) {
                let line = (hash, all.clone());
                record.lines.insert(file.file_name.clone(), line);
            }
        }
        let changes = record != self.touched;
        if changes {
            store(&path, record.to_string().as_bytes())?;
            self.touched = record;
        }
        Ok(changes)
    }
}
