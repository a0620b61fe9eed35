//! The part of a catalog that some tables are: with what they use, and as much of the tables that
//! they reference as a foreign key needs.

use std::collections::BTreeSet;

use schema_core::catalog::{Catalog, Constraint, ConstraintKind, Filter, Pattern, Table};
use schema_core::ident::{Ident, QualifiedName};

/// The tables of these patterns and what is in the filter; without a pattern, all of them. The names
/// are those of tables that are only there to be referenced.
pub(crate) fn chosen(
    whole: &Catalog,
    filter: &Filter,
    patterns: &[Pattern],
) -> (Catalog, BTreeSet<QualifiedName>) {
    let mut catalog = filter.apply(whole);
    let wanted =
        |name: &QualifiedName| patterns.is_empty() || patterns.iter().any(|it| it.is_of(name));
    catalog.tables.retain(|name, _| wanted(name));
    let columns = referenced(&catalog);
    let mut stubs = BTreeSet::new();
    for (name, columns) in columns {
        if catalog.tables.contains_key(&name) {
            continue;
        }
        let Some(table) = whole.tables.get(&name) else {
            continue;
        };
        if let Some(schema) = whole.schemas.get(&name.schema) {
            let schemas = &mut catalog.schemas;
            schemas
                .entry(name.schema.clone())
                .or_insert_with(|| schema.clone());
        }
        catalog.tables.insert(name.clone(), stub(table, &columns));
        stubs.insert(name);
    }
    let has = |table: &QualifiedName| catalog.tables.contains_key(table) && !stubs.contains(table);
    catalog
        .sequences
        .retain(|_, it| it.owned_by.as_ref().is_none_or(|(table, _)| has(table)));
    add_types(whole, &mut catalog);
    if !patterns.is_empty() {
        let used = used_types(&catalog);
        catalog.enums.retain(|name, _| used.contains(name));
        catalog.domains.retain(|name, _| used.contains(name));
        catalog.sequences.retain(|_, it| it.owned_by.is_some());
        let tables = catalog.tables.keys().chain(&used);
        let used: BTreeSet<Ident> = tables.map(|name| name.schema.clone()).collect();
        catalog.schemas.retain(|name, _| used.contains(name));
    }
    (catalog, stubs)
}

/// The types that tables and domains have, and what those are over.
fn used_types(catalog: &Catalog) -> BTreeSet<QualifiedName> {
    let columns = catalog.tables.values().flat_map(|table| &table.columns);
    let mut used: BTreeSet<_> = columns.filter_map(|it| it.type_name.clone()).collect();
    for _ in 0..=catalog.domains.len() {
        let domains = catalog
            .domains
            .iter()
            .filter(|(name, _)| used.contains(*name));
        let below: Vec<_> = domains.filter_map(|(_, it)| it.base_name.clone()).collect();
        used.extend(below);
    }
    used
}

/// A table needs its types, wherever they are.
fn add_types(whole: &Catalog, catalog: &mut Catalog) {
    loop {
        let used = used_types(catalog);
        let before = catalog.enums.len() + catalog.domains.len();
        for name in used {
            if let Some(it) = whole.enums.get(&name) {
                catalog.enums.insert(name.clone(), it.clone());
            }
            if let Some(it) = whole.domains.get(&name) {
                catalog.domains.insert(name.clone(), it.clone());
            }
            if let Some(schema) = whole.schemas.get(&name.schema) {
                catalog.schemas.insert(name.schema.clone(), schema.clone());
            }
        }
        if before == catalog.enums.len() + catalog.domains.len() {
            return;
        }
    }
}

/// The columns that foreign keys of the tables reference.
fn referenced(catalog: &Catalog) -> Vec<(QualifiedName, BTreeSet<Ident>)> {
    let constraints = catalog
        .tables
        .values()
        .flat_map(|it| it.constraints.values());
    let mut found: Vec<(QualifiedName, BTreeSet<Ident>)> = Vec::new();
    for constraint in constraints {
        if let ConstraintKind::ForeignKey(key) = &constraint.kind {
            let columns = key.referenced_columns.iter().cloned();
            match found.iter_mut().find(|(name, _)| *name == key.references) {
                Some((_, known)) => known.extend(columns),
                None => found.push((key.references.clone(), columns.collect())),
            }
        }
    }
    found
}

/// A table with these columns, and the keys over them.
fn stub(table: &Table, columns: &BTreeSet<Ident>) -> Table {
    let within = |constraint: &Constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
            key.columns.iter().all(|column| columns.contains(column))
        }
        _ => false,
    };
    let mut stub = table.clone();
    stub.constraints.retain(|_, it| within(it));
    stub.indexes.clear();
    stub.columns.retain(|column| columns.contains(&column.name));
    for column in &mut stub.columns {
        column.generation = schema_core::catalog::Generation::None;
    }
    stub
}
