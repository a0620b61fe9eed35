//! What can be made, used and dropped by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::ObjectId;
use crate::ident::{Ident, QualifiedName};

/// Something that statements make, change, use and drop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A schema.
    Schema(Ident),
    /// An extension.
    Extension(Ident),
    /// An enum or domain.
    Type(QualifiedName),
    /// An enum or domain that was renamed out of the way of its successor.
    Aside(QualifiedName),
    /// A sequence.
    Sequence(QualifiedName),
    /// A table.
    Table(QualifiedName),
    /// A column of a table.
    Column(QualifiedName, Ident),
    /// That a column is NOT NULL.
    NotNull(QualifiedName, Ident),
    /// A constraint of a table.
    Constraint(QualifiedName, Ident),
    /// An index of a table.
    Index(QualifiedName),
    /// What a foreign key can reference: unique columns, sorted.
    Key(QualifiedName, Vec<Ident>),
    /// Anything else.
    Object(ObjectId),
}

/// As `COMMENT ON` and `ALTER … OWNER TO` call it.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema(name) => write!(f, "SCHEMA {name}"),
            Self::Extension(name) => write!(f, "EXTENSION {name}"),
            Self::Type(name) | Self::Aside(name) => write!(f, "TYPE {name}"),
            Self::Sequence(name) => write!(f, "SEQUENCE {name}"),
            Self::Table(name) => write!(f, "TABLE {name}"),
            Self::Column(table, name) | Self::NotNull(table, name) => {
                write!(f, "COLUMN {table}.{name}")
            }
            Self::Constraint(table, name) => write!(f, "CONSTRAINT {name} ON {table}"),
            Self::Index(name) => write!(f, "INDEX {name}"),
            Self::Key(table, _) => write!(f, "KEY OF {table}"),
            Self::Object(id) => id.fmt(f),
        }
    }
}

/// What uses what, as far as it is not plain from the objects themselves: that a view reads a
/// column, that a default calls a function.
///
/// It follows from the objects, so two catalogs do not differ by it.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Dependencies(#[serde(with = "super::pairs")] BTreeMap<Part, BTreeSet<Part>>);

impl PartialEq for Dependencies {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Dependencies {}

impl Dependencies {
    /// Notes that `part` cannot be without `used`.
    pub fn insert(&mut self, part: Part, used: Part) {
        if part != used {
            self.0.entry(part).or_default().insert(used);
        }
    }

    /// What `part` cannot be without.
    pub fn of(&self, part: &Part) -> impl Iterator<Item = &Part> {
        self.0.get(part).into_iter().flatten()
    }

    /// Every pair: what uses, and what it uses.
    pub fn iter(&self) -> impl Iterator<Item = (&Part, &Part)> {
        let all = self.0.iter();
        all.flat_map(|(part, used)| used.iter().map(move |used| (part, used)))
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Only those of which both ends are wanted.
    pub fn retain(&mut self, wanted: impl Fn(&Part) -> bool) {
        self.0.retain(|part, used| {
            used.retain(&wanted);
            wanted(part) && !used.is_empty()
        });
    }
}
