//! Tables and sequences.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;
use sqlx::postgres::types::Oid;

use super::columns::ColumnNames;
use super::partitions::shape;
use super::schemas::Schemas;
use super::{IntrospectError, Scope, rows};
use crate::catalog::{Catalog, Parameters, Persistence, Sequence, SequenceOptions, Table};
use crate::ident::QualifiedName;

/// Tables and sequences on their way into the catalog.
#[derive(Default)]
pub(super) struct Relations {
    /// Tables, by OID.
    pub(super) tables: BTreeMap<u32, (QualifiedName, Table)>,
    /// Sequences of identity columns, by OID and attribute number of the column.
    pub(super) identities: BTreeMap<(u32, i16), (QualifiedName, SequenceOptions)>,
    sequences: Vec<FoundSequence>,
    /// Tables that the scope excludes.
    excluded: BTreeSet<u32>,
}

struct FoundSequence {
    name: QualifiedName,
    sequence: Sequence,
    owner: Option<(u32, i16)>,
}

impl Relations {
    pub(super) fn table_oids(&self) -> Vec<Oid> {
        self.tables.keys().map(|oid| Oid(*oid)).collect()
    }
}

pub(super) async fn read(
    connection: &mut PgConnection,
    scope: &Scope,
    schemas: &Schemas,
) -> Result<Relations, IntrospectError> {
    let only_tables = scope.tables.as_ref().map(|tables| {
        let names = tables.iter();
        let names = names.map(|table| (table.schema.as_str(), table.name.as_str()));
        names.unzip::<_, _, Vec<_>, Vec<_>>()
    });
    let (only_schemas, only_names) = only_tables.unzip();
    let query = sqlx::query(include_str!("queries/relations.sql"))
        .bind(schemas.oids())
        .bind(only_schemas)
        .bind(only_names);
    let mut relations = Relations::default();
    rows::each(connection, "tables", query, |mut row| {
        let oid = row.oid()?;
        let name = schemas.qualify(row.oid()?, row.take()?);
        let unlogged: bool = row.take()?;
        let mut storage_parameters = parameters("", row.take()?);
        storage_parameters.extend(parameters("toast.", row.take()?));
        let tablespace: Option<String> = row.take()?;
        let comment = row.take()?;
        let Some(data_type) = row.take::<Option<String>>()? else {
            let table = Table {
                persistence: if unlogged {
                    Persistence::Unlogged
                } else {
                    Persistence::Logged
                },
                storage_parameters,
                tablespace: tablespace.map(Into::into),
                comment,
                ..shape(&mut row)?
            };
            if scope.has_table(&name) {
                relations.tables.insert(oid, (name, table));
            } else {
                relations.excluded.insert(oid);
            }
            return Ok(());
        };
        let options = options(
            &data_type,
            row.take()?,
            row.take()?,
            row.take()?,
            row.take()?,
            row.take()?,
            row.take()?,
        );
        let table = row.oid()?;
        let owner = row
            .take::<Option<i16>>()?
            .map(|attribute| (table, attribute));
        match (owner, row.take::<Option<bool>>()?) {
            (Some(column), Some(true)) => {
                relations.identities.insert(column, (name, options));
            }
            (owner, _) => relations.sequences.push(FoundSequence {
                name,
                owner,
                sequence: Sequence {
                    data_type,
                    options,
                    owned_by: None,
                    comment,
                },
            }),
        }
        Ok(())
    })
    .await?;
    Ok(relations)
}

/// Puts tables and sequences into the catalog.
pub(super) fn place(
    relations: Relations,
    scope: &Scope,
    columns: &ColumnNames,
    catalog: &mut Catalog,
) {
    for found in relations.sequences {
        let mut sequence = found.sequence;
        if let Some((table, attribute)) = found.owner {
            let Some((table_name, _)) = relations.tables.get(&table) else {
                // The table is not in the model, so neither is a part of it.
                if scope.tables.is_none() && !relations.excluded.contains(&table) {
                    let QualifiedName { schema, name } = found.name;
                    catalog
                        .unmodelled
                        .insert(format!("sequence {schema}.{name}"));
                }
                continue;
            };
            let column = columns.name(table, attribute);
            sequence.owned_by = Some((table_name.clone(), column));
        }
        catalog.sequences.insert(found.name, sequence);
    }
    catalog.tables = relations.tables.into_values().collect();
}

/// `{fillfactor=70}` as names and values.
pub(super) fn parameters(prefix: &str, options: Option<Vec<String>>) -> Parameters {
    let options = options.unwrap_or_default().into_iter();
    options
        .map(|option| match option.split_once('=') {
            Some((name, value)) => (format!("{prefix}{name}"), value.to_owned()),
            None => (format!("{prefix}{option}"), String::new()),
        })
        .collect()
}

fn options(
    data_type: &str,
    start: i64,
    increment: i64,
    min: i64,
    max: i64,
    cache: i64,
    cycle: bool,
) -> SequenceOptions {
    let (lowest, highest) = match data_type {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let (default_min, default_max) = if increment > 0 {
        (1, highest)
    } else {
        (lowest, -1)
    };
    let default_start = if increment > 0 { min } else { max };
    let unless = |value: i64, default: i64| (value != default).then_some(value);
    SequenceOptions {
        start: unless(start, default_start),
        increment: unless(increment, 1),
        min: unless(min, default_min),
        max: unless(max, default_max),
        cache: unless(cache, 1),
        cycle,
    }
}
