//! Steps that give tables parents and take them away, and what a parent's steps mean for the order
//! of its children's.

use std::collections::{BTreeMap, BTreeSet};

use super::Planner;
use super::facts::key_part;
use super::family::{Family, Link};
use super::inherit::is_passed_on;
use super::step::{self, Class, Facts, Group, Mode, Name, Part, Step};
use super::table::alter;
use crate::catalog::{Constraint, ConstraintKind, Table};
use crate::ddl::{Ddl, IndexDdl, TableAction, TableDdl};
use crate::graph::Graph;
use crate::ident::{Ident, QualifiedName};

impl<'a> Planner<'a> {
    /// The links that go and come.
    pub(super) fn links(&mut self) {
        let Some(family) = self.family else { return };
        for link in &family.removed {
            self.cause = format!("alter table {}", link.child);
            let step = removed(link);
            self.push(step);
        }
        for link in &family.added {
            if let Some(step) = self.added(link) {
                self.cause = format!("alter table {}", link.child);
                self.push(step);
            }
        }
    }

    fn added(&self, link: &Link) -> Option<Step> {
        let child = self.to.tables.get(&link.child)?;
        let there = self.in_use(&link.child);
        let ddl = match &link.bound {
            Some(_) if crate::ddl::is_bare(child) => return None,
            Some(bound) => Ddl::Table(TableDdl::AttachPartition {
                name: link.parent.clone(),
                partition: link.child.clone(),
                bound: bound.clone(),
                in_use: there,
            }),
            // `CREATE TABLE` says it.
            None if !there => return None,
            None => alter(&link.child, TableAction::Inherit(link.parent.clone())),
        };
        let step = Step::new(Class::Table, &link.child, step::ATTACH, ddl);
        let parent = self.to.tables.get(&link.parent);
        let needs = parent.map(|parent| parts(&link.parent, parent));
        let step = step.needing(needs.into_iter().flatten());
        Some(step.needing(parts(&link.child, child)))
    }

    /// Before a partition is dropped, it is detached while others read and write the rest.
    pub(super) fn detach_dropped(&mut self, name: &QualifiedName, from: &Table) -> Option<usize> {
        let of = from.partition_of.as_ref()?;
        let family = self.family?;
        let stays = self.to.tables.contains_key(&of.parent) && !family.remade.contains(&of.parent);
        // PostgreSQL has no such way where a partition takes all other rows.
        let mut tables = self.original.tables.values();
        let concurrently = !tables.any(|table| {
            let of_table = table.partition_of.as_ref();
            of_table.is_some_and(|it| it.parent == of.parent && it.is_default())
        });
        if !stays || !concurrently && !self.is_referenced(&of.parent) {
            return None;
        }
        let ddl = Ddl::Table(TableDdl::DetachPartition {
            name: of.parent.clone(),
            partition: name.clone(),
            concurrently,
        });
        let mode = if concurrently {
            Mode::Alone
        } else {
            Mode::InTransaction
        };
        let step = Step::new(Class::DropTable, name, step::DETACH, ddl).mode(mode);
        Some(self.push(step))
    }

    /// True where a foreign key rests on a table, or on one that it is a partition of.
    fn is_referenced(&self, table: &QualifiedName) -> bool {
        let tables = self.original.tables.values();
        let constraints = tables.flat_map(|it| it.constraints.values());
        let mut foreign = constraints.filter_map(|it| match &it.kind {
            ConstraintKind::ForeignKey(key) => Some(&key.references),
            _ => None,
        });
        let above = self.original.tables.get(table);
        let above = above.and_then(|it| it.partition_of.as_ref());
        foreign.any(|it| it == table) || above.is_some_and(|of| self.is_referenced(&of.parent))
    }

    /// Makes an index part of that of the partitioned table.
    pub(super) fn attach_index(
        &mut self,
        table: &QualifiedName,
        name: &Ident,
        parent: Option<&Ident>,
        columns: Option<&[Ident]>,
    ) {
        let Some((of, parent)) = self.kept_parent(table).zip(parent) else {
            return;
        };
        let ddl = Ddl::Index(IndexDdl::AttachPartition {
            name: of.sibling(parent.clone()),
            partition: table.sibling(name.clone()),
            table: table.clone(),
        });
        let step = Step::new(Class::Table, table, step::ATTACH_INDEX, ddl);
        let mut step = step.mode(Mode::Either).needing([
            Part::Index(of.sibling(parent.clone())),
            Part::Constraint(of.clone(), parent.clone()),
            Part::Index(table.sibling(name.clone())),
            Part::Constraint(table.clone(), name.clone()),
        ]);
        // A key of the whole serves only when every part of it has one.
        let mut above = Some(of);
        while let (Some(of), Some(columns)) = (above, columns) {
            step.creates.push(key_part(of, columns));
            above = self.kept_parent(of);
        }
        self.push(step);
    }

    /// What goes with an index or key of a partitioned table: those that are attached to it.
    pub(super) fn attached(&self, table: &QualifiedName, name: &Ident) -> Facts {
        let mut facts = Facts::default();
        let Some(family) = self.family else {
            return facts;
        };
        for child in family.children(table) {
            let Some(from) = self.original.tables.get(child) else {
                continue;
            };
            let is_attached = |parent: &Option<Ident>| parent.as_ref() == Some(name);
            for (own, constraint) in &from.constraints {
                if is_attached(&constraint.parent) {
                    facts.absorb(self.old.constraint(child, own, constraint));
                    facts.absorb(self.attached(child, own));
                }
            }
            for (own, index) in &from.indexes {
                if is_attached(&index.parent) {
                    facts.absorb(self.old.index(child, own, index));
                    facts.absorb(self.attached(child, own));
                }
            }
        }
        facts
    }

    /// What goes with a column of a table in the tables that inherit it.
    pub(super) fn inherited_of(&self, table: &QualifiedName, column: &Ident) -> Facts {
        let mut facts = Facts::default();
        for child in self.family.iter().flat_map(|it| it.descendants(table)) {
            let Some(from) = self.original.tables.get(child) else {
                continue;
            };
            for (name, constraint) in &from.constraints {
                if super::facts::constraint_columns(constraint).contains(&column) {
                    facts.absorb(self.old.constraint(child, name, constraint));
                }
            }
            for (name, index) in &from.indexes {
                if index.columns.contains(column) {
                    facts.absorb(self.old.index(child, name, index));
                }
            }
        }
        facts
    }

    /// The partitioned table that this one stays a partition of.
    pub(super) fn kept_parent(&self, table: &QualifiedName) -> Option<&'a QualifiedName> {
        let family = self.family?;
        let of = self.to.tables.get(table)?.partition_of.as_ref()?;
        let mut children = family.children(&of.parent);
        children.any(|it| it == table).then_some(&of.parent)
    }

    pub(super) fn is_partitioned(&self, table: &QualifiedName) -> bool {
        let tables = [self.to.tables.get(table), self.from.tables.get(table)];
        let mut tables = tables.into_iter().flatten();
        tables.any(|table| table.partition_by.is_some())
    }

    /// True where others inherit from the table before and after.
    pub(super) fn has_children(&self, table: &QualifiedName) -> bool {
        let family = self.family;
        family.is_some_and(|family| family.children(table).next().is_some())
    }

    /// True where a parent's own step makes and takes away this constraint.
    pub(super) fn is_inherited(&self, table: &QualifiedName, constraint: &Constraint) -> bool {
        constraint.inherited
            && is_passed_on(constraint)
            && self
                .to
                .tables
                .get(table)
                .is_some_and(|it| it.parents().next().is_some())
    }
}

fn removed(link: &Link) -> Step {
    let ddl = match link.bound {
        Some(_) => Ddl::Table(TableDdl::DetachPartition {
            name: link.parent.clone(),
            partition: link.child.clone(),
            concurrently: false,
        }),
        None => alter(&link.child, TableAction::NoInherit(link.parent.clone())),
    };
    let step = Step::new(Class::Table, &link.child, step::DETACH, ddl);
    step.freeing([
        Part::Table(link.parent.clone()),
        Part::Table(link.child.clone()),
    ])
}

/// A table with all that is in it.
pub(super) fn parts(name: &QualifiedName, table: &Table) -> Vec<Part> {
    let columns = table.columns.iter();
    let columns = columns.flat_map(|column| {
        let column = &column.name;
        [
            Part::Column(name.clone(), column.clone()),
            Part::NotNull(name.clone(), column.clone()),
        ]
    });
    let constraints = table.constraints.iter();
    // A foreign key to the table itself may wait for the link.
    let constraints =
        constraints.filter(|(_, it)| !matches!(it.kind, ConstraintKind::ForeignKey(_)));
    let constraints = constraints.map(|(it, _)| Part::Constraint(name.clone(), it.clone()));
    let indexes = table.indexes.keys();
    let indexes = indexes.map(|it| Part::Index(name.sibling(it.clone())));
    [Part::Table(name.clone())]
        .into_iter()
        .chain(columns)
        .chain(constraints)
        .chain(indexes)
        .collect()
}

/// Says of each step for a parent what it does to its children, and which of them it leaves alone.
pub(super) fn spread(steps: &mut [Step], family: &Family, original: &crate::catalog::Catalog) {
    let parts = partitions(original);
    for step in steps {
        free_partitions(step, &parts);
        let (Class::Table, table) = &step.group else {
            continue;
        };
        if family.children(table).next().is_none() {
            continue;
        }
        let table = table.clone();
        if let Ddl::Table(TableDdl::Alter { actions, only, .. }) = &mut step.ddl {
            let lonely = |name: &Ident| family.lonely.contains(&(table.clone(), name.clone()));
            *only = actions.iter().any(|action| match action {
                TableAction::DropColumn(name) | TableAction::DropConstraint(name) => lonely(name),
                TableAction::AddConstraint(definition) => {
                    let partitioned = family.to.tables.get(&table);
                    partitioned.is_some_and(|it| it.partition_by.is_some())
                        && matches!(
                            definition.constraint.kind,
                            ConstraintKind::PrimaryKey(_)
                                | ConstraintKind::Unique(_)
                                | ConstraintKind::Exclusion(_)
                        )
                }
                _ => false,
            });
            if *only {
                continue;
            }
        }
        let checks = |name: &Ident| {
            let tables = [original.tables.get(&table), family.to.tables.get(&table)];
            let mut found = tables
                .iter()
                .flatten()
                .filter_map(|it| it.constraints.get(name));
            found.any(is_passed_on)
        };
        for child in family.descendants(&table) {
            for parts in [&mut step.creates, &mut step.drops, &mut step.needs] {
                let more: Vec<Part> = parts
                    .iter()
                    .filter_map(|part| match part {
                        Part::Column(of, it) if *of == table => {
                            Some(Part::Column(child.clone(), it.clone()))
                        }
                        Part::NotNull(of, it) if *of == table => {
                            Some(Part::NotNull(child.clone(), it.clone()))
                        }
                        Part::Constraint(of, it) if *of == table && checks(it) => {
                            Some(Part::Constraint(child.clone(), it.clone()))
                        }
                        _ => None,
                    })
                    .collect();
                parts.extend(more);
            }
            for names in [&mut step.claims, &mut step.releases] {
                let more: Vec<Name> = names
                    .iter()
                    .filter_map(|name| match name {
                        Name::Column(of, it) if *of == table => {
                            Some(Name::Column(child.clone(), it.clone()))
                        }
                        Name::Constraint(of, it) if *of == table && checks(it) => {
                            Some(Name::Constraint(child.clone(), it.clone()))
                        }
                        _ => None,
                    })
                    .collect();
                names.extend(more);
            }
        }
    }
}

/// All partitions of a table, theirs too, by its name.
fn partitions(
    catalog: &crate::catalog::Catalog,
) -> BTreeMap<&QualifiedName, BTreeSet<&QualifiedName>> {
    let mut found: BTreeMap<&QualifiedName, BTreeSet<&QualifiedName>> = BTreeMap::new();
    for (name, table) in &catalog.tables {
        let mut of = table.partition_of.as_ref();
        while let Some(it) = of {
            found.entry(&it.parent).or_default().insert(name);
            let above = catalog.tables.get(&it.parent);
            of = above.and_then(|it| it.partition_of.as_ref());
        }
    }
    found
}

/// What no longer rests on the key of a partitioned table rests on none of its partitions.
fn free_partitions(step: &mut Step, all: &BTreeMap<&QualifiedName, BTreeSet<&QualifiedName>>) {
    let freed = step.frees.iter().filter_map(|part| match part {
        Part::Key(of, _) => all.get(of),
        _ => None,
    });
    let freed = freed.flatten().map(|it| Part::Table((*it).clone()));
    let freed: Vec<Part> = freed.collect();
    step.frees.extend(freed);
}

/// Links go before all else, and come after it; a parent's steps come before its children's.
pub(super) fn order(steps: &[Step], family: &Family, graph: &mut Graph<Group, u8>) {
    let mut of_table: BTreeMap<&QualifiedName, Vec<usize>> = BTreeMap::new();
    let mut drops: BTreeMap<&QualifiedName, Vec<usize>> = BTreeMap::new();
    for (place, step) in steps.iter().enumerate() {
        let steps = match step.group.0 {
            Class::Table => &mut of_table,
            Class::DropTable => &mut drops,
            _ => continue,
        };
        steps.entry(&step.group.1).or_default().push(place);
    }
    let of = |name: &QualifiedName| of_table.get(name).into_iter().flatten().copied();
    let linking = |place: usize| matches!(steps[place].place, step::DETACH | step::ATTACH);
    let parent_of = |step: &Step| match &step.ddl {
        Ddl::Table(
            TableDdl::DetachPartition { name, .. } | TableDdl::AttachPartition { name, .. },
        ) => Some(name.clone()),
        Ddl::Table(TableDdl::Alter { actions, .. }) => match actions.as_slice() {
            [TableAction::Inherit(name) | TableAction::NoInherit(name)] => Some(name.clone()),
            _ => None,
        },
        _ => None,
    };
    let links: Vec<(usize, QualifiedName)> = (0..steps.len())
        .filter(|place| linking(*place))
        .filter_map(|place| Some((place, parent_of(&steps[place])?)))
        .collect();
    for (place, parent) in &links {
        let child = &steps[*place].group.1;
        let others = of(parent).chain(of(child)).filter(|it| !linking(*it));
        let dropped = |name| drops.get(name).into_iter().flatten().copied();
        if steps[*place].place == step::DETACH {
            for other in others.chain(dropped(parent)) {
                graph.must(*place, other);
            }
        } else {
            let after = |it: &usize| {
                matches!(steps[*it].ddl, Ddl::Comment(_)) || steps[*it].mode == Mode::Alone
            };
            for other in others.filter(|it| !after(it)) {
                graph.must(other, *place);
            }
            let siblings = links.iter().filter(|(_, of)| of == parent);
            let gone = siblings.filter(|(it, _)| steps[*it].place == step::DETACH);
            for (detach, _) in gone {
                graph.must(*detach, *place);
            }
            // A bound may be that of a partition which goes.
            for drop in drops.values().flatten() {
                let frees = &steps[*drop].frees;
                if frees.contains(&Part::Table(parent.clone())) {
                    graph.must(*drop, *place);
                }
            }
        }
    }
    for (parent, places) in &of_table {
        let defaults: BTreeSet<&Ident> = places
            .iter()
            .filter_map(|place| match action(&steps[*place]) {
                Some(TableAction::SetDefault { column, .. }) => Some(column),
                _ => None,
            })
            .collect();
        for child in family.descendants(parent) {
            for first in places.iter().copied() {
                for then in of(child) {
                    relate(steps, (first, then), &defaults, graph);
                }
            }
        }
    }
}

fn action(step: &Step) -> Option<&TableAction> {
    match &step.ddl {
        Ddl::Table(TableDdl::Alter { actions, .. }) => actions.first(),
        _ => None,
    }
}

/// A parent's step and a child's. A default goes before the type changes under it, unless the
/// parent's takes its place.
fn relate(
    steps: &[Step],
    (parent, child): (usize, usize),
    defaults: &BTreeSet<&Ident>,
    graph: &mut Graph<Group, u8>,
) {
    let touched = |place: usize| match &steps[place].ddl {
        Ddl::Table(TableDdl::Alter { actions, .. }) => {
            actions.iter().filter_map(TableAction::column).collect()
        }
        _ => BTreeSet::new(),
    };
    let shared = touched(parent)
        .intersection(&touched(child))
        .next()
        .is_some();
    let (parents, childs) = (action(&steps[parent]), action(&steps[child]));
    let retypes = matches!(parents, Some(TableAction::SetType { .. }));
    let clears = matches!(childs, Some(TableAction::DropDefault(it)) if !defaults.contains(it));
    let adds = matches!(childs, Some(TableAction::AddColumn(_)));
    if shared && (retypes && clears || adds) {
        graph.must(child, parent);
    } else if shared {
        graph.must(parent, child);
    } else {
        graph.should(parent, child);
    }
}
