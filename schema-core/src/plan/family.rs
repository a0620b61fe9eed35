//! Tables that inherit from others, partitions among them: between which states their own steps go
//! where the changes of a parent reach its children by themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::inherit::{Lonely, lose_attached, pass_on};
use crate::catalog::{Catalog, NotNull, Table};
use crate::diff::{Change, Changes, Delta, diff, table_changes};
use crate::ident::{Ident, QualifiedName};

/// A child and its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) child: QualifiedName,
    pub(super) parent: QualifiedName,
    /// Of a partition.
    pub(super) bound: Option<String>,
}

/// What becomes of tables and their parents.
#[derive(Clone, Debug, Default)]
pub(super) struct Family {
    /// What is, with what the changes of parents do to their children; without tables that are
    /// made again.
    pub(super) from: Catalog,
    /// What is to be, as it is before tables get parents.
    pub(super) to: Catalog,
    /// Children that stay children, by parent.
    kept: BTreeMap<QualifiedName, BTreeSet<QualifiedName>>,
    /// Links that go while both tables stay.
    pub(super) removed: Vec<Link>,
    /// Links that come.
    pub(super) added: Vec<Link>,
    /// Tables that are dropped and made again, with rows lost.
    pub(super) remade: BTreeSet<QualifiedName>,
    /// NOT NULL has names (PostgreSQL 18 and later), and some are not those that PostgreSQL gives.
    pub(super) names_not_null: bool,
    /// Columns and constraints that a parent loses while a child keeps them.
    pub(super) lonely: Lonely,
    /// Indexes and keys of partitioned tables that are made again, as a partition's is to be part of
    /// them no longer.
    pub(super) torn: BTreeSet<(QualifiedName, Ident)>,
}

impl Family {
    /// Nothing where no table has a parent, and none is made again.
    pub(super) fn of(changes: &Changes<'_>) -> Option<Self> {
        let related = |catalog: &Catalog| {
            let mut tables = catalog.tables.values();
            tables.any(|table| table.parents().next().is_some())
        };
        let remade = remade(changes);
        if !related(changes.from) && !related(changes.to) && remade.is_empty() {
            return None;
        }
        let named = |catalog: &Catalog| {
            let columns = catalog.tables.values().flat_map(|table| &table.columns);
            let mut said = columns.filter_map(|it| it.not_null_constraint.as_ref());
            said.any(|said| said.name.is_some())
        };
        let mut family = Self {
            names_not_null: named(changes.from) || named(changes.to),
            from: changes.from.clone(),
            to: changes.to.clone(),
            remade,
            ..Self::default()
        };
        family.link(changes);
        for link in family.removed.clone() {
            if let Some(table) = family.from.tables.get_mut(&link.child) {
                detach(table, &link, &family.kept, changes.from);
            }
        }
        for link in family.added.clone() {
            let is_new = !changes.from.tables.contains_key(&link.child)
                || family.remade.contains(&link.child);
            if let Some(table) = family.to.tables.get_mut(&link.child)
                && (link.bound.is_some() || !is_new)
            {
                detach(table, &link, &family.kept, changes.to);
            }
        }
        for name in &family.remade {
            family.from.tables.remove(name);
            let owned = |owner: &Option<(QualifiedName, _)>| {
                owner.as_ref().is_some_and(|(table, _)| table == name)
            };
            family.from.sequences.retain(|_, it| !owned(&it.owned_by));
        }
        family.lonely = family.find_lonely();
        family.torn = family.find_torn();
        family.pass_on();
        Some(family)
    }

    /// Finds out which links stay, go and come.
    fn link(&mut self, changes: &Changes<'_>) {
        let nobody = Table::default();
        let names: BTreeSet<&QualifiedName> = changes
            .from
            .tables
            .keys()
            .chain(changes.to.tables.keys())
            .collect();
        for name in names {
            let remade = |it: &QualifiedName| self.remade.contains(it);
            let before = changes.from.tables.get(name);
            let after = changes.to.tables.get(name);
            let stays = before.is_some() && after.is_some() && !remade(name);
            let (before, after) = (before.unwrap_or(&nobody), after.unwrap_or(&nobody));
            let link = |parent: &QualifiedName, bound: Option<&String>| Link {
                child: name.clone(),
                parent: parent.clone(),
                bound: bound.cloned(),
            };
            let mut keep = Vec::new();
            match (&before.partition_of, &after.partition_of) {
                (Some(old), Some(new)) if old == new && stays && !remade(&old.parent) => {
                    keep.push(&old.parent);
                }
                (old, new) => {
                    let old = old.iter().map(|it| link(&it.parent, Some(&it.bound)));
                    let new = new.iter().map(|it| link(&it.parent, Some(&it.bound)));
                    self.removed.extend(old.filter(|_| stays));
                    self.added.extend(new);
                }
            }
            // A new parent comes behind those that there are.
            let shared = before.inherits.iter();
            let shared = shared.filter(|it| stays && !remade(it) && after.inherits.contains(it));
            let pairs = shared.zip(&after.inherits);
            let kept: Vec<_> = pairs.take_while(|(old, new)| old == new).collect();
            let kept: Vec<_> = kept.into_iter().map(|(old, _)| old).collect();
            let gone = before
                .inherits
                .iter()
                .filter(|it| stays && !kept.contains(it));
            self.removed.extend(gone.map(|it| link(it, None)));
            let new = after.inherits.iter().filter(|it| !kept.contains(it));
            self.added.extend(new.map(|it| link(it, None)));
            for parent in keep.into_iter().chain(kept) {
                let children = self.kept.entry(parent.clone()).or_default();
                children.insert(name.clone());
            }
        }
    }

    /// What is taken from a parent while a child, of which it is no partition, keeps it.
    fn find_lonely(&self) -> Lonely {
        let mut lonely = Lonely::default();
        for (parent, children) in &self.kept {
            let (from, to) = (self.from.tables.get(parent), self.to.tables.get(parent));
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            let heirs = || {
                let tables = children.iter().filter_map(|it| self.to.tables.get(it));
                tables.filter(|table| table.partition_of.is_none())
            };
            let columns = from.columns.iter().map(|column| &column.name);
            let columns = columns.filter(|name| {
                let name = name.as_str();
                to.column(name).is_none() && heirs().any(|heir| heir.column(name).is_some())
            });
            let gone = from.constraints.keys();
            let gone = gone.filter(|name| {
                !to.constraints.contains_key(*name)
                    && heirs().any(|heir| heir.constraints.contains_key(*name))
            });
            let names = columns.chain(gone);
            lonely.extend(names.map(|name| (parent.clone(), name.clone())));
        }
        lonely
    }

    fn find_torn(&self) -> BTreeSet<(QualifiedName, Ident)> {
        let mut torn = BTreeSet::new();
        for (parent, children) in &self.kept {
            let (from, to) = (self.from.tables.get(parent), self.to.tables.get(parent));
            let (Some(from), Some(to)) = (from, to) else {
                continue;
            };
            let changes = table_changes(parent, from, to);
            let renamed: BTreeMap<&Ident, &Ident> = changes
                .iter()
                .filter_map(|change| match change {
                    Change::Index(_, new, Delta::Rename { name, .. })
                    | Change::Constraint(_, new, Delta::Rename { name, .. }) => Some((*name, *new)),
                    _ => None,
                })
                .collect();
            for child in children {
                let (Some(before), Some(after)) =
                    (self.from.tables.get(child), self.to.tables.get(child))
                else {
                    continue;
                };
                let wanted: BTreeSet<&Ident> = attachments(after).collect();
                for name in attachments(before) {
                    let new = renamed.get(name).copied().unwrap_or(name);
                    let stays = to.indexes.contains_key(new) || to.constraints.contains_key(new);
                    if stays && !wanted.contains(new) {
                        torn.insert((parent.clone(), name.clone()));
                    }
                }
            }
        }
        torn
    }

    /// What parents become, their children become, from the top down.
    fn pass_on(&mut self) {
        let base = self.from.tables.clone();
        let mut waits: BTreeMap<&QualifiedName, usize> = BTreeMap::new();
        for child in self.kept.values().flatten() {
            *waits.entry(child).or_default() += 1;
        }
        let mut ready: Vec<&QualifiedName> = self
            .kept
            .keys()
            .filter(|it| !waits.contains_key(it))
            .collect();
        while let Some(parent) = ready.pop() {
            for child in self.kept.get(parent).into_iter().flatten() {
                let (from, to) = (&self.from.tables, &self.to.tables);
                if let (Some(before), Some(after), Some(wanted), Some(table)) = (
                    base.get(parent),
                    to.get(parent),
                    to.get(child),
                    from.get(child),
                ) {
                    let mut table = table.clone();
                    for (_, name) in self.torn.iter().filter(|(of, _)| of == parent) {
                        lose_attached(&mut table, name);
                    }
                    let heir = (child, &mut table, wanted);
                    pass_on((parent, before, after), heir, &self.lonely);
                    self.from.tables.insert(child.clone(), table);
                }
                if let Some(open) = waits.get_mut(child) {
                    *open -= 1;
                    if *open == 0 {
                        ready.push(child);
                    }
                }
            }
        }
    }

    /// The changes that are left to plan.
    pub(super) fn changes<'a>(&'a self, original: &Changes<'a>) -> Changes<'a> {
        let mut changes = diff(&self.from, &self.to);
        let dropped = original.list.iter().filter(|change| {
            matches!(change, Change::Table(name, Delta::Drop(_)) if self.remade.contains(*name))
        });
        changes.list.extend(dropped);
        changes
    }

    /// The children of a table that stay its children.
    pub(super) fn children(&self, parent: &QualifiedName) -> impl Iterator<Item = &QualifiedName> {
        self.kept.get(parent).into_iter().flatten()
    }

    /// Those, and theirs.
    pub(super) fn descendants(&self, parent: &QualifiedName) -> BTreeSet<&QualifiedName> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&QualifiedName> = self.children(parent).collect();
        while let Some(child) = open.pop() {
            if found.insert(child) {
                open.extend(self.children(child));
            }
        }
        found
    }

    /// True for a table that stays the child of one.
    pub(super) fn is_child(&self, table: &QualifiedName) -> bool {
        self.kept.values().any(|children| children.contains(table))
    }
}

/// The indexes and keys of its parent that those of a table are part of.
fn attachments(table: &Table) -> impl Iterator<Item = &Ident> {
    let constraints = table
        .constraints
        .values()
        .filter_map(|it| it.parent.as_ref());
    constraints.chain(table.indexes.values().filter_map(|it| it.parent.as_ref()))
}

/// Tables that go and come under one name.
fn remade(changes: &Changes<'_>) -> BTreeSet<QualifiedName> {
    let goes = |change: &&Change<'_>| match change {
        Change::Table(name, Delta::Drop(_)) => changes.to.tables.contains_key(*name),
        _ => false,
    };
    let gone = changes.list.iter().filter(goes);
    gone.filter_map(|change| match change {
        Change::Table(name, _) => Some((*name).clone()),
        _ => None,
    })
    .collect()
}

/// The table without this parent: what it had from it alone is its own.
fn detach(
    table: &mut Table,
    link: &Link,
    kept: &BTreeMap<QualifiedName, BTreeSet<QualifiedName>>,
    catalog: &Catalog,
) {
    if link.bound.is_some() {
        table.partition_of = None;
        for index in table.indexes.values_mut() {
            index.parent = None;
        }
        let keys = catalog.tables.get(&link.parent);
        let foreign = keys.into_iter().flat_map(|parent| &parent.constraints);
        let foreign = foreign
            .filter(|(_, it)| matches!(it.kind, crate::catalog::ConstraintKind::ForeignKey(_)));
        // PostgreSQL gives each partition foreign keys of its own, which then stay.
        for (name, constraint) in foreign {
            let mut constraint = constraint.clone();
            constraint.comment = None;
            table.constraints.entry(name.clone()).or_insert(constraint);
        }
    }
    let others: Vec<&Table> = kept
        .iter()
        .filter(|(_, children)| children.contains(&link.child))
        .filter_map(|(parent, _)| catalog.tables.get(parent))
        .collect();
    let others = &others;
    for column in &mut table.columns {
        let name = column.name.as_str();
        if let Some(said) = column.not_null_constraint.as_mut() {
            said.local = false;
        }
        column
            .not_null_constraint
            .take_if(|said| *said == NotNull::default());
        column.inherited &= others.iter().any(|parent| parent.column(name).is_some());
    }
    for (name, constraint) in &mut table.constraints {
        constraint.parent = None;
        constraint.inherited &= others.iter().any(|it| it.constraints.contains_key(name));
    }
}
