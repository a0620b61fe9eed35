//! A constraint as `CREATE TABLE` and `ADD CONSTRAINT` spell it.

use std::fmt;

use super::{List, With, index};
use crate::catalog::{
    Constraint, ConstraintKind, Deferrable, Exclusion, ForeignKey, Key, ReferentialAction,
};
use crate::ident::Ident;

/// A constraint's definition, with its name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ConstraintDefinition {
    /// Its name.
    pub name: Ident,
    /// What it demands.
    pub constraint: Constraint,
}

impl fmt::Display for ConstraintDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CONSTRAINT {} ", self.name)?;
        match &self.constraint.kind {
            ConstraintKind::PrimaryKey(key) => {
                f.write_str("PRIMARY KEY")?;
                key_columns(f, key)?;
            }
            ConstraintKind::Unique(key) => {
                f.write_str("UNIQUE")?;
                key_columns(f, key)?;
            }
            ConstraintKind::ForeignKey(key) => foreign_key(f, key)?,
            ConstraintKind::Check(check) => {
                write!(f, "CHECK ({})", check.expression)?;
                f.write_str(if check.no_inherit { " NO INHERIT" } else { "" })?;
            }
            ConstraintKind::Exclusion(exclusion) => exclude(f, exclusion)?,
        }
        f.write_str(deferrable(self.constraint.deferrable))?;
        f.write_str(
            match (self.constraint.enforced, self.constraint.validated) {
                (false, _) => " NOT ENFORCED",
                (true, false) => " NOT VALID",
                (true, true) => "",
            },
        )
    }
}

fn key_columns(f: &mut fmt::Formatter<'_>, key: &Key) -> fmt::Result {
    if key.nulls_not_distinct {
        f.write_str(" NULLS NOT DISTINCT")?;
    }
    let overlaps = key.without_overlaps.then_some(" WITHOUT OVERLAPS");
    let overlaps = overlaps.unwrap_or_default();
    write!(f, " ({}{overlaps})", List(&key.columns))?;
    if !key.include.is_empty() {
        write!(f, " INCLUDE ({})", List(&key.include))?;
    }
    write!(f, "{}", With(&key.storage_parameters))?;
    index_tablespace(f, key.tablespace.as_ref())
}

fn index_tablespace(f: &mut fmt::Formatter<'_>, tablespace: Option<&Ident>) -> fmt::Result {
    match tablespace {
        Some(tablespace) => write!(f, " USING INDEX TABLESPACE {tablespace}"),
        None => Ok(()),
    }
}

fn foreign_key(f: &mut fmt::Formatter<'_>, key: &ForeignKey) -> fmt::Result {
    write!(
        f,
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        List(&with_period(&key.columns, key.period)),
        key.references,
        List(&with_period(&key.referenced_columns, key.period))
    )?;
    if key.match_full {
        f.write_str(" MATCH FULL")?;
    }
    if key.on_update != ReferentialAction::NoAction {
        write!(f, " ON UPDATE {}", action(key.on_update))?;
    }
    if key.on_delete != ReferentialAction::NoAction {
        write!(f, " ON DELETE {}", action(key.on_delete))?;
        if !key.on_delete_columns.is_empty() {
            write!(f, " ({})", List(&key.on_delete_columns))?;
        }
    }
    Ok(())
}

/// The names, the last of them with its word before it.
fn with_period(columns: &[Ident], period: bool) -> Vec<String> {
    let mut columns: Vec<String> = columns.iter().map(Ident::to_string).collect();
    if let Some(last) = columns.last_mut().filter(|_| period) {
        last.insert_str(0, "PERIOD ");
    }
    columns
}

fn action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    }
}

fn exclude(f: &mut fmt::Formatter<'_>, exclusion: &Exclusion) -> fmt::Result {
    write!(f, "EXCLUDE USING {} (", exclusion.method)?;
    for (place, (element, operator)) in exclusion.elements.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        write!(f, "{comma}{} WITH {operator}", index::Element(element))?;
    }
    f.write_str(")")?;
    if !exclusion.include.is_empty() {
        write!(f, " INCLUDE ({})", List(&exclusion.include))?;
    }
    write!(f, "{}", With(&exclusion.storage_parameters))?;
    index_tablespace(f, exclusion.tablespace.as_ref())?;
    match &exclusion.predicate {
        Some(predicate) => write!(f, " WHERE ({predicate})"),
        None => Ok(()),
    }
}

/// When it is checked, with a space before.
pub(super) fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::InitiallyImmediate => " DEFERRABLE",
        Deferrable::InitiallyDeferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}
