//! What is made again in a parent is made again in its children, by the parent's steps.

use super::{Rebuild, note};
use crate::diff::Changes;
use crate::ident::{Ident, QualifiedName};
use crate::plan::family::Family;
use crate::plan::inherit::is_passed_on;

impl Rebuild {
    /// Columns that are made again with those of a parent; true where that is new.
    pub(super) fn inherit(&mut self, family: Option<&Family>) -> bool {
        let mut more = false;
        for set in [&mut self.columns, &mut self.retyped] {
            let children = family.iter().flat_map(|family| {
                set.iter().flat_map(|(table, column)| {
                    let children = family.descendants(table).into_iter();
                    children.map(|child| (child.clone(), column.clone()))
                })
            });
            for column in children.collect::<Vec<_>>() {
                note(set, column, &mut more);
            }
        }
        more
    }

    /// What a child has from its parent is taken away and made again there.
    pub(super) fn forget_inherited(&mut self, changes: &Changes<'_>, family: &Family) {
        let inherited = |(table, column): &(QualifiedName, Ident)| {
            let tables = changes.from.tables.get(table);
            let column = tables.and_then(|it| it.column(column.as_str()));
            column.is_some_and(|it| it.inherited) && family.is_child(table)
        };
        self.columns.retain(|it| !inherited(it));
        self.retyped.retain(|it| !inherited(it));
        self.constraints.retain(|(table, name)| {
            let tables = changes.from.tables.get(table);
            let constraint = tables.and_then(|it| it.constraints.get(name));
            !constraint.is_some_and(|it| it.inherited && is_passed_on(it))
                || !family.is_child(table)
        });
    }
}
