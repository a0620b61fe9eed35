//! S007: foreign keys in a cycle that leaves no table to insert into first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Schema, SchemaError, line_place, qualified};
use crate::def::{DeferrableDef, ForeignKeyDef, TableDef};
use crate::diagnostic::Place;
use crate::ident::QualifiedName;

/// A foreign key blocks if a row has to have its referenced row when it is inserted. One that is
/// deferrable, or whose columns may be NULL, does not; nor does one to the same table, where a
/// row can reference itself.
type Blocking<'a> = BTreeMap<&'a QualifiedName, BTreeMap<&'a QualifiedName, Place>>;

/// One error for each group of tables that wait for each other, with a shortest cycle in it.
pub(super) fn check(schema: &Schema<'_>) -> Vec<SchemaError> {
    let blocking = without_leaves(blocking(schema));
    let mut reported = BTreeSet::new();
    let mut errors = Vec::new();
    for start in blocking.keys() {
        if reported.contains(start) {
            continue;
        }
        let Some(cycle) = shortest_cycle(&blocking, start) else {
            continue;
        };
        // Everything on a cycle with `start` is the same trouble.
        let reach = reachable(&blocking, start);
        reported.extend(
            reach
                .iter()
                .copied()
                .filter(|table| reachable(&blocking, table).contains(start)),
        );
        let next = cycle.iter().cycle().skip(1);
        let places = cycle.iter().zip(next);
        errors.push(SchemaError::Cycle {
            places: places
                .map(|(from, to)| blocking[from][to].clone())
                .collect(),
            tables: cycle.into_iter().cloned().collect(),
        });
    }
    errors
}

fn blocking<'a>(schema: &'a Schema<'_>) -> Blocking<'a> {
    let mut edges = Blocking::new();
    for (name, table) in schema.tables.iter().filter(|(_, table)| table.managed) {
        for key in table.foreign_keys.iter().filter(|key| blocks(table, key)) {
            let Some((target, _)) = schema.tables.get_key_value(&qualified(key.references)) else {
                continue;
            };
            if target != name {
                let label = format!("`{name}` references `{target}`");
                let place = line_place(&table.source, key.line, label);
                edges
                    .entry(name)
                    .or_default()
                    .entry(target)
                    .or_insert(place);
            }
        }
    }
    edges
}

/// Takes away, again and again, the tables that wait for no other: nothing is left of a schema
/// without a cycle, so that the search for one costs nothing there.
fn without_leaves(mut edges: Blocking<'_>) -> Blocking<'_> {
    let mut waiting: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (from, to) in &edges {
        for to in to.keys() {
            waiting.entry(*to).or_default().push(*from);
        }
    }
    let mut leaves: Vec<_> = waiting.keys().copied().collect();
    leaves.retain(|table| !edges.contains_key(table));
    while let Some(leaf) = leaves.pop() {
        for table in waiting.get(leaf).into_iter().flatten() {
            let Some(targets) = edges.get_mut(table) else {
                continue;
            };
            targets.remove(leaf);
            if targets.is_empty() {
                edges.remove(table);
                leaves.push(table);
            }
        }
    }
    edges
}

fn blocks(table: &TableDef<'_>, key: &ForeignKeyDef<'_>) -> bool {
    let nullable = |name: &&str| {
        let column = table.columns.iter().find(|column| column.name == *name);
        column.is_some_and(|column| column.nullable)
    };
    let may_be_null = if key.match_full {
        key.columns.iter().all(nullable)
    } else {
        key.columns.iter().any(nullable)
    };
    key.deferrable == DeferrableDef::No && !may_be_null
}

/// Breadth first, so the cycle is a shortest one; its first table is `start`.
fn shortest_cycle<'a>(
    edges: &Blocking<'a>,
    start: &'a QualifiedName,
) -> Option<Vec<&'a QualifiedName>> {
    let mut came_from = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(table) = queue.pop_front() {
        for next in edges.get(table).into_iter().flat_map(BTreeMap::keys) {
            if *next == start {
                let mut cycle = vec![table];
                while let Some(before) = came_from.get(cycle[cycle.len() - 1]) {
                    cycle.push(*before);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if !came_from.contains_key(next) {
                came_from.insert(*next, table);
                queue.push_back(next);
            }
        }
    }
    None
}

fn reachable<'a>(edges: &Blocking<'a>, start: &'a QualifiedName) -> BTreeSet<&'a QualifiedName> {
    let mut seen = BTreeSet::new();
    let mut stack = vec![start];
    while let Some(table) = stack.pop() {
        for next in edges.get(table).into_iter().flat_map(BTreeMap::keys) {
            if seen.insert(*next) {
                stack.push(next);
            }
        }
    }
    seen
}
