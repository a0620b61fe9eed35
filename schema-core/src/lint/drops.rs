//! What was dropped of that which was there: indexes, rows, and what CASCADE takes along.

use std::collections::BTreeMap;

use crate::ident::{Ident, QualifiedName};
use crate::observe::{Dropped, Index, Oid, Relation, Step, class};
use crate::rule::Steps;

/// A table or column that is gone with what was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// The table.
    pub(super) table: QualifiedName,
    /// The column, if it is one.
    pub(super) column: Option<Ident>,
    /// Whether a new table has the same name.
    pub(super) again: bool,
}

/// Tables as they were at the base, as far as they were touched.
pub(super) fn at_base<'a>(steps: &Steps<'a>) -> BTreeMap<Oid, &'a Relation> {
    let mut base: BTreeMap<Oid, &Relation> = BTreeMap::new();
    for step in steps.steps {
        for (oid, relation) in &step.effects.before.relations {
            base.entry(*oid).or_insert(relation);
        }
    }
    base
}

/// Tables and columns that statements name and drop, with their steps.
pub(super) fn dropped_with_rows(steps: &Steps<'_>) -> impl Iterator<Item = (usize, Lost)> {
    let base = at_base(steps);
    let mut lost = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let named = step
            .effects
            .dropped
            .iter()
            .filter(|it| it.named && it.is_old);
        for it in named.filter(|it| it.class == class::RELATION) {
            let Some(table) = base.get(&it.object).filter(|it| it.is_table()) else {
                continue;
            };
            let number = i16::try_from(it.part).unwrap_or_default();
            let column = table.column(number).map(|column| column.name.clone());
            // A column that the new files themselves added has nothing in it.
            if number != 0 && column.is_none() {
                continue;
            }
            let mut later = steps.steps[place..]
                .iter()
                .flat_map(|it| &it.effects.commands);
            let again = later.any(|command| {
                let makes = command.tag.starts_with("CREATE TABLE") || command.tag == "SELECT INTO";
                makes && !command.is_old && command.identity == it.identity
            });
            let table = table.qualified();
            let again = number == 0 && again;
            lost.push((
                place,
                Lost {
                    table,
                    column,
                    again,
                },
            ));
        }
    }
    lost.into_iter()
}

/// Indexes that a statement names and drops, with their tables.
pub(super) fn dropped_indexes(step: &Step) -> impl Iterator<Item = (&Relation, &Index)> {
    let effects = &step.effects;
    let dropped = effects.dropped.iter();
    let named = dropped.filter(|it| it.named && it.is_old && it.kind == "index");
    named.filter_map(|it| {
        let mut tables = effects.before.relations.values();
        tables.find_map(|table| {
            let mut indexes = table.indexes.iter();
            Some((table, indexes.find(|index| index.oid == it.object)?))
        })
    })
}

/// What CASCADE takes along: what is neither named nor a part of what is.
pub(super) fn taken_along(step: &Step) -> Vec<&Dropped> {
    let dropped = &step.effects.dropped;
    let relations = &step.effects.before.relations;
    let gone = |oid: Oid| step.effects.drops(class::RELATION, oid, 0);
    let named: Vec<&Dropped> = dropped.iter().filter(|it| it.named).collect();
    let any_is = |kinds: &[&str]| named.iter().any(|it| kinds.contains(&it.kind.as_str()));
    let is_partition = |it: &Relation| it.partition_bound.is_some();
    let taken = dropped
        .iter()
        .filter(|it| !it.named && it.is_old)
        .filter(|it| match it.kind.as_str() {
            "view" | "materialized view" | "foreign table" | "table column" => true,
            "table" => !relations.get(&it.object).is_some_and(is_partition),
            "function" | "procedure" | "aggregate" => !any_is(&["extension"]),
            "table constraint" => {
                let has = |table: &&Relation| table.constraints.iter().any(|c| c.oid == it.object);
                let owner = relations.values().find(has);
                owner.is_some_and(|owner| {
                    let own = named
                        .iter()
                        .any(|it| it.class == class::RELATION && it.object == owner.oid);
                    !own && !gone(owner.oid) && !is_partition(owner)
                })
            }
            "trigger" => any_is(&["function"]),
            "default value" => any_is(&["sequence", "function", "type"]),
            _ => false,
        });
    taken.collect()
}
