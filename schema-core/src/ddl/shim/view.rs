//! The view that stands under the old name of a table.

use std::fmt;

use crate::ident::{Ident, QualifiedName};

/// A view of one table under its old name, which can be written to like the table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompatView {
    /// Its name: the old name of the table.
    pub old: QualifiedName,
    /// The table.
    pub table: QualifiedName,
    /// Its columns, in the order that the previous release knows.
    pub columns: Vec<ViewColumn>,
    /// Whether the rights of whoever uses it count for the table too (PostgreSQL 15 and later), so
    /// that row security holds through it.
    pub security_invoker: bool,
}

/// One column of a compat view.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewColumn {
    /// What the previous release calls it.
    pub old: Ident,
    /// What the table calls it.
    pub column: Ident,
}

impl fmt::Display for CompatView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CREATE VIEW {}", self.old)?;
        if self.security_invoker {
            f.write_str(" WITH (security_invoker = true)")?;
        }
        f.write_str(" AS\nSELECT")?;
        for (place, ViewColumn { old, column }) in self.columns.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}\n    {column}")?;
            if old != column {
                write!(f, " AS {old}")?;
            }
        }
        write!(f, "\nFROM {}", self.table)
    }
}
