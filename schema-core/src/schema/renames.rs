//! S008, S009: what `renamed_from` says, and where it cannot be true.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::{Renames, Schema, SchemaError, item_place, line_place, qualified, renamed_from};
use crate::def::TableDef;
use crate::diagnostic::Place;
use crate::ident::{Ident, QualifiedName};

/// A name, the one that it had, and its place: what all kinds of renames are checked by.
type Named<T> = (T, Option<T>, Place);

pub(super) fn check(schema: &Schema<'_>) -> Vec<SchemaError> {
    let mut errors = check_kind("table", &tables(schema));
    errors.extend(check_kind("type", &types(schema)));
    for it in schema.enums.values() {
        let place = || item_place(&it.source, String::new());
        let labels: Vec<_> = it
            .labels
            .iter()
            .map(|(label, old)| (*label, *old, place()))
            .collect();
        errors.extend(check_kind("enum value", &labels));
    }
    for table in schema.tables.values() {
        errors.extend(check_kind("column", &columns(table)));
        errors.extend(check_kind("constraint", &constraints(table)));
        errors.extend(check_kind("index", &indexes(table)));
    }
    errors
}

/// Every rename that the source says.
pub(super) fn collect(schema: &Schema<'_>) -> Renames {
    let mut renames = Renames {
        tables: said(tables(schema)).collect(),
        types: said(types(schema)).collect(),
        ..Renames::default()
    };
    for (name, it) in &schema.enums {
        for (label, old) in it.labels {
            if let Some(old) = old {
                let key = (name.clone(), (*label).to_owned());
                renames.labels.insert(key, (*old).to_owned());
            }
        }
    }
    for (name, table) in &schema.tables {
        let part = |(new, old): (&str, &str)| ((name.clone(), Ident::from(new)), Ident::from(old));
        renames.columns.extend(said(columns(table)).map(part));
        renames
            .constraints
            .extend(said(constraints(table)).map(part));
        renames.indexes.extend(said(indexes(table)).map(part));
    }
    renames
}

fn said<T>(named: Vec<Named<T>>) -> impl Iterator<Item = (T, T)> {
    named
        .into_iter()
        .filter_map(|(new, old, _)| old.map(|old| (new, old)))
}

fn tables(schema: &Schema<'_>) -> Vec<Named<QualifiedName>> {
    let named = schema.tables.iter().map(|(name, table)| {
        let old = table.renamed_from.map(|old| renamed_from(name, old));
        (name.clone(), old, item_place(&table.source, String::new()))
    });
    named.collect()
}

fn types(schema: &Schema<'_>) -> Vec<Named<QualifiedName>> {
    let enums = schema.enums.values();
    let enums = enums.map(|it| (it.name, it.renamed_from, &it.source));
    let domains = schema.domains.values();
    let domains = domains.map(|it| (it.name, it.renamed_from, &it.source));
    let named = enums.chain(domains).map(|(name, old, source)| {
        let name = qualified(name);
        let old = old.map(|old| renamed_from(&name, old));
        (name, old, item_place(source, String::new()))
    });
    named.collect()
}

fn columns<'a>(table: &TableDef<'a>) -> Vec<Named<&'a str>> {
    let columns = table.columns.iter();
    let named = columns.map(|it| (it.name, it.renamed_from, part_place(table, it.line)));
    named.collect()
}

fn constraints<'a>(table: &TableDef<'a>) -> Vec<Named<&'a str>> {
    let keys = table.primary_key.iter().chain(table.uniques);
    let keys = keys.map(|it| (it.name, it.renamed_from, it.line));
    let foreign = table.foreign_keys.iter();
    let foreign = foreign.map(|it| (it.name, it.renamed_from, it.line));
    let checks = table.checks.iter();
    let checks = checks.map(|it| (it.name, it.renamed_from, it.line));
    let excludes = table.excludes.iter();
    let excludes = excludes.map(|it| (it.name, it.renamed_from, it.line));
    keys.chain(foreign)
        .chain(checks)
        .chain(excludes)
        .map(|(name, old, line)| (name, old, part_place(table, line)))
        .collect()
}

fn indexes<'a>(table: &TableDef<'a>) -> Vec<Named<&'a str>> {
    let indexes = table.indexes.iter();
    let named = indexes.map(|it| (it.name, it.renamed_from, part_place(table, it.line)));
    named.collect()
}

fn part_place(table: &TableDef<'_>, line: u32) -> Place {
    line_place(&table.source, line, String::new())
}

fn check_kind<T: Ord + Display>(kind: &'static str, named: &[Named<T>]) -> Vec<SchemaError> {
    let live: BTreeMap<&T, &Place> = named.iter().map(|(name, _, place)| (name, place)).collect();
    let mut claimed: BTreeMap<&T, (&T, &Place)> = BTreeMap::new();
    let mut errors = Vec::new();
    for (new, old, place) in named {
        let Some(old) = old else { continue };
        if let Some(live) = live.get(old) {
            errors.push(SchemaError::RenamedFromLive {
                kind,
                new: new.to_string(),
                old: old.to_string(),
                place: place.clone(),
                live: (*live).clone(),
            });
        } else if let Some((first, first_place)) = claimed.insert(old, (new, place)) {
            errors.push(SchemaError::RenamedFromTwice {
                kind,
                first: first.to_string(),
                second: new.to_string(),
                old: old.to_string(),
                places: vec![first_place.clone(), place.clone()],
            });
        }
    }
    errors
}
