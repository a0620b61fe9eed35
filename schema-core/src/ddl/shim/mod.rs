//! What keeps the previous release working: compat views, and triggers that keep two columns alike.

mod privileges;
mod trigger;
mod view;

pub use trigger::{ShimRule, ShimTrigger, ShimValue};
pub use view::{CompatView, ViewColumn};

use std::fmt;

use super::{Hazard, List, LockLevel};
use crate::ident::{Ident, QualifiedName};

/// A statement about a shim.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the parts of the statement")]
pub enum ShimDdl {
    /// `CREATE VIEW` under the old name of a table.
    CreateView(CompatView),
    /// A block that gives the view the owner and the grants that the table has by then.
    CopyPrivileges(CompatView),
    /// `DROP VIEW`: locks the view, not its table.
    DropView(QualifiedName),
    /// `CREATE FUNCTION` for a trigger.
    CreateFunction(ShimTrigger),
    /// `CREATE TRIGGER`: SHARE ROW EXCLUSIVE.
    CreateTrigger(ShimTrigger),
    /// `DROP TRIGGER`: ACCESS EXCLUSIVE.
    DropTrigger { table: QualifiedName, name: Ident },
    /// `DROP FUNCTION` of a trigger.
    DropFunction(QualifiedName),
}

impl ShimDdl {
    pub(super) fn comment(&self) -> String {
        match self {
            Self::CreateView(view) => format!("Keep {} for the previous release", view.old),
            Self::CopyPrivileges(view) => {
                format!(
                    "Give view {} the owner and grants of table {}",
                    view.old, view.table
                )
            }
            Self::DropView(name) => format!("Drop view {name}"),
            Self::CreateFunction(trigger) | Self::CreateTrigger(trigger) => match &trigger.rule {
                ShimRule::Sync { old, new, .. } => format!(
                    "Keep columns {old} and {new} of table {} alike, whichever is written",
                    trigger.table
                ),
                ShimRule::Fill { column, .. } => format!(
                    "Fill column {column} of table {} where the previous release leaves it out",
                    trigger.table
                ),
            },
            Self::DropTrigger { table, name } => format!("Drop trigger {name} of table {table}"),
            Self::DropFunction(name) => format!("Drop function {name}"),
        }
    }

    pub(super) fn lock(&self) -> LockLevel {
        match self {
            Self::CopyPrivileges(_) | Self::CreateFunction(_) | Self::DropFunction(_) => {
                LockLevel::None
            }
            Self::CreateView(_) => LockLevel::AccessShare,
            Self::CreateTrigger(_) => LockLevel::ShareRowExclusive,
            Self::DropView(_) | Self::DropTrigger { .. } => LockLevel::AccessExclusive,
        }
    }

    #[expect(clippy::unused_self, reason = "every family answers this")]
    pub(super) fn hazards(&self) -> Vec<Hazard> {
        Vec::new()
    }
}

impl fmt::Display for ShimDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateView(view) => view.fmt(f),
            Self::CopyPrivileges(view) => privileges::Copy(view).fmt(f),
            Self::DropView(name) => write!(f, "DROP VIEW {name}"),
            Self::CreateFunction(trigger) => trigger.function(f),
            Self::CreateTrigger(trigger) => trigger.trigger(f),
            Self::DropTrigger { table, name } => write!(f, "DROP TRIGGER {name} ON {table}"),
            Self::DropFunction(name) => write!(f, "DROP FUNCTION {name}()"),
        }
    }
}

/// A text in dollar quotes that it does not hold itself.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tag = "$n1$".to_owned();
        while self.0.contains(&tag) {
            tag.insert(3, '_');
        }
        write!(f, "{tag}\n{}{tag}", self.0)
    }
}

/// A name that means the same whatever the search path is, for `regclass`.
struct Full<'a>(&'a QualifiedName);

impl fmt::Display for Full<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.schema, self.0.name)
    }
}
