//! What the source says is none of its business, or not yet: it is wanted as it is.

use std::collections::{BTreeMap, BTreeSet};

use super::adopt_objects::adopt_objects;
use crate::catalog::{Catalog, Constraint, ConstraintKind, Generation, Index, Table};
use crate::ident::Ident;
use crate::plan::shim::{Shim, derived};
use crate::schema::Hints;

/// Makes both sides agree on what the source leaves alone.
///
/// A table with `managed = false` is wanted as it is; one that the migrations do not make is
/// taken to be there as the struct says. Columns in `ignore_columns` are wanted as they are, with
/// the constraints and indexes on them, and so is what a shim keeps for the previous release: the
/// old column of a rename, whose default a trigger carries over to the new one, and the names of
/// what belongs to a renamed table. Objects beside tables are wanted as they are by a source that
/// declares none.
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
        let table = match shim {
            Shim::View(view) => &view.table,
            Shim::Sync { table, .. } | Shim::Fill { table, .. } => table,
        };
        let (Some(there), Some(wanted)) =
            (current.tables.get(table), desired.tables.get_mut(table))
        else {
            continue;
        };
        match shim {
            Shim::View(_) => keep_names(there, wanted),
            Shim::Sync { old, new, .. } => keep_both(there, wanted, (old, new)),
            Shim::Fill { .. } => {}
        }
    }
    adopt_objects(current, desired, hints.declares_objects, shims);
}

/// The old column stays with all that is on it, and the new one goes without its default.
fn keep_both(there: &Table, wanted: &mut Table, (old, new): (&Ident, &Ident)) {
    move_aside(there, wanted, (old, new));
    adopt_columns(there, wanted, &[old.clone()].into());
    let mut columns = wanted.columns.iter_mut();
    if let Some(column) = columns.find(|column| column.name == *new) {
        let now = there.column(new.as_str());
        column.generation = now.map(|it| it.generation.clone()).unwrap_or_default();
    }
}

/// The previous release may know constraints, indexes and sequences of the table by their names:
/// they get those that go with the new name of the table when its view goes.
fn keep_names(there: &Table, wanted: &mut Table) {
    keep_names_of(&there.constraints, &mut wanted.constraints, |old, new| {
        *old == Constraint {
            comment: old.comment.clone(),
            ..new.clone()
        }
    });
    keep_names_of(&there.indexes, &mut wanted.indexes, |old, new| {
        *old == Index {
            comment: old.comment.clone(),
            ..new.clone()
        }
    });
    for column in &mut wanted.columns {
        let before = there.column(column.name.as_str());
        if let (Some(Generation::Identity(before)), Generation::Identity(identity)) =
            (before.map(|it| &it.generation), &mut column.generation)
        {
            identity.sequence.clone_from(&before.sequence);
        }
    }
}

fn keep_names_of<T>(
    there: &BTreeMap<Ident, T>,
    wanted: &mut BTreeMap<Ident, T>,
    same: impl Fn(&T, &T) -> bool,
) {
    for (name, old) in there {
        if wanted.contains_key(name) {
            continue;
        }
        let new_name = wanted
            .iter()
            .find(|(name, new)| !there.contains_key(*name) && same(old, new))
            .map(|(name, _)| name.clone());
        if let Some(object) = new_name.and_then(|name| wanted.remove(&name)) {
            wanted.insert(name.clone(), object);
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
