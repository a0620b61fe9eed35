//! What has to be taken away and made again although it does not differ: PostgreSQL does not
//! change a thing under what depends on it.

mod kin;
mod lost;

use std::collections::BTreeSet;

use super::cast::{Conversion, conversion};
use super::constraint::in_place;
use super::facts::{
    constraint_columns, expressions, generated_from, index_expressions, index_key, key_part,
};
use super::family::Family;
use super::index::same_index;
use super::mentions::mentions;
use super::step::Part;
use crate::catalog::{
    Catalog, Column, Constraint, ConstraintKind, Domain, Enum, Generation, Index, ObjectId, Table,
};
use crate::diff::{Change, Changes, Delta};
use crate::ident::{Ident, QualifiedName};

/// Objects to take away and make again, by their old names. All of them are on both sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Rebuild {
    /// Enums and domains: the old one is renamed aside, and dropped when nothing uses it.
    pub(super) types: BTreeSet<QualifiedName>,
    /// Columns whose values have to be converted, because the type differs or is made again.
    pub(super) retyped: BTreeSet<(QualifiedName, Ident)>,
    /// Generated columns: dropped and added.
    pub(super) columns: BTreeSet<(QualifiedName, Ident)>,
    /// Columns whose default is set anew, as it or its column is of a type that is made again.
    pub(super) defaults: BTreeSet<(QualifiedName, Ident)>,
    pub(super) constraints: BTreeSet<(QualifiedName, Ident)>,
    pub(super) indexes: BTreeSet<(QualifiedName, Ident)>,
    /// What is no table: because it cannot be altered, or for what it uses or is part of.
    pub(super) objects: BTreeSet<ObjectId>,
    /// Tables that are dropped and made again.
    remade: BTreeSet<QualifiedName>,
    /// Constraints, by the old name, that are on both sides under two names.
    renamed_constraints: BTreeSet<(QualifiedName, Ident)>,
    /// Indexes, likewise.
    renamed_indexes: BTreeSet<(QualifiedName, Ident)>,
}

/// Adds to the set; true where that is new.
fn note<T: Ord>(set: &mut BTreeSet<T>, item: T, more: &mut bool) {
    *more |= set.insert(item);
}

impl Rebuild {
    /// Everything that the changes make necessary, and everything that this makes necessary.
    pub(super) fn of(changes: &Changes<'_>, family: Option<&Family>) -> Self {
        let mut rebuild = Self::default();
        let mut dropped_columns = BTreeSet::new();
        // Anything may be used by a view.
        let mut touched = !changes.from.objects.is_empty() && !changes.is_empty();
        let remade = family.map(|family| family.remade.clone());
        rebuild.remade = remade.unwrap_or_default();
        for (table, name) in family.iter().flat_map(|family| &family.torn) {
            let from = changes.from.tables.get(table);
            let constraint = from.is_some_and(|it| it.constraints.contains_key(name));
            let object = (table.clone(), name.clone());
            if constraint {
                rebuild.constraints.insert(object);
            } else {
                rebuild.indexes.insert(object);
            }
            touched = true;
        }
        for change in &changes.list {
            match *change {
                Change::Enum(name, Delta::Alter { from, to }) if !only_adds(from, to) => {
                    rebuild.types.insert(name.clone());
                }
                Change::Domain(name, Delta::Alter { from, to })
                    if other_domain(name, from, to, changes.from) =>
                {
                    rebuild.types.insert(name.clone());
                }
                Change::Enum(name, Delta::Create(_)) if changes.from.domains.contains_key(name) => {
                    rebuild.types.insert(name.clone());
                }
                Change::Domain(name, Delta::Create(_)) if changes.from.enums.contains_key(name) => {
                    rebuild.types.insert(name.clone());
                }
                Change::Column(table, name, Delta::Alter { from, to }) => {
                    if other_generated(from, to) {
                        rebuild.columns.insert((table.clone(), name.clone()));
                    } else if other_type(from, to) {
                        rebuild.retyped.insert((table.clone(), name.clone()));
                    }
                }
                Change::Column(table, name, Delta::Drop(_)) => {
                    dropped_columns.insert((table.clone(), name.clone()));
                }
                Change::Object(id, Delta::Alter { from, to }) if from.altered(to).is_none() => {
                    rebuild.objects.insert(id.clone());
                }
                Change::Constraint(table, _, delta) => {
                    touched = true;
                    if let Delta::Rename { name, .. } = delta {
                        let object = (table.clone(), name.clone());
                        rebuild.renamed_constraints.insert(object);
                    }
                }
                Change::Index(table, _, delta) => {
                    touched = true;
                    if let Delta::Rename { name, .. } = delta {
                        let object = (table.clone(), name.clone());
                        rebuild.renamed_indexes.insert(object);
                    }
                }
                _ => {}
            }
        }
        if rebuild.types.is_empty()
            && rebuild.retyped.is_empty()
            && rebuild.columns.is_empty()
            && rebuild.objects.is_empty()
            && dropped_columns.is_empty()
            && !touched
            && rebuild.remade.is_empty()
        {
            return rebuild;
        }
        while rebuild.spread(changes) || rebuild.inherit(family) {}
        if let Some(family) = family {
            rebuild.forget_inherited(changes, family);
        }
        rebuild
    }

    /// One round over all objects that are on both sides; true where it found more.
    fn spread(&mut self, changes: &Changes<'_>) -> bool {
        let mut more = false;
        self.spread_objects(changes, &mut more);
        let uses_lost = |part: &Part| {
            let mut used = changes.from.dependencies.of(part);
            used.any(|used| {
                matches!(used, Part::Object(id)
                if self.objects.contains(id) || !changes.to.objects.contains_key(id))
            })
        };
        let lost: BTreeSet<&Part> = changes
            .from
            .dependencies
            .iter()
            .filter_map(|(part, _)| {
                (!matches!(part, Part::Object(_)) && uses_lost(part)).then_some(part)
            })
            .collect();
        for (name, from) in &changes.from.domains {
            let uses = from.base_name.iter().any(|base| self.types.contains(base));
            let texts = from.checks.values().map(|check| &check.expression);
            let texts = texts.chain(&from.default).map(String::as_str);
            if changes.to.domains.contains_key(name)
                && (uses || lost.contains(&Part::Type(name.clone())) || self.mention(texts))
            {
                note(&mut self.types, name.clone(), &mut more);
            }
        }
        let lost_keys = self.lost_keys(changes);
        for (name, from) in &changes.from.tables {
            let Some(to) = changes.to.tables.get(name) else {
                continue;
            };
            self.spread_columns(name, from, to, &lost, &mut more);
            let converted = self.converted(name, from, to);
            for (constraint_name, constraint) in &from.constraints {
                let object = (name.clone(), constraint_name.clone());
                let stays = to.constraints.contains_key(constraint_name)
                    || self.renamed_constraints.contains(&object);
                let used = Part::Constraint(name.clone(), constraint_name.clone());
                let breaks = lost.contains(&used)
                    || self.breaks_constraint(name, constraint, &converted, &lost_keys);
                if stays && breaks {
                    note(&mut self.constraints, object, &mut more);
                }
            }
            for (index_name, index) in &from.indexes {
                let object = (name.clone(), index_name.clone());
                let stays =
                    to.indexes.contains_key(index_name) || self.renamed_indexes.contains(&object);
                let used = Part::Index(name.sibling(index_name.clone()));
                let breaks = lost.contains(&used) || self.breaks_index(name, index, &converted);
                if stays && breaks {
                    note(&mut self.indexes, object, &mut more);
                }
            }
        }
        more
    }

    fn spread_columns(
        &mut self,
        name: &QualifiedName,
        from: &Table,
        to: &Table,
        lost: &BTreeSet<&Part>,
        more: &mut bool,
    ) {
        for column in &from.columns {
            let Some(after) = to.column(column.name.as_str()) else {
                continue;
            };
            let key = (name.clone(), column.name.clone());
            if self.columns.contains(&key) {
                continue;
            }
            let typed = |column: &Column| {
                let name = column.type_name.as_ref();
                name.is_some_and(|name| self.types.contains(name))
            };
            let retyped = typed(column) || typed(after);
            let uses_lost = lost.contains(&Part::Column(name.clone(), column.name.clone()));
            if let Generation::Default(text) = &column.generation
                && (retyped || uses_lost || self.mention([text.as_str()].into_iter()))
            {
                note(&mut self.defaults, key.clone(), more);
            }
            let generated = match (&column.generation, &after.generation) {
                (Generation::Stored(text), Generation::Stored(_))
                | (Generation::Virtual(text), Generation::Virtual(_)) => {
                    let on_changed = generated_from(from, text).any(|base| {
                        let base = (name.clone(), base.name.clone());
                        self.retyped.contains(&base) || self.columns.contains(&base)
                    });
                    retyped || on_changed || uses_lost || self.mention([text.as_str()].into_iter())
                }
                _ => false,
            };
            if generated {
                self.retyped.remove(&key);
                note(&mut self.columns, key, more);
            } else if retyped {
                note(&mut self.retyped, key, more);
            }
        }
    }

    /// True where one of the texts mentions a type that is made again.
    pub(super) fn mention<'a>(&self, mut texts: impl Iterator<Item = &'a str>) -> bool {
        !self.types.is_empty()
            && texts.any(|text| {
                let names = mentions(text);
                let mut types = self.types.iter();
                types.any(|name| names.contains(name.name.as_str()))
            })
    }

    /// The columns of a table whose values no assignment converts: PostgreSQL could not make
    /// again by itself the expressions that use them.
    fn converted(&self, name: &QualifiedName, from: &Table, to: &Table) -> BTreeSet<Ident> {
        let columns = from.columns.iter().filter(|column| {
            let key = (name.clone(), column.name.clone());
            self.retyped.contains(&key) && {
                let after = to.column(column.name.as_str());
                let again = |column: &Column| {
                    let name = column.type_name.as_ref();
                    name.is_some_and(|name| self.types.contains(name))
                };
                again(column)
                    || after.is_some_and(|after| {
                        again(after)
                            || conversion(&column.data_type, &after.data_type)
                                != Conversion::Assignment
                    })
            }
        });
        columns.map(|column| column.name.clone()).collect()
    }

    fn on_rebuilt_column(&self, table: &QualifiedName, columns: &[&Ident]) -> bool {
        let mut columns = columns.iter();
        columns.any(|column| self.columns.contains(&(table.clone(), (*column).clone())))
    }

    fn breaks_constraint(
        &self,
        table: &QualifiedName,
        constraint: &Constraint,
        converted: &BTreeSet<Ident>,
        lost_keys: &BTreeSet<Part>,
    ) -> bool {
        let columns = constraint_columns(constraint);
        if self.on_rebuilt_column(table, &columns) {
            return true;
        }
        let on_converted = columns.iter().any(|column| converted.contains(*column));
        match &constraint.kind {
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) => false,
            ConstraintKind::Check(check) => {
                on_converted || self.mention([check.expression.as_str()].into_iter())
            }
            ConstraintKind::Exclusion(exclusion) => {
                let keys = exclusion.elements.iter().map(|(element, _)| &element.key);
                let texts = || expressions(keys.clone()).chain(exclusion.predicate.as_deref());
                on_converted || self.mention(texts())
            }
            ConstraintKind::ForeignKey(key) => {
                let retyped = |table: &QualifiedName, columns: &[Ident]| {
                    let mut columns = columns.iter();
                    columns.any(|column| self.retyped.contains(&(table.clone(), column.clone())))
                };
                retyped(table, &key.columns)
                    || retyped(&key.references, &key.referenced_columns)
                    || lost_keys.contains(&key_part(&key.references, &key.referenced_columns))
                    || self.remade.contains(&key.references)
            }
        }
    }

    fn breaks_index(
        &self,
        table: &QualifiedName,
        index: &Index,
        converted: &BTreeSet<Ident>,
    ) -> bool {
        let columns: Vec<&Ident> = index.columns.iter().collect();
        let computed = index_expressions(index).next().is_some();
        self.on_rebuilt_column(table, &columns)
            || computed && columns.iter().any(|column| converted.contains(*column))
            || self.mention(index_expressions(index))
    }

    /// Keys that go, if only for a moment: no foreign key can rest on them. PostgreSQL makes a key
    /// again when the type of any of its columns changes, those that it only includes too.
    fn lost_keys(&self, changes: &Changes<'_>) -> BTreeSet<Part> {
        let mut keys = BTreeSet::new();
        for (name, from) in &changes.from.tables {
            let Some(to) = changes.to.tables.get(name) else {
                continue;
            };
            for (constraint_name, constraint) in &from.constraints {
                let (ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key)) =
                    &constraint.kind
                else {
                    continue;
                };
                let object = (name.clone(), constraint_name.clone());
                let stays = match to.constraints.get(constraint_name) {
                    Some(after) => in_place(constraint_name, constraint, after).is_some(),
                    None => self.renamed_constraints.contains(&object),
                };
                let columns = constraint_columns(constraint);
                if !stays || self.constraints.contains(&object) || self.changes_any(name, &columns)
                {
                    keys.insert(key_part(name, &key.columns));
                }
            }
            for (index_name, index) in &from.indexes {
                let Some(columns) = index_key(index) else {
                    continue;
                };
                let object = (name.clone(), index_name.clone());
                let stays = match to.indexes.get(index_name) {
                    Some(after) => same_index(index, after),
                    None => self.renamed_indexes.contains(&object),
                };
                let used: Vec<&Ident> = index.columns.iter().collect();
                if !stays || self.indexes.contains(&object) || self.changes_any(name, &used) {
                    keys.insert(key_part(name, &columns));
                }
            }
        }
        keys
    }

    /// True where one of the columns gets another type or is made again.
    fn changes_any(&self, table: &QualifiedName, columns: &[&Ident]) -> bool {
        columns.iter().any(|column| {
            let column = (table.clone(), (*column).clone());
            self.retyped.contains(&column) || self.columns.contains(&column)
        })
    }
}

/// True where labels were only added.
pub(super) fn only_adds(from: &Enum, to: &Enum) -> bool {
    let mut wanted = to.labels.iter();
    from.labels.iter().all(|label| wanted.any(|it| it == label))
}

/// True where `ALTER DOMAIN` cannot do it: another base type, or new demands while a column holds
/// arrays of the domain, which PostgreSQL does not look into.
fn other_domain(name: &QualifiedName, from: &Domain, to: &Domain, catalog: &Catalog) -> bool {
    if from.base != to.base || from.collation != to.collation {
        return true;
    }
    let demands = to.not_null && !from.not_null
        || to.checks.iter().any(|(name, check)| {
            let before = from.checks.get(name);
            before.is_none_or(|before| before != check)
        });
    let in_array = |column: &Column| {
        column.type_name.as_ref() == Some(name) && column.data_type.ends_with("[]")
    };
    let mut tables = catalog.tables.values();
    demands && tables.any(|table| table.columns.iter().any(in_array))
}

fn other_type(from: &Column, to: &Column) -> bool {
    from.data_type != to.data_type
        || from.collation != to.collation
        || from.type_name != to.type_name
}

/// True where a column becomes a generated one, or another generated one.
fn other_generated(from: &Column, to: &Column) -> bool {
    let differs = from.generation != to.generation || other_type(from, to);
    // What is computed when it is read has no values to keep.
    match (&from.generation, &to.generation) {
        (_, Generation::Stored(_)) => differs,
        (Generation::Virtual(_), Generation::Virtual(_)) => other_type(from, to),
        (Generation::Virtual(_), _) | (_, Generation::Virtual(_)) => true,
        _ => false,
    }
}
