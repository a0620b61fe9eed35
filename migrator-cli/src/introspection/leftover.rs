//! What structs cannot say of a catalog, as SQL: the plan from what they say to what there is.

use std::collections::BTreeMap;

use schema_core::catalog::{
    Catalog, Column, ConstraintKind, ForeignKey, Generation, Index, Sequence, SequenceOptions,
    Table,
};
use schema_core::diff::diff;
use schema_core::ident::{Ident, QualifiedName};
use schema_core::lower::sequence_of;
use schema_core::plan::{PlanError, PlanHints, plan};

use super::cycle;
use crate::structs::spell::partition_columns;

/// A statement that makes what no struct says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Leftover {
    /// The statement, without a semicolon.
    pub(crate) sql: String,
}

/// The part of a catalog that structs can say, and the statements that make the rest: first what
/// tables lack, then what is no table.
pub(crate) fn split(catalog: &Catalog) -> Result<(Catalog, Vec<Leftover>), PlanError> {
    let said = said(catalog);
    let tables = Catalog {
        objects: BTreeMap::new(),
        ..catalog.clone()
    };
    let mut left = Vec::new();
    for (from, to) in [(&said, &tables), (&tables, catalog)] {
        let plan = plan(&diff(from, to), &PlanHints::default())?;
        let statements = plan.stages.iter().flat_map(|stage| &stage.statements);
        left.extend(statements.map(|statement| {
            Leftover {
                // Nobody waits on an empty database.
                sql: statement
                    .ddl
                    .to_string()
                    .replacen("INDEX CONCURRENTLY ", "INDEX ", 1),
            }
        }));
    }
    Ok((without_types(said), left))
}

/// Columns of types that only SQL makes have no type in Rust.
fn without_types(mut said: Catalog) -> Catalog {
    let (enums, domains) = (&said.enums, &said.domains);
    let known = |name: &QualifiedName| enums.contains_key(name) || domains.contains_key(name);
    let columns = said.tables.values_mut().flat_map(|it| &mut it.columns);
    for column in columns {
        column.type_name.take_if(|name| !known(name));
    }
    said
}

/// Whether labels can be those of variants: none is empty.
fn has_words(labels: &[String]) -> bool {
    labels.iter().all(|label| !label.is_empty()) && !labels.is_empty()
}

/// What structs can say.
fn said(catalog: &Catalog) -> Catalog {
    let mut said = catalog.clone();
    said.unmodelled.clear();
    said.objects.clear();
    said.tables.retain(|_, table| is_struct(table));
    said.sequences = sequences(&said);
    said.enums.retain(|_, it| has_words(&it.labels));
    let enums = &said.enums;
    let over_sql =
        |name: &QualifiedName| catalog.enums.contains_key(name) && !enums.contains_key(name);
    said.domains
        .retain(|_, it| !it.base_name.as_ref().is_some_and(over_sql));
    for domain in said.domains.values_mut() {
        domain.checks.retain(|_, check| check.validated);
    }
    let keys = keys(&said);
    for table in said.tables.values_mut() {
        of_table(table, &keys);
    }
    for (table, constraint) in cycle::openers(&said) {
        if let Some(table) = said.tables.get_mut(&table) {
            table.constraints.remove(&constraint);
        }
    }
    said
}

/// The columns of the primary keys and unique constraints of each table.
fn keys(catalog: &Catalog) -> BTreeMap<QualifiedName, Vec<Vec<Ident>>> {
    let tables = catalog.tables.iter().map(|(name, table)| {
        let constraints = table.constraints.values();
        let keys = constraints.filter_map(|it| match &it.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                let mut columns = key.columns.clone();
                columns.sort();
                Some(columns)
            }
            _ => None,
        });
        (name.clone(), keys.collect())
    });
    tables.collect()
}

fn of_table(table: &mut Table, keys: &BTreeMap<QualifiedName, Vec<Vec<Ident>>>) {
    table.constraints.retain(|_, it| {
        let kind = match &it.kind {
            ConstraintKind::PrimaryKey(key) | ConstraintKind::Unique(key) => {
                !key.without_overlaps && key.tablespace.is_none()
            }
            ConstraintKind::Check(check) => !check.no_inherit,
            ConstraintKind::ForeignKey(key) => {
                key.on_delete_columns.is_empty() && !key.period && references_key(key, keys)
            }
            ConstraintKind::Exclusion(it) => it.tablespace.is_none(),
        };
        kind && it.enforced && !it.inherited && it.parent.is_none()
    });
    for constraint in table.constraints.values_mut() {
        constraint.comment = None;
    }
    table.indexes.retain(|_, index| can_be_said(index));
    for index in table.indexes.values_mut() {
        index.comment = None;
    }
    table
        .storage_parameters
        .retain(|name, _| !name.contains('.'));
    for column in &mut table.columns {
        if let Generation::Identity(identity) = &mut column.generation {
            identity.sequence = None;
        }
    }
}

/// Whether a struct can be this table: partitions, heirs, typed and foreign tables are SQL.
fn is_struct(table: &Table) -> bool {
    let plain = |column: &Column| {
        !column.inherited
            && column.not_null_constraint.is_none()
            && column.options.is_empty()
            && !matches!(column.generation, Generation::Virtual(_))
    };
    let parts = table.partition_by.as_deref();
    parts.is_none_or(|it| partition_columns(table, it).is_some())
        && table.partition_of.is_none()
        && table.inherits.is_empty()
        && table.of_type.is_none()
        && table.foreign.is_none()
        && table.columns.iter().all(plain)
}

/// A unique index alone is none that the compiler could see.
fn references_key(key: &ForeignKey, keys: &BTreeMap<QualifiedName, Vec<Vec<Ident>>>) -> bool {
    let mut columns = key.referenced_columns.clone();
    columns.sort();
    let known = keys.get(&key.references);
    known.is_some_and(|keys| keys.contains(&columns))
}

fn can_be_said(index: &Index) -> bool {
    let mut elements: Vec<_> = index.elements.iter().collect();
    elements
        .dedup_by(|a, b| a.key == b.key && a.opclass == b.opclass && a.collation == b.collation);
    index.tablespace.is_none()
        && index.valid
        && elements.len() == index.elements.len()
        && index
            .storage_parameters
            .keys()
            .all(|name| !name.contains('.'))
}

/// The sequences that defaults of integer columns bring with them.
fn sequences(catalog: &Catalog) -> BTreeMap<QualifiedName, Sequence> {
    let columns = catalog.tables.iter().flat_map(|(name, table)| {
        let columns = table.columns.iter();
        columns.map(move |column| (name, column))
    });
    let sequences = columns.filter_map(|(table, column)| {
        let Generation::Default(expression) = &column.generation else {
            return None;
        };
        let data_type = column.data_type.as_str();
        if !matches!(data_type, "smallint" | "integer" | "bigint") {
            return None;
        }
        let sequence = Sequence {
            data_type: data_type.to_owned(),
            options: SequenceOptions::default(),
            owned_by: Some((table.clone(), column.name.clone())),
            comment: None,
        };
        Some((sequence_of(expression)?, sequence))
    });
    sequences.collect()
}
