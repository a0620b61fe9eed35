//! What a table is made as: partitioned, a partition, an heir, typed or foreign.

use super::IntrospectError;
use super::relations::parameters;
use super::rows::Fields;
use crate::catalog::{ForeignTable, PartitionOf, Table};
use crate::ident::QualifiedName;

/// Reads the last fields of a table's row.
pub(super) fn shape(row: &mut Fields<'_>) -> Result<Table, IntrospectError> {
    row.skip(9);
    let partition_by = row.take()?;
    let bound: Option<String> = row.take()?;
    let schemas: Option<Vec<String>> = row.take()?;
    let names: Option<Vec<String>> = row.take()?;
    let of_type: (Option<String>, Option<String>) = (row.take()?, row.take()?);
    let server: Option<String> = row.take()?;
    let options: Option<Vec<String>> = row.take()?;
    let access_method: Option<String> = row.take()?;
    let parents = schemas
        .into_iter()
        .flatten()
        .zip(names.into_iter().flatten());
    let parents = parents.map(|(schema, name)| QualifiedName::new(schema, name));
    let (mut inherits, mut partition_of) = (parents.collect::<Vec<_>>(), None);
    if let Some(bound) = bound {
        let parent = inherits.pop();
        partition_of = parent.map(|parent| PartitionOf { parent, bound });
    }
    Ok(Table {
        partition_by,
        partition_of,
        inherits,
        of_type: match of_type {
            (Some(schema), Some(name)) => Some(QualifiedName::new(schema, name)),
            _ => None,
        },
        foreign: server.map(|server| ForeignTable {
            server: server.into(),
            options: parameters("", options).into_iter().collect(),
        }),
        access_method: access_method.map(Into::into),
        ..Table::default()
    })
}
