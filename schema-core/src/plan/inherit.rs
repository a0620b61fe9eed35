//! What the steps for a table do to the tables that inherit from it.

use std::collections::BTreeSet;

use super::facts::constraint_columns;
use super::index::same_index;
use super::not_null::name_of;
use crate::catalog::{Column, Constraint, ConstraintKind, Generation, NotNull, Table};
use crate::diff::{Change, Delta, table_changes};
use crate::ident::{Ident, QualifiedName};

/// Columns and constraints that only the parent loses (`ALTER TABLE ONLY`), by its name.
pub(super) type Lonely = BTreeSet<(QualifiedName, Ident)>;

/// Does to a child what PostgreSQL does when its parent changes.
pub(super) fn pass_on(
    (parent, from, to): (&QualifiedName, &Table, &Table),
    (name, child, wanted): (&QualifiedName, &mut Table, &Table),
    lonely: &Lonely,
) {
    let heir = Heir {
        lonely: |name: &Ident| lonely.contains(&(parent.clone(), name.clone())),
        partition: wanted.partition_of.is_some(),
        wanted,
        parent,
        name,
    };
    for change in table_changes(parent, from, to) {
        match change {
            Change::Column(_, name, delta) => heir.column(child, name, delta),
            Change::Constraint(_, name, delta) => heir.constraint(child, name, delta),
            Change::Index(_, name, Delta::Rename { name: old, .. }) => {
                rename_parent(child, old, name);
            }
            Change::Index(_, name, Delta::Drop(_)) => lose_attached(child, name),
            Change::Index(_, name, Delta::Alter { from, to }) if !same_index(from, to) => {
                lose_attached(child, name);
            }
            _ => {}
        }
    }
}

struct Heir<'a, L> {
    lonely: L,
    partition: bool,
    wanted: &'a Table,
    parent: &'a QualifiedName,
    name: &'a QualifiedName,
}

impl<L: Fn(&Ident) -> bool> Heir<'_, L> {
    fn column(&self, child: &mut Table, name: &Ident, delta: Delta<'_, Column>) {
        let place = child.columns.iter().position(|it| it.name == *name);
        match (delta, place) {
            (Delta::Create(to), None) => {
                let own = self.wanted.column(name.as_str());
                if self.partition || own.is_none_or(|own| own.inherited) {
                    let column = inherited((self.parent, to), (self.name, own));
                    child.columns.push(column);
                }
            }
            (Delta::Drop(_), Some(place)) => {
                let column = &mut child.columns[place];
                if (self.lonely)(name) {
                    column.inherited = false;
                } else if column.inherited {
                    lose_column(child, name);
                }
            }
            (Delta::Alter { from, to } | Delta::Rename { from, to, .. }, Some(place)) => {
                let own = self.wanted.column(name.as_str());
                let column = &mut child.columns[place];
                alter(column, (self.parent, from, to), (self.name, own));
            }
            (Delta::Create(_), Some(_)) | (_, None) => {}
        }
    }

    fn constraint(&self, child: &mut Table, name: &Ident, delta: Delta<'_, Constraint>) {
        match delta {
            Delta::Create(to) => Self::gain(child, name, to),
            Delta::Drop(from) => self.lose(child, name, from),
            Delta::Alter { from, to } => {
                let same = super::constraint::in_place(name, from, to).is_some();
                if !same {
                    self.lose(child, name, from);
                    Self::gain(child, name, to);
                } else if is_passed_on(to)
                    && let Some(constraint) = child.constraints.get_mut(name)
                {
                    constraint.validated = to.validated;
                    constraint.enforced = to.enforced;
                }
            }
            Delta::Rename { name: old, to, .. } if is_passed_on(to) => {
                if let Some(constraint) = child.constraints.remove(old) {
                    child.constraints.insert(name.clone(), constraint);
                }
            }
            Delta::Rename { name: old, .. } => rename_parent(child, old, name),
        }
    }

    fn gain(child: &mut Table, name: &Ident, to: &Constraint) {
        if is_passed_on(to) && !child.constraints.contains_key(name) {
            let constraint = Constraint {
                inherited: true,
                comment: None,
                ..to.clone()
            };
            child.constraints.insert(name.clone(), constraint);
        }
    }

    fn lose(&self, child: &mut Table, name: &Ident, from: &Constraint) {
        if is_passed_on(from) {
            let Some(constraint) = child.constraints.get_mut(name) else {
                return;
            };
            if (self.lonely)(name) {
                constraint.inherited = false;
            } else if constraint.inherited {
                child.constraints.remove(name);
            }
        } else {
            lose_attached(child, name);
        }
    }
}

/// True for a constraint that children have because the parent has it. A partition's keys are made
/// by themselves, and its foreign keys are not in the catalog.
pub(super) fn is_passed_on(constraint: &Constraint) -> bool {
    matches!(&constraint.kind, ConstraintKind::Check(check) if !check.no_inherit)
}

/// A column as a child gets it.
pub(super) fn inherited(
    (parent, column): (&QualifiedName, &Column),
    (child, wanted): (&QualifiedName, Option<&Column>),
) -> Column {
    Column {
        inherited: true,
        generation: generation(column),
        not_null_constraint: said((parent, column), (child, wanted)),
        options: std::collections::BTreeMap::new(),
        comment: None,
        ..column.clone()
    }
}

/// What a child's column is filled with.
fn generation(column: &Column) -> Generation {
    match &column.generation {
        Generation::Identity(_) => Generation::None,
        other => other.clone(),
    }
}

/// A child's constraint has the name of its parent's. Whether the server has such constraints can
/// only be seen from what is wanted.
fn said(
    (parent, column): (&QualifiedName, &Column),
    (child, wanted): (&QualifiedName, Option<&Column>),
) -> Option<NotNull> {
    wanted?.not_null_constraint.as_ref()?;
    let name = name_of(parent, column);
    let other = name != NotNull::implicit_name(child, &column.name);
    (column.not_null && other).then(|| NotNull {
        name: Some(name),
        not_valid: super::not_null::comes_later(column),
        ..NotNull::default()
    })
}

fn alter(
    column: &mut Column,
    (parent, from, to): (&QualifiedName, &Column, &Column),
    (child, own): (&QualifiedName, Option<&Column>),
) {
    let retyped = (&from.data_type, &from.collation) != (&to.data_type, &to.collation);
    if retyped {
        column.data_type.clone_from(&to.data_type);
        column.type_name.clone_from(&to.type_name);
        column.collation.clone_from(&to.collation);
        column.storage = None;
        let bare = own.is_some_and(|own| own.generation == Generation::None);
        if column.generation == from.generation {
            column.generation = generation(to);
        } else if matches!(column.generation, Generation::Default(_)) && !bare {
            // It may have to go for the change of type, so it is set again.
            column.generation = Generation::None;
        }
    }
    let identity = |it: &Column| matches!(it.generation, Generation::Identity(_));
    if from.generation != to.generation && !(identity(from) && identity(to)) {
        column.generation = generation(to);
    }
    let local = column.not_null_constraint.as_ref();
    if from.not_null != to.not_null && (to.not_null || !local.is_some_and(|it| it.local)) {
        if column.not_null != to.not_null {
            column.not_null_constraint = said((parent, to), (child, own));
        }
        column.not_null = to.not_null;
    } else if from.not_null
        && to.not_null
        && name_of(parent, from) != name_of(parent, to)
        && name_of(child, column) == name_of(parent, from)
    {
        column.not_null_constraint = said((parent, to), (child, own));
    }
    if from.storage != to.storage {
        column.storage.clone_from(&to.storage);
    }
}

/// The column goes, and with it what uses it.
fn lose_column(table: &mut Table, name: &Ident) {
    table.columns.retain(|column| column.name != *name);
    table
        .constraints
        .retain(|_, it| !constraint_columns(it).contains(&name));
    table.indexes.retain(|_, it| !it.columns.contains(name));
}

/// The index goes, and with it what is attached to it.
pub(super) fn lose_attached(table: &mut Table, parent: &Ident) {
    let attached = |it: &Option<Ident>| it.as_ref() == Some(parent);
    table.constraints.retain(|_, it| !attached(&it.parent));
    table.indexes.retain(|_, it| !attached(&it.parent));
}

fn rename_parent(table: &mut Table, old: &Ident, new: &Ident) {
    let parents = table.constraints.values_mut().map(|it| &mut it.parent);
    let parents = parents.chain(table.indexes.values_mut().map(|it| &mut it.parent));
    for parent in parents.filter(|it| it.as_ref() == Some(old)) {
        *parent = Some(new.clone());
    }
}
