//! What the source says is none of its business, or not yet: it is wanted as it is.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Constraint, ConstraintKind, Table};
use crate::ident::Ident;
use crate::plan::shim::{Shim, derived};
use crate::schema::Hints;

/// Makes both sides agree on what the source leaves alone.
///
/// A table with `managed = false` is wanted as it is; one that the migrations do not make is
/// taken to be there as the struct says. Columns in `ignore_columns` are wanted as they are, with
/// the constraints and indexes on them, and so is the old column of a rename while its shim lives.
/// The new one gets its default when the shim goes: until then a trigger carries it over from the
/// old one.
pub fn adopt(current: &mut Catalog, desired: &mut Catalog, hints: &Hints, shims: &[Shim]) {
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
    for shim in shims {
        let Shim::Sync { table, old, new } = shim else {
            continue;
        };
        if let (Some(there), Some(wanted)) =
            (current.tables.get(table), desired.tables.get_mut(table))
        {
            move_aside(there, wanted, (old, new));
            adopt_columns(there, wanted, &[old.clone()].into());
            let mut columns = wanted.columns.iter_mut();
            if let Some(column) = columns.find(|column| column.name == *new) {
                let now = there.column(new.as_str());
                column.generation = now.map(|it| it.generation.clone()).unwrap_or_default();
            }
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
        let columns = columns(constraint);
        if columns.iter().any(|column| ignored.contains(column)) {
            wanted
                .constraints
                .entry(name.clone())
                .or_insert_with(|| constraint.clone());
        }
    }
}

/// While both columns live, an index or constraint on each may go by one name in the source: that
/// of the new column has another one until the old column goes.
fn move_aside(there: &Table, wanted: &mut Table, (old, new): (&Ident, &Ident)) {
    let taken = |name: &Ident| {
        let constraint = there.constraints.get(name).map(columns);
        let index = there.indexes.get(name).map(|index| &index.columns);
        constraint
            .or(index)
            .is_some_and(|columns| columns.contains(old) && !columns.contains(new))
    };
    let of_old = |columns: &Vec<Ident>| columns.contains(old);
    let constraints = wanted.constraints.iter();
    let constraints = constraints.filter(|(name, it)| taken(name) && !of_old(columns(it)));
    let constraints: Vec<Ident> = constraints.map(|(name, _)| name.clone()).collect();
    for name in constraints {
        if let Some(constraint) = wanted.constraints.remove(&name) {
            wanted.constraints.insert(aside(&name, new), constraint);
        }
    }
    let indexes = wanted.indexes.iter();
    let indexes = indexes.filter(|(name, it)| taken(name) && !of_old(&it.columns));
    let indexes: Vec<Ident> = indexes.map(|(name, _)| name.clone()).collect();
    for name in indexes {
        if let Some(index) = wanted.indexes.remove(&name) {
            wanted.indexes.insert(aside(&name, new), index);
        }
    }
}

fn aside(name: &Ident, new: &Ident) -> Ident {
    derived(&[name.as_str(), new.as_str()])
}

/// The columns that a constraint is on.
fn columns(constraint: &Constraint) -> &Vec<Ident> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => &key.columns,
        ConstraintKind::ForeignKey(key) => &key.columns,
        ConstraintKind::Check(check) => &check.columns,
        ConstraintKind::Exclusion(exclusion) => &exclusion.columns,
    }
}
