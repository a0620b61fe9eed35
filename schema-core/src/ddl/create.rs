//! `CREATE TABLE` and `CREATE FOREIGN TABLE`.

use std::fmt;

use super::{ColumnDefinition, ConstraintDefinition, List, Options, With, column};
use crate::catalog::{Persistence, Table};
use crate::ident::QualifiedName;

/// The table with its own columns and these constraints. A partition is made as a table of its own,
/// and attached later, unless no columns of it are known.
pub(super) fn create(
    f: &mut fmt::Formatter<'_>,
    name: &QualifiedName,
    table: &Table,
    constraints: &[ConstraintDefinition],
) -> fmt::Result {
    f.write_str(match (&table.foreign, table.persistence) {
        (Some(_), _) => "CREATE FOREIGN TABLE ",
        (None, Persistence::Logged) => "CREATE TABLE ",
        (None, Persistence::Unlogged) => "CREATE UNLOGGED TABLE ",
    })?;
    write!(f, "{name}")?;
    let partition_of = table.partition_of.as_ref().filter(|_| is_bare(table));
    let own = |it: &&crate::catalog::Column| !it.inherited || table.inherits.is_empty();
    let columns = table.columns.iter().filter(own).cloned();
    let columns = columns.map(ColumnDefinition);
    let columns = columns.filter_map(|definition| match &table.of_type {
        None => Some(definition.to_string()),
        Some(_) => column::options_of_typed(&definition.0),
    });
    let inherited = table.columns.iter().filter(|it| !own(it));
    let required = inherited.filter_map(|column| {
        let said = column.not_null_constraint.as_ref();
        let name = said
            .filter(|said| said.local && column.not_null)?
            .name
            .as_ref()?;
        Some(format!("CONSTRAINT {name} NOT NULL {}", column.name))
    });
    let constraints = constraints.iter().map(ToString::to_string);
    let constraints = required.chain(constraints);
    let items: Vec<String> = columns.chain(constraints).collect();
    if let Some(of) = partition_of {
        write!(f, " PARTITION OF {}", of.parent)?;
    } else if let Some(of_type) = &table.of_type {
        write!(f, " OF {of_type}")?;
    }
    if !items.is_empty() {
        write!(f, " (\n    {}\n)", items.join(",\n    "))?;
    } else if partition_of.is_none() && table.of_type.is_none() {
        f.write_str(" ()")?;
    }
    if let Some(of) = partition_of {
        write!(f, " {}", of.bound)?;
    }
    if !table.inherits.is_empty() {
        write!(f, " INHERITS ({})", List(&table.inherits))?;
    }
    if let Some(key) = &table.partition_by {
        write!(f, " PARTITION BY {key}")?;
    }
    if let Some(foreign) = &table.foreign {
        return write!(f, " SERVER {}{}", foreign.server, Options(&foreign.options));
    }
    if let Some(method) = &table.access_method {
        write!(f, " USING {method}")?;
    }
    write!(f, "{}", With(&table.storage_parameters))?;
    match &table.tablespace {
        Some(tablespace) => write!(f, " TABLESPACE {tablespace}"),
        None => Ok(()),
    }
}

/// True for a partition that takes its columns from the partitioned table.
pub(crate) fn is_bare(table: &Table) -> bool {
    table.partition_of.is_some() && table.columns.is_empty()
}
