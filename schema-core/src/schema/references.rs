//! S004, S005, S006: foreign keys that lead nowhere.

use std::collections::BTreeSet;

use super::{Schema, SchemaError, item_place, line_place, qualified};
use crate::def::{DeferrableDef, ElementKeyDef, ForeignKeyDef, KeyDef, TableDef};
use crate::ident::Ident;

pub(super) fn check(schema: &Schema<'_>) -> Vec<SchemaError> {
    let tables = schema.tables.values().filter(|table| table.managed);
    tables
        .flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)))
        .filter_map(|(table, key)| check_key(schema, table, key))
        .collect()
}

fn check_key(
    schema: &Schema<'_>,
    table: &TableDef<'_>,
    key: &ForeignKeyDef<'_>,
) -> Option<SchemaError> {
    let references = qualified(key.references);
    let table_name = qualified(table.name);
    let constraint = Ident::from(key.name);
    let place = line_place(&table.source, key.line, String::new());
    let Some(target) = schema.tables.get(&references) else {
        return Some(SchemaError::UnknownTable {
            table: table_name,
            constraint,
            references,
            place,
        });
    };
    let wanted: BTreeSet<&str> = key.referenced_columns.iter().copied().collect();
    let keys: Vec<&KeyDef<'_>> = target
        .primary_key
        .iter()
        .chain(target.uniques)
        .filter(|it| it.columns.iter().copied().collect::<BTreeSet<_>>() == wanted)
        .collect();
    let immediate = |it: &&KeyDef<'_>| it.deferrable == DeferrableDef::No;
    if keys.iter().any(immediate) || has_unique_index(target, &wanted) {
        return None;
    }
    Some(match keys.first() {
        Some(deferrable) => SchemaError::ReferenceDeferrable {
            table: table_name,
            constraint,
            references,
            key: Ident::from(deferrable.name),
            place,
            key_place: line_place(&target.source, deferrable.line, "the key".to_owned()),
        },
        None => SchemaError::ReferenceNotUnique {
            table: table_name,
            constraint,
            references,
            columns: key
                .referenced_columns
                .iter()
                .copied()
                .map(Ident::from)
                .collect(),
            place,
            referenced_place: item_place(&target.source, "the referenced table".to_owned()),
        },
    })
}

/// PostgreSQL also takes a unique index that is not a constraint, if it is on plain columns and
/// not partial.
fn has_unique_index(table: &TableDef<'_>, wanted: &BTreeSet<&str>) -> bool {
    table
        .indexes
        .iter()
        .filter(|index| index.unique && index.predicate.is_none())
        .any(|index| {
            let columns = index.elements.iter().map(|element| match element.key {
                ElementKeyDef::Column(name) => Some(name),
                ElementKeyDef::Expression(_) => None,
            });
            columns.collect::<Option<BTreeSet<_>>>().as_ref() == Some(wanted)
        })
}
