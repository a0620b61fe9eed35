//! What goes, if only for a moment, and which objects go with it.

use super::{Rebuild, note};
use crate::catalog::{Catalog, Part};
use crate::diff::Changes;
use crate::ident::{Ident, QualifiedName};
use crate::plan::constraint::in_place;
use crate::plan::index::same_index;

impl Rebuild {
    /// Objects that are part of what goes, or use it.
    pub(super) fn spread_objects(&mut self, changes: &Changes<'_>, more: &mut bool) {
        let (from, to) = (changes.from, changes.to);
        for (id, object) in &from.objects {
            if self.objects.contains(id) || !to.objects.contains_key(id) {
                continue;
            }
            let part = Part::Object(id.clone());
            let goes = |of: &Part| match of {
                // It keeps what is said of it, whatever its type.
                Part::Column(table, name) => {
                    let key = (table.clone(), name.clone());
                    !self.retyped.contains(&key) && self.loses(of, from, to)
                }
                of => self.loses(of, from, to),
            };
            let mut used = from.dependencies.of(&part);
            if used.any(|used| self.loses(used, from, to)) || object.of.as_ref().is_some_and(goes) {
                note(&mut self.objects, id.clone(), more);
            }
        }
    }

    /// True where nothing can use this part of the old side all the time: it goes, if only for a
    /// moment, or becomes something else.
    pub(in crate::plan) fn loses(&self, part: &Part, from: &Catalog, to: &Catalog) -> bool {
        let column = |table: &QualifiedName, column: &Ident| {
            let key = (table.clone(), column.clone());
            let after = to.tables.get(table);
            let after = after.and_then(|table| table.column(column.as_str()));
            self.columns.contains(&key)
                || self.retyped.contains(&key)
                || self.remade.contains(table)
                || after.is_none()
        };
        match part {
            Part::Schema(name) => !to.schemas.contains_key(name),
            Part::Extension(name) => !to.extensions.contains_key(name),
            Part::Type(name) | Part::Aside(name) => {
                self.types.contains(name)
                    || !to.enums.contains_key(name) && !to.domains.contains_key(name)
            }
            Part::Sequence(name) => !to.sequences.contains_key(name),
            Part::Table(name) => self.remade.contains(name) || !to.tables.contains_key(name),
            Part::Column(table, name) | Part::NotNull(table, name) => column(table, name),
            Part::Constraint(table, name) => {
                let key = (table.clone(), name.clone());
                let constraint = |catalog: &Catalog| {
                    let table = catalog.tables.get(table)?;
                    table.constraints.get(name).cloned()
                };
                let stays = match (constraint(from), constraint(to)) {
                    (Some(from), Some(to)) => in_place(name, &from, &to).is_some(),
                    _ => self.renamed_constraints.contains(&key),
                };
                !stays || self.constraints.contains(&key)
            }
            Part::Index(index) => {
                let found = |catalog: &Catalog| {
                    let mut tables = catalog.tables.iter();
                    tables.find_map(|(table, it)| {
                        let same = table.schema == index.schema;
                        let definition = it.indexes.get(&index.name).filter(|_| same)?;
                        Some((table.clone(), definition.clone()))
                    })
                };
                match (found(from), found(to)) {
                    (Some((table, from)), Some((_, to))) => {
                        !same_index(&from, &to)
                            || self.indexes.contains(&(table, index.name.clone()))
                    }
                    (Some((table, _)), None) => {
                        !self.renamed_indexes.contains(&(table, index.name.clone()))
                    }
                    (None, _) => false,
                }
            }
            Part::Key(..) => false,
            Part::Object(id) => self.objects.contains(id) || !to.objects.contains_key(id),
        }
    }
}
