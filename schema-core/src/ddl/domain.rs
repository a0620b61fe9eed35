//! Domains.

use std::fmt;

use super::{Hazard, LockLevel};
use crate::catalog::{Domain, DomainCheck};
use crate::ident::{Ident, QualifiedName};

/// A statement about a domain.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the parts of the statement")]
pub enum DomainDdl {
    /// `CREATE DOMAIN`.
    Create { name: QualifiedName, domain: Domain },
    /// `ALTER DOMAIN`, one action.
    Alter {
        name: QualifiedName,
        action: DomainAction,
    },
    /// `DROP DOMAIN`; it fails while something uses it.
    Drop(QualifiedName),
}

/// What `ALTER DOMAIN` does.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainAction {
    /// `SET DEFAULT`.
    SetDefault(String),
    /// `DROP DEFAULT`.
    DropDefault,
    /// `SET NOT NULL`; reads all columns of the domain.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `ADD CONSTRAINT … CHECK (…)`; reads all columns of the domain unless `NOT VALID`.
    AddCheck(Ident, DomainCheck),
    /// `DROP CONSTRAINT`.
    DropCheck(Ident),
    /// `VALIDATE CONSTRAINT`; reads all columns of the domain.
    ValidateCheck(Ident),
    /// `RENAME TO`.
    Rename(Ident),
    /// `SET SCHEMA`.
    SetSchema(Ident),
}

impl DomainDdl {
    pub(super) fn comment(&self) -> String {
        match self {
            Self::Create { name, .. } => format!("Create domain {name}"),
            Self::Alter { name, action } => match action {
                DomainAction::Rename(to) => format!("Rename domain {name} to {to}"),
                DomainAction::SetSchema(to) => format!("Move domain {name} to schema {to}"),
                _ => format!("Change domain {name}"),
            },
            Self::Drop(name) => format!("Drop domain {name}"),
        }
    }

    /// Checking the values locks every table that has a column of the domain.
    pub(super) fn lock(&self) -> LockLevel {
        if self.hazards().is_empty() {
            LockLevel::None
        } else {
            LockLevel::Share
        }
    }

    pub(super) fn hazards(&self) -> Vec<Hazard> {
        let Self::Alter { name, action } = self else {
            return Vec::new();
        };
        match action {
            DomainAction::SetNotNull => vec![
                Hazard::Scans,
                Hazard::FailsOnViolation {
                    name: name.name.clone(),
                },
            ],
            DomainAction::AddCheck(
                check,
                DomainCheck {
                    validated: true, ..
                },
            )
            | DomainAction::ValidateCheck(check) => vec![
                Hazard::Scans,
                Hazard::FailsOnViolation {
                    name: check.clone(),
                },
            ],
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for DomainDdl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create { name, domain } => {
                write!(f, "CREATE DOMAIN {name} AS {}", domain.base)?;
                if let Some(collation) = &domain.collation {
                    write!(f, " COLLATE {collation}")?;
                }
                if let Some(default) = &domain.default {
                    write!(f, " DEFAULT {default}")?;
                }
                if domain.not_null {
                    f.write_str(" NOT NULL")?;
                }
                for (check, DomainCheck { expression, .. }) in &domain.checks {
                    write!(f, "\n    CONSTRAINT {check} CHECK ({expression})")?;
                }
                Ok(())
            }
            Self::Alter { name, action } => {
                write!(f, "ALTER DOMAIN {name} ")?;
                match action {
                    DomainAction::SetDefault(default) => write!(f, "SET DEFAULT {default}"),
                    DomainAction::DropDefault => f.write_str("DROP DEFAULT"),
                    DomainAction::SetNotNull => f.write_str("SET NOT NULL"),
                    DomainAction::DropNotNull => f.write_str("DROP NOT NULL"),
                    DomainAction::AddCheck(
                        check,
                        DomainCheck {
                            expression,
                            validated,
                        },
                    ) => {
                        write!(f, "ADD CONSTRAINT {check} CHECK ({expression})")?;
                        f.write_str(if *validated { "" } else { " NOT VALID" })
                    }
                    DomainAction::DropCheck(check) => write!(f, "DROP CONSTRAINT {check}"),
                    DomainAction::ValidateCheck(check) => write!(f, "VALIDATE CONSTRAINT {check}"),
                    DomainAction::Rename(to) => write!(f, "RENAME TO {to}"),
                    DomainAction::SetSchema(to) => write!(f, "SET SCHEMA {to}"),
                }
            }
            Self::Drop(name) => write!(f, "DROP DOMAIN {name}"),
        }
    }
}
