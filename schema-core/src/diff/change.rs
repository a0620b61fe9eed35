//! One difference between two catalogs.

use std::fmt;

use crate::catalog::{
    Column, Constraint, Domain, Enum, Extension, Index, Object, ObjectId, SchemaObject, Sequence,
    Table,
};
use crate::ident::{Ident, QualifiedName};

/// One difference: which object, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change<'a> {
    /// A schema.
    Schema(&'a Ident, Delta<'a, SchemaObject>),
    /// An extension.
    Extension(&'a Ident, Delta<'a, Extension>),
    /// An enum type.
    Enum(&'a QualifiedName, Delta<'a, Enum>),
    /// A domain.
    Domain(&'a QualifiedName, Delta<'a, Domain>),
    /// A sequence.
    Sequence(&'a QualifiedName, Delta<'a, Sequence, QualifiedName>),
    /// A table: as a whole, or what is not in its columns, constraints and indexes.
    Table(&'a QualifiedName, Delta<'a, Table>),
    /// A column of a table that is on both sides.
    Column(&'a QualifiedName, &'a Ident, Delta<'a, Column>),
    /// A constraint of a table that is on both sides.
    Constraint(&'a QualifiedName, &'a Ident, Delta<'a, Constraint>),
    /// An index of a table that is on both sides.
    Index(&'a QualifiedName, &'a Ident, Delta<'a, Index>),
    /// Anything else.
    Object(&'a ObjectId, Delta<'a, Object>),
}

/// What becomes of an object.
#[derive(Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Delta<'a, T, N = Ident> {
    /// It comes into being.
    Create(&'a T),
    /// It goes.
    Drop(&'a T),
    /// It differs.
    Alter {
        /// As it is.
        from: &'a T,
        /// As it is to be.
        to: &'a T,
    },
    /// It is the same, comment aside, under another name.
    Rename {
        /// Its name so far.
        name: &'a N,
        /// As it is.
        from: &'a T,
        /// As it is to be.
        to: &'a T,
    },
}

// Derives would ask for `T: Copy`.
impl<T, N> Clone for Delta<'_, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, N> Copy for Delta<'_, T, N> {}

impl<'a, T, N> Delta<'a, T, N> {
    /// The object as it is.
    pub fn from(self) -> Option<&'a T> {
        match self {
            Self::Create(_) => None,
            Self::Drop(from) | Self::Alter { from, .. } | Self::Rename { from, .. } => Some(from),
        }
    }

    /// The object as it is to be.
    pub fn to(self) -> Option<&'a T> {
        match self {
            Self::Drop(_) => None,
            Self::Create(to) | Self::Alter { to, .. } | Self::Rename { to, .. } => Some(to),
        }
    }
}

impl fmt::Display for Change<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn show<T, N: fmt::Display>(
            f: &mut fmt::Formatter<'_>,
            delta: Delta<'_, T, N>,
            kind: &str,
            name: &dyn fmt::Display,
            of: Option<&QualifiedName>,
        ) -> fmt::Result {
            match delta {
                Delta::Create(_) => write!(f, "create {kind} {name}")?,
                Delta::Drop(_) => write!(f, "drop {kind} {name}")?,
                Delta::Alter { .. } => write!(f, "alter {kind} {name}")?,
                Delta::Rename { name: old, .. } => write!(f, "rename {kind} {old} to {name}")?,
            }
            of.map_or(Ok(()), |table| write!(f, " of table {table}"))
        }
        match *self {
            Self::Schema(name, delta) => show(f, delta, "schema", name, None),
            Self::Extension(name, delta) => show(f, delta, "extension", name, None),
            Self::Enum(name, delta) => show(f, delta, "enum", name, None),
            Self::Domain(name, delta) => show(f, delta, "domain", name, None),
            Self::Sequence(name, delta) => show(f, delta, "sequence", name, None),
            Self::Table(name, delta) => show(f, delta, "table", name, None),
            Self::Column(table, name, delta) => show(f, delta, "column", name, Some(table)),
            Self::Constraint(table, name, delta) => show(f, delta, "constraint", name, Some(table)),
            Self::Index(table, name, delta) => show(f, delta, "index", name, Some(table)),
            Self::Object(id, delta) => match delta {
                Delta::Create(_) => write!(f, "create {id}"),
                Delta::Drop(_) => write!(f, "drop {id}"),
                Delta::Alter { .. } | Delta::Rename { .. } => write!(f, "alter {id}"),
            },
        }
    }
}
