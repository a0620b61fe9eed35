//! Orders that only read better.

use std::collections::BTreeMap;

use super::step::{self, Class, Group, Part, Step};
use crate::ddl::{Ddl, TableDdl};
use crate::graph::Graph;
use crate::ident::QualifiedName;

/// A table comes after those that it references, and goes before them: so its foreign keys can be
/// part of `CREATE TABLE`, and go with `DROP TABLE`.
pub(super) fn inline_foreign_keys(steps: &[Step], graph: &mut Graph<Group, u8>) {
    let places = |wanted: fn(&TableDdl) -> Option<&QualifiedName>| {
        let steps = steps.iter().enumerate();
        let found = steps.filter_map(move |(place, step)| match &step.ddl {
            Ddl::Table(ddl) => Some((wanted(ddl)?, place)),
            _ => None,
        });
        found.collect::<BTreeMap<_, _>>()
    };
    let created = places(|ddl| match ddl {
        TableDdl::Create { name, .. } => Some(name),
        _ => None,
    });
    let dropped = places(|ddl| match ddl {
        TableDdl::Drop(name) | TableDdl::DropForeign(name) => Some(name),
        _ => None,
    });
    for step in steps {
        let (table, parts) = match &step.ddl {
            Ddl::Table(TableDdl::Alter { name, .. }) => {
                (name, step.needs.iter().chain(&step.frees))
            }
            _ => continue,
        };
        for part in parts {
            let Part::Table(other) = part else { continue };
            if let (Some(first), Some(then)) = (created.get(other), created.get(table)) {
                graph.should(*first, *then);
            }
            if let (Some(first), Some(then)) = (dropped.get(table), dropped.get(other)) {
                graph.should(*first, *then);
            }
        }
    }
}

/// What one table loses and gains is best one statement: its additions wait until all that goes
/// can go.
pub(super) fn one_statement(steps: &[Step], graph: &mut Graph<Group, u8>) {
    let mut drops: BTreeMap<&Group, Vec<usize>> = BTreeMap::new();
    let loses = step::DROP_FOREIGN_KEY..step::SET_TYPE;
    let gains = step::SET_TYPE..step::ADD_FOREIGN_KEY;
    for (place, step) in steps.iter().enumerate() {
        // What has a successor waits for it, if that takes other statements.
        let waits = !step.successors.is_empty();
        if step.group.0 == Class::Table && loses.contains(&step.place) && !waits {
            drops.entry(&step.group).or_default().push(place);
        }
    }
    for (place, step) in steps.iter().enumerate() {
        if gains.contains(&step.place) {
            for drop in drops.get(&step.group).into_iter().flatten() {
                graph.should(*drop, place);
            }
        }
    }
}
