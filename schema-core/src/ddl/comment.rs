//! Comments.

use std::fmt;

use super::{Hazard, LockLevel};
use crate::ident::{Ident, QualifiedName, literal};

/// `COMMENT ON … IS …`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CommentDdl {
    /// What is described.
    pub target: CommentTarget,
    /// The text; `None` takes it away.
    pub text: Option<String>,
}

/// What a comment describes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each variant is the kind of object")]
pub enum CommentTarget {
    Schema(Ident),
    Type(QualifiedName),
    Domain(QualifiedName),
    Sequence(QualifiedName),
    Table(QualifiedName),
    ForeignTable(QualifiedName),
    Column(QualifiedName, Ident),
    Constraint(QualifiedName, Ident),
    /// An index, with its table.
    Index(QualifiedName, QualifiedName),
}

impl CommentDdl {
    /// The same for all of one table, so that they can be one step.
    pub(super) fn comment(&self) -> String {
        match &self.target {
            CommentTarget::Schema(name) => format!("Describe schema {name}"),
            CommentTarget::Type(name) => format!("Describe type {name}"),
            CommentTarget::Domain(name) => format!("Describe domain {name}"),
            CommentTarget::Sequence(name) => format!("Describe sequence {name}"),
            CommentTarget::Table(table)
            | CommentTarget::ForeignTable(table)
            | CommentTarget::Column(table, _)
            | CommentTarget::Constraint(table, _)
            | CommentTarget::Index(_, table) => format!("Describe table {table}"),
        }
    }

    /// SHARE UPDATE EXCLUSIVE on the table.
    pub(super) fn lock(&self) -> LockLevel {
        match &self.target {
            CommentTarget::Schema(_)
            | CommentTarget::Type(_)
            | CommentTarget::Domain(_)
            | CommentTarget::Sequence(_) => LockLevel::None,
            CommentTarget::Table(_)
            | CommentTarget::ForeignTable(_)
            | CommentTarget::Column(..)
            | CommentTarget::Constraint(..)
            | CommentTarget::Index(..) => LockLevel::ShareUpdateExclusive,
        }
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn hazards(&self) -> Vec<Hazard> {
        Vec::new()
    }
}

impl fmt::Display for CommentDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("COMMENT ON ")?;
        match &self.target {
            CommentTarget::Schema(name) => write!(f, "SCHEMA {name}")?,
            CommentTarget::Type(name) => write!(f, "TYPE {name}")?,
            CommentTarget::Domain(name) => write!(f, "DOMAIN {name}")?,
            CommentTarget::Sequence(name) => write!(f, "SEQUENCE {name}")?,
            CommentTarget::Table(name) => write!(f, "TABLE {name}")?,
            CommentTarget::ForeignTable(name) => write!(f, "FOREIGN TABLE {name}")?,
            CommentTarget::Column(table, name) => write!(f, "COLUMN {table}.{name}")?,
            CommentTarget::Constraint(table, name) => write!(f, "CONSTRAINT {name} ON {table}")?,
            CommentTarget::Index(name, _) => write!(f, "INDEX {name}")?,
        }
        match &self.text {
            Some(text) => write!(f, " IS {}", literal(text)),
            None => f.write_str(" IS NULL"),
        }
    }
}
