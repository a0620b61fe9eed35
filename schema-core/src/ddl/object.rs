//! What is no table. The statements are those that PostgreSQL spells itself.

use std::fmt;

use super::{Hazard, LockLevel};
use crate::catalog::{ObjectId, ObjectKind, Part};

/// A statement about an object.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ObjectDdl {
    /// Which.
    pub id: ObjectId,
    /// What becomes of it.
    pub verb: ObjectVerb,
    /// What it is part of.
    pub of: Option<Part>,
    /// The statement, without a semicolon.
    pub sql: String,
}

/// What becomes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectVerb {
    /// It comes into being.
    Create,
    /// It stays and changes.
    Alter,
    /// It goes.
    Drop,
}

impl ObjectDdl {
    pub(super) fn comment(&self) -> String {
        let verb = match (self.verb, self.id.kind) {
            (ObjectVerb::Create, ObjectKind::Owner | ObjectKind::Comment) => "Set",
            (ObjectVerb::Create, _) => "Create",
            (ObjectVerb::Alter, _) => "Change",
            (ObjectVerb::Drop, _) => "Drop",
        };
        // A name may hold whatever it likes; a comment ends with its line.
        format!("{verb} {}", self.id).replace(['\n', '\r'], " ")
    }

    /// What is part of a table is changed under a lock of that.
    pub(super) fn lock(&self) -> LockLevel {
        use ObjectKind as Kind;
        if !matches!(self.of, Some(Part::Table(_) | Part::Column(..))) {
            return LockLevel::None;
        }
        match self.id.kind {
            Kind::Trigger if self.verb != ObjectVerb::Drop => LockLevel::ShareRowExclusive,
            Kind::TriggerState | Kind::RuleState => LockLevel::ShareRowExclusive,
            Kind::Comment
            | Kind::ColumnStatistics
            | Kind::Statistics
            | Kind::StatisticsTarget
            | Kind::ClusterOn
            | Kind::PublicationTable => LockLevel::ShareUpdateExclusive,
            Kind::Grant | Kind::Revoke => LockLevel::None,
            _ => LockLevel::AccessExclusive,
        }
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn hazards(&self) -> Vec<Hazard> {
        Vec::new()
    }
}

impl fmt::Display for ObjectDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}
