//! Foreign keys in a cycle that no row can be inserted into first: structs cannot say all of them.

use std::collections::{BTreeMap, BTreeSet};

use schema_core::catalog::{Catalog, Constraint, ConstraintKind, Deferrable, ForeignKey, Table};
use schema_core::ident::{Ident, QualifiedName};

/// The foreign keys without which there is no cycle, in a fixed order.
pub(super) fn openers(catalog: &Catalog) -> Vec<(QualifiedName, Ident)> {
    let mut edges: BTreeMap<&QualifiedName, Vec<(&QualifiedName, &Ident)>> = BTreeMap::new();
    let mut openers = Vec::new();
    for (name, table) in &catalog.tables {
        for (constraint, it) in &table.constraints {
            let Some(key) = blocking(name, table, it) else {
                continue;
            };
            // What would lead back is left out, so that there never is a cycle.
            if reaches(&edges, &key.references, name) {
                openers.push((name.clone(), constraint.clone()));
            } else {
                edges
                    .entry(name)
                    .or_default()
                    .push((&key.references, constraint));
            }
        }
    }
    openers
}

/// A foreign key whose row has to be there before.
fn blocking<'a>(name: &QualifiedName, table: &Table, it: &'a Constraint) -> Option<&'a ForeignKey> {
    let ConstraintKind::ForeignKey(key) = &it.kind else {
        return None;
    };
    let needed = |column: &Ident| table.column(column.as_str()).is_some_and(|it| it.not_null);
    let blocks = it.deferrable == Deferrable::No
        && key.references != *name
        && key.columns.iter().all(needed);
    blocks.then_some(key)
}

fn reaches(
    edges: &BTreeMap<&QualifiedName, Vec<(&QualifiedName, &Ident)>>,
    from: &QualifiedName,
    to: &QualifiedName,
) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(table) = next.pop() {
        if table == to {
            return true;
        }
        if seen.insert(table) {
            next.extend(
                edges
                    .get(table)
                    .into_iter()
                    .flatten()
                    .map(|(table, _)| *table),
            );
        }
    }
    false
}
