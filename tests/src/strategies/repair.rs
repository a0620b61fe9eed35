//! Makes a catalog valid again: what lost its ground goes.

use std::collections::BTreeSet;

use schema_core::catalog::{
    Catalog, Constraint, ConstraintKind, ForeignKey, Generation, Persistence, Table,
};
use schema_core::ident::{Ident, QualifiedName, literal};

use super::constraints::keys;
use super::types::{Family, Type};

/// Removes what names something that is not there, until nothing does.
pub(super) fn repair(catalog: &mut Catalog) {
    loop {
        let before = catalog.clone();
        repair_types(catalog);
        repair_columns(catalog);
        repair_sequences(catalog);
        repair_constraints(catalog);
        repair_properties(catalog);
        if *catalog == before {
            return;
        }
    }
}

fn repair_types(catalog: &mut Catalog) {
    let known: BTreeSet<QualifiedName> = {
        let enums = catalog.enums.keys();
        enums.chain(catalog.domains.keys()).cloned().collect()
    };
    let exists = |name: &Option<QualifiedName>| name.as_ref().is_none_or(|it| known.contains(it));
    catalog
        .domains
        .retain(|_, domain| exists(&domain.base_name));
    for table in catalog.tables.values_mut() {
        table.columns.retain(|column| exists(&column.type_name));
    }
}

fn repair_columns(catalog: &mut Catalog) {
    let sequences: BTreeSet<String> = {
        let names = catalog.sequences.keys();
        names.map(nextval).collect()
    };
    for table in catalog.tables.values_mut() {
        let names: Vec<Ident> = table.columns.iter().map(|it| it.name.clone()).collect();
        table.columns.retain(|column| match &column.generation {
            Generation::Stored(expression) | Generation::Virtual(expression) => {
                names.iter().any(|name| mentions(expression, name))
            }
            _ => true,
        });
        for column in &mut table.columns {
            match &column.generation {
                Generation::Default(value)
                    if value.starts_with("nextval(") && !sequences.contains(value) =>
                {
                    column.generation = Generation::None;
                }
                Generation::Identity(_) => column.not_null = true,
                _ => {}
            }
        }
    }
}

fn repair_sequences(catalog: &mut Catalog) {
    let tables = &catalog.tables;
    catalog.sequences.retain(|name, sequence| {
        sequence.owned_by.as_ref().is_none_or(|(table, column)| {
            let found = tables.get(table);
            table.schema == name.schema
                && found.is_some_and(|table| table.column(column.as_str()).is_some())
        })
    });
}

fn repair_constraints(catalog: &mut Catalog) {
    let tables = catalog.tables.clone();
    let view = catalog.clone();
    for table in catalog.tables.values_mut() {
        let columns: BTreeSet<Ident> = table.columns.iter().map(|it| it.name.clone()).collect();
        let has = |names: &[Ident]| names.iter().all(|name| columns.contains(name));
        let here = table.clone();
        table.constraints.retain(|_, it| match &it.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                has(&key.columns) && has(&key.include)
            }
            ConstraintKind::Check(check) => has(&check.columns),
            ConstraintKind::Exclusion(exclusion) => has(&exclusion.columns),
            ConstraintKind::ForeignKey(key) => {
                let target = tables.get(&key.references);
                has(&key.columns) && target.is_some_and(|target| fits(&view, key, &here, target))
            }
        });
        table.indexes.retain(|_, index| has(&index.columns));
        // PostgreSQL makes one constraint of two that are alike.
        let mut known = BTreeSet::new();
        table.constraints.retain(|_, it| match &it.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                known.insert(key.columns.clone())
            }
            _ => true,
        });
    }
}

/// Whether the foreign key references a key of the same types.
fn fits(catalog: &Catalog, key: &ForeignKey, table: &Table, target: &Table) -> bool {
    let of = |table: &Table, name: &Ident| {
        let column = table.column(name.as_str())?;
        let name = column.type_name.as_ref();
        Some(Type::of(catalog, &column.data_type, name))
    };
    let alike = |(one, other): (&Ident, &Ident)| match (of(table, one), of(target, other)) {
        (Some(one), Some(other)) => {
            one.sql == other.sql
                || one.family == Family::Integer && other.family == Family::Integer
                || one.family == Family::Text && other.family == Family::Text
        }
        _ => false,
    };
    keys(target).contains(&key.referenced_columns)
        && key.columns.iter().zip(&key.referenced_columns).all(alike)
}

fn repair_properties(catalog: &mut Catalog) {
    let referenced = catalog
        .tables
        .values()
        .flat_map(|it| it.constraints.values());
    let mut logged: BTreeSet<QualifiedName> = referenced.filter_map(references).cloned().collect();
    let owners = catalog
        .sequences
        .values()
        .filter_map(|it| it.owned_by.as_ref());
    logged.extend(owners.map(|(table, _)| table.clone()));
    for (name, table) in &mut catalog.tables {
        if logged.contains(name) {
            table.persistence = Persistence::Logged;
        }
        for constraint in table.constraints.values() {
            if let ConstraintKind::PrimaryKey(key) = &constraint.kind {
                for column in &mut table.columns {
                    column.not_null |= key.columns.contains(&column.name);
                }
            }
        }
    }
}

fn references(constraint: &Constraint) -> Option<&QualifiedName> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(&key.references),
        _ => None,
    }
}

/// The default of a column that takes its values from the sequence.
pub(super) fn nextval(sequence: &QualifiedName) -> String {
    format!("nextval({}::regclass)", literal(&sequence.to_string()))
}

/// Whether an expression uses the column.
pub(super) fn mentions(expression: &str, column: &Ident) -> bool {
    replaced(expression, column, &Ident::new("")) != expression
}

/// The expression with another column in the place of `from`.
pub(super) fn replaced(expression: &str, from: &Ident, to: &Ident) -> String {
    let (from, to) = (from.to_string(), to.to_string());
    let part_of_word = |c: char| c.is_alphanumeric() || "_$.'\"".contains(c);
    let mut made = String::new();
    let mut rest = expression;
    while let Some(place) = rest.find(&from) {
        let (before, after) = (&rest[..place], &rest[place + from.len()..]);
        made.push_str(before);
        let alone = !before.ends_with(part_of_word) && !after.starts_with(part_of_word);
        made.push_str(if alone { &to } else { &from });
        rest = after;
    }
    made.push_str(rest);
    made
}
