//! What the source says is none of its business: it is wanted as it is.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, ConstraintKind, Table};
use crate::ident::Ident;
use crate::schema::Hints;

/// Makes both sides agree on what the source leaves alone.
///
/// A table with `managed = false` is wanted as it is; one that the migrations do not make is
/// taken to be there as the struct says. Columns in `ignore_columns` are wanted as they are, with
/// the constraints and indexes on them.
pub fn adopt(current: &mut Catalog, desired: &mut Catalog, hints: &Hints) {
    for name in &hints.unmanaged {
        match (current.tables.get(name), desired.tables.get(name)) {
            (Some(there), _) => _ = desired.tables.insert(name.clone(), there.clone()),
            (None, Some(said)) => _ = current.tables.insert(name.clone(), said.clone()),
            (None, None) => {}
        }
    }
    for (name, ignored) in &hints.ignored_columns {
        if let (Some(there), Some(wanted)) =
            (current.tables.get(name), desired.tables.get_mut(name))
        {
            adopt_columns(there, wanted, ignored);
        }
    }
}

fn adopt_columns(there: &Table, wanted: &mut Table, ignored: &BTreeSet<Ident>) {
    for column in there
        .columns
        .iter()
        .filter(|column| ignored.contains(&column.name))
    {
        if wanted.column(column.name.as_str()).is_none() {
            wanted.columns.push(column.clone());
        }
    }
    for (name, index) in &there.indexes {
        if index.columns.iter().any(|column| ignored.contains(column)) {
            wanted
                .indexes
                .entry(name.clone())
                .or_insert_with(|| index.clone());
        }
    }
    for (name, constraint) in &there.constraints {
        let columns = match &constraint.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => &key.columns,
            ConstraintKind::ForeignKey(key) => &key.columns,
            ConstraintKind::Check(check) => &check.columns,
            ConstraintKind::Exclusion(exclusion) => &exclusion.columns,
        };
        if columns.iter().any(|column| ignored.contains(column)) {
            wanted
                .constraints
                .entry(name.clone())
                .or_insert_with(|| constraint.clone());
        }
    }
}
