//! What the source says about the way to the desired state, and where it says things.

use std::collections::{BTreeMap, BTreeSet};

use super::{DeclaredRows, Schema, item_place, line_place, renames, rows, sql_text};
use crate::def::TableDef;
use crate::diagnostic::Place;
use crate::ident::{Ident, QualifiedName};

/// What a catalog cannot hold, but the planner and messages need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// `renamed_from`, also of renames that were done long ago.
    pub renames: Renames,
    /// `using`: conversions for changes of a column's type.
    pub using: BTreeMap<(QualifiedName, Ident), String>,
    /// `backfill`: values for rows that exist when a column becomes NOT NULL.
    pub backfill: BTreeMap<(QualifiedName, Ident), String>,
    /// `ignore_columns`: columns of the database that a table leaves alone.
    pub ignored_columns: BTreeMap<QualifiedName, BTreeSet<Ident>>,
    /// `managed = false`: tables that are only there to be referenced.
    pub unmanaged: BTreeSet<QualifiedName>,
    /// `rows`: what tables of configuration hold.
    pub rows: BTreeMap<QualifiedName, DeclaredRows>,
    /// Whether the source says anything beside tables and simple types. If it does, it says all: an
    /// object that it does not declare goes.
    pub declares_objects: bool,
    /// Where each object stands in the source.
    pub sources: BTreeMap<ObjectKey, Place>,
}

/// What the user says was renamed, each from its new name to its old one.
///
/// A table may change its schema too. Names of the objects of a table go with its new name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// Tables.
    pub tables: BTreeMap<QualifiedName, QualifiedName>,
    /// Columns, by table and name.
    pub columns: BTreeMap<(QualifiedName, Ident), Ident>,
    /// Enums and domains.
    pub types: BTreeMap<QualifiedName, QualifiedName>,
    /// Labels of enums, by type and label.
    pub labels: BTreeMap<(QualifiedName, String), String>,
    /// Constraints, by table and name.
    pub constraints: BTreeMap<(QualifiedName, Ident), Ident>,
    /// Indexes, by table and name.
    pub indexes: BTreeMap<(QualifiedName, Ident), Ident>,
}

/// An object that has a place in the source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectKey {
    /// A schema that is declared.
    Schema(Ident),
    /// An extension.
    Extension(Ident),
    /// An enum or domain.
    Type(QualifiedName),
    /// A table.
    Table(QualifiedName),
    /// A column of a table.
    Column(QualifiedName, Ident),
    /// The default or generation expression of a column of a table.
    Expression(QualifiedName, Ident),
    /// A constraint of a table or domain.
    Constraint(QualifiedName, Ident),
    /// An index of a table.
    Index(QualifiedName, Ident),
}

impl Hints {
    /// Where an object stands in the source; of a part that has no place of its own, where the
    /// whole stands.
    pub fn place(&self, key: &ObjectKey) -> Option<&Place> {
        self.sources.get(key).or_else(|| match key {
            ObjectKey::Expression(table, column) => {
                self.place(&ObjectKey::Column(table.clone(), column.clone()))
            }
            ObjectKey::Column(whole, _)
            | ObjectKey::Constraint(whole, _)
            | ObjectKey::Index(whole, _) => self
                .sources
                .get(&ObjectKey::Table(whole.clone()))
                .or_else(|| self.sources.get(&ObjectKey::Type(whole.clone()))),
            ObjectKey::Schema(_)
            | ObjectKey::Extension(_)
            | ObjectKey::Type(_)
            | ObjectKey::Table(_) => None,
        })
    }
}

impl Schema<'_> {
    /// What the source says about the way to this schema.
    pub fn hints(&self) -> Hints {
        let mut hints = Hints {
            renames: renames::collect(self),
            rows: rows::collect(self),
            ..Hints::default()
        };
        for (name, it) in &self.schemas {
            let place = item_place(&it.source, format!("schema `{name}`"));
            hints.sources.insert(ObjectKey::Schema(name.clone()), place);
        }
        for (name, it) in &self.extensions {
            let place = item_place(&it.source, format!("extension `{name}`"));
            hints
                .sources
                .insert(ObjectKey::Extension(name.clone()), place);
        }
        for (name, it) in &self.enums {
            let place = item_place(&it.source, format!("enum `{}`", it.source.item));
            hints.sources.insert(ObjectKey::Type(name.clone()), place);
        }
        for (name, it) in &self.composites {
            let place = item_place(&it.source, format!("struct `{}`", it.source.item));
            hints.sources.insert(ObjectKey::Type(name.clone()), place);
        }
        for (name, it) in &self.views {
            let place = item_place(&it.source, format!("struct `{}`", it.source.item));
            hints.sources.insert(ObjectKey::Table(name.clone()), place);
        }
        hints.declares_objects = !(self.composites.is_empty()
            && self.views.is_empty()
            && self.attached.is_empty()
            && self.statements.is_empty());
        for (name, it) in &self.domains {
            let place = item_place(&it.source, format!("domain `{}`", it.source.item));
            hints.sources.insert(ObjectKey::Type(name.clone()), place);
            for (check, sql) in it.checks {
                let place = line_place(&it.source, sql.line, format!("check `{check}`"));
                let key = ObjectKey::Constraint(name.clone(), Ident::from(*check));
                hints.sources.insert(key, place);
            }
        }
        for (name, table) in &self.tables {
            add_table(&mut hints, name, table);
        }
        hints
    }
}

fn add_table(hints: &mut Hints, name: &QualifiedName, table: &TableDef<'_>) {
    if !table.managed {
        hints.unmanaged.insert(name.clone());
    }
    if !table.ignore_columns.is_empty() {
        let ignored = table.ignore_columns.iter().copied().map(Ident::from);
        hints
            .ignored_columns
            .insert(name.clone(), ignored.collect());
    }
    let place = item_place(&table.source, format!("struct `{}`", table.source.item));
    hints.sources.insert(ObjectKey::Table(name.clone()), place);
    for column in table.columns {
        let key = (name.clone(), Ident::from(column.name));
        if let Some(using) = &column.using {
            hints.using.insert(key.clone(), sql_text(using));
        }
        if let Some(backfill) = &column.backfill {
            hints.backfill.insert(key.clone(), sql_text(backfill));
        }
        let field = format!("field `{}::{}`", table.source.item, column.field);
        if let Some(sql) = column.default.or(column.generated) {
            let place = line_place(&table.source, sql.line, field.clone());
            let key = ObjectKey::Expression(key.0.clone(), key.1.clone());
            hints.sources.insert(key, place);
        }
        let place = line_place(&table.source, column.line, field);
        let key = ObjectKey::Column(key.0, key.1);
        hints.sources.insert(key, place);
    }
    let keys = table.primary_key.iter().chain(table.uniques);
    let keys = keys.map(|it| (it.name, it.line));
    let foreign = table.foreign_keys.iter().map(|it| (it.name, it.line));
    let checks = table.checks.iter().map(|it| (it.name, it.line));
    let excludes = table.excludes.iter().map(|it| (it.name, it.line));
    for (part, line) in keys.chain(foreign).chain(checks).chain(excludes) {
        let place = line_place(&table.source, line, format!("constraint `{part}`"));
        let key = ObjectKey::Constraint(name.clone(), Ident::from(part));
        hints.sources.insert(key, place);
    }
    for index in table.indexes {
        let place = line_place(&table.source, index.line, format!("index `{}`", index.name));
        let key = ObjectKey::Index(name.clone(), Ident::from(index.name));
        hints.sources.insert(key, place);
    }
}
