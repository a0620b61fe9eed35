//! Renames: said by the user, never guessed.

use std::collections::BTreeMap;
use std::fmt;

use crate::catalog::{Catalog, Table};
use crate::ident::{Ident, QualifiedName};
use crate::schema::Renames;

impl Renames {
    /// Says one more.
    pub fn insert(&mut self, rename: Rename) {
        match rename {
            Rename::Table { from, to } => _ = self.tables.insert(to, from),
            Rename::Type { from, to, .. } => _ = self.types.insert(to, from),
            Rename::Label { r#enum, from, to } => _ = self.labels.insert((r#enum, to), from),
            Rename::Column { table, from, to } => _ = self.columns.insert((table, to), from),
            Rename::Constraint { table, from, to } => {
                self.constraints.insert((table, to), from);
            }
            Rename::Index { table, from, to } => _ = self.indexes.insert((table, to), from),
        }
    }
}

/// One rename that is to be done. Tables and types are called by their new names in those that
/// follow theirs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the fields say it: what, from which name, to which"
)]
pub enum Rename {
    /// A table, or its move to another schema.
    Table {
        from: QualifiedName,
        to: QualifiedName,
    },
    /// An enum or domain, or its move to another schema.
    Type {
        from: QualifiedName,
        to: QualifiedName,
        domain: bool,
    },
    /// A label of an enum.
    Label {
        r#enum: QualifiedName,
        from: String,
        to: String,
    },
    /// A column.
    Column {
        table: QualifiedName,
        from: Ident,
        to: Ident,
    },
    /// A constraint.
    Constraint {
        table: QualifiedName,
        from: Ident,
        to: Ident,
    },
    /// An index.
    Index {
        table: QualifiedName,
        from: Ident,
        to: Ident,
    },
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table { from, to } => write!(f, "rename table {from} to {to}"),
            Self::Type { from, to, .. } => write!(f, "rename type {from} to {to}"),
            Self::Label {
                r#enum: name,
                from,
                to,
            } => write!(f, "rename value '{from}' of enum {name} to '{to}'"),
            Self::Column { table, from, to } => write!(f, "rename column {table}.{from} to {to}"),
            Self::Constraint { table, from, to } => {
                write!(f, "rename constraint {from} of table {table} to {to}")
            }
            Self::Index { table, from, to } => {
                write!(f, "rename index {from} of table {table} to {to}")
            }
        }
    }
}

/// The renames that are still to be done on `from`: the old name exists there and the new one
/// does not. All others are history and ignored.
///
/// Expressions elsewhere mention the old names. So run these on a copy of the current state,
/// introspect that again, and diff the result: PostgreSQL rewrites the expressions, not we.
pub fn renames_to_apply(from: &Catalog, to: &Catalog, renames: &Renames) -> Vec<Rename> {
    let mut found = Vec::new();
    for (new, old) in &renames.types {
        let has = |name| from.enums.contains_key(name) || from.domains.contains_key(name);
        let wanted = to.enums.contains_key(new) || to.domains.contains_key(new);
        if wanted && has(old) && !has(new) {
            found.push(Rename::Type {
                from: old.clone(),
                to: new.clone(),
                domain: from.domains.contains_key(old),
            });
        }
    }
    for ((name, new), old) in &renames.labels {
        let before = renames.types.get(name).unwrap_or(name);
        let labels = from.enums.get(before).or_else(|| from.enums.get(name));
        let labels = labels.map_or(&[][..], |it| &it.labels);
        let wanted = to.enums.get(name).is_some_and(|it| it.labels.contains(new));
        if wanted && labels.contains(old) && !labels.contains(new) {
            found.push(Rename::Label {
                r#enum: name.clone(),
                from: old.clone(),
                to: new.clone(),
            });
        }
    }
    for (new, old) in &renames.tables {
        let has = |name| from.tables.contains_key(name);
        if to.tables.contains_key(new) && has(old) && !has(new) {
            found.push(Rename::Table {
                from: old.clone(),
                to: new.clone(),
            });
        }
    }
    let table_before = |name: &QualifiedName| {
        let old = renames.tables.get(name);
        from.tables
            .get(name)
            .or_else(|| old.and_then(|old| from.tables.get(old)))
    };
    let parts = |said: &BTreeMap<(QualifiedName, Ident), Ident>,
                 has: fn(&Table, &Ident) -> bool,
                 rename: fn(QualifiedName, Ident, Ident) -> Rename| {
        said.iter()
            .filter(|((table, new), old)| {
                let wanted = to.tables.get(table).is_some_and(|it| has(it, new));
                let before = table_before(table);
                wanted && before.is_some_and(|it| has(it, old) && !has(it, new))
            })
            .map(|((table, new), old)| rename(table.clone(), old.clone(), new.clone()))
            .collect::<Vec<_>>()
    };
    found.extend(parts(
        &renames.columns,
        |table, name| table.column(name.as_str()).is_some(),
        |table, from, to| Rename::Column { table, from, to },
    ));
    found.extend(parts(
        &renames.constraints,
        |table, name| table.constraints.contains_key(name),
        |table, from, to| Rename::Constraint { table, from, to },
    ));
    found.extend(parts(
        &renames.indexes,
        |table, name| table.indexes.contains_key(name),
        |table, from, to| Rename::Index { table, from, to },
    ));
    found
}
