//! Columns of tables.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;
use sqlx::postgres::types::Oid;

use super::constraints::FoundConstraint;
use super::definition::{bare, collation};
use super::relations::{Relations, parameters};
use super::types::Types;
use super::{IntrospectError, rows};
use crate::catalog::{Column, Generation, Identity};
use crate::ident::Ident;

/// Names of columns, by OID of the table and attribute number.
#[derive(Default)]
pub(super) struct ColumnNames(BTreeMap<(u32, i16), Ident>);

impl ColumnNames {
    /// The name of a column that the snapshot holds.
    pub(super) fn name(&self, table: u32, attribute: i16) -> Ident {
        let name = self.0.get(&(table, attribute));
        name.expect("all columns of this table were read").clone()
    }

    /// Names in the order given.
    pub(super) fn names(&self, table: u32, attributes: &[i16]) -> Vec<Ident> {
        let attributes = attributes.iter();
        attributes
            .map(|attribute| self.name(table, *attribute))
            .collect()
    }

    /// Names sorted, each once; 0 stands for an expression.
    pub(super) fn sorted(&self, table: u32, attributes: &[i16]) -> Vec<Ident> {
        let attributes = attributes.iter().filter(|attribute| **attribute > 0);
        let names: BTreeSet<Ident> = attributes
            .map(|attribute| self.name(table, *attribute))
            .collect();
        names.into_iter().collect()
    }
}

/// Reads the columns of the tables, and the names of those that foreign keys reference.
pub(super) async fn read(
    connection: &mut PgConnection,
    relations: &mut Relations,
    constraints: &[FoundConstraint],
    types: &Types,
) -> Result<ColumnNames, IntrospectError> {
    let mut names = ColumnNames::default();
    let mut columns = BTreeMap::new();
    let referenced = constraints.iter().map(|constraint| constraint.references);
    let tables: BTreeSet<u32> = relations.tables.keys().copied().chain(referenced).collect();
    let tables: Vec<Oid> = tables.into_iter().map(Oid).collect();
    let query = sqlx::query(include_str!("queries/columns.sql")).bind(tables);
    rows::each(connection, "columns", query, |mut row| {
        let oid = row.oid()?;
        let attribute: i16 = row.take()?;
        let name = Ident::from(row.take::<String>()?);
        names.0.insert((oid, attribute), name.clone());
        let Some(table) = relations.tables.get(&oid) else {
            return Ok(());
        };
        let data_type: String = row.take()?;
        let type_name = types.name(row.oid()?).cloned();
        let not_null = row.take()?;
        let identity: &str = row.take()?;
        let generated: &str = row.take()?;
        let value: Option<&str> = row.take()?;
        let found = relations.identities.get(&(oid, attribute)).cloned();
        let own_identity = found.is_some();
        let generation = match (identity, generated, value) {
            ("", "", None) => Generation::None,
            ("", "", Some(value)) => Generation::Default(value.trim().to_owned()),
            ("", "s", Some(value)) => Generation::Stored(bare(value).to_owned()),
            ("", _, value) => Generation::Virtual(bare(value.unwrap_or_default()).to_owned()),
            // A partition's identity is that of the partitioned table.
            (_, _, _) if table.1.partition_of.is_some() && !own_identity => Generation::None,
            (identity, _, _) => {
                let (sequence, options) = found.unzip();
                let implicit =
                    |sequence: &_| Identity::is_implicit_sequence(sequence, &table.0, &name);
                Generation::Identity(Identity {
                    always: identity == "a",
                    sequence: sequence.filter(|sequence| !implicit(sequence)),
                    options: options.unwrap_or_default(),
                })
            }
        };
        let column = Column {
            type_name,
            not_null,
            generation,
            collation: collation(row.take()?, row.take()?),
            storage: row
                .take::<Option<&str>>()?
                .map(|code| spelled(code, STORAGE)),
            compression: row
                .take::<Option<&str>>()?
                .map(|code| spelled(code, COMPRESSION)),
            comment: row.take()?,
            inherited: row.take()?,
            options: parameters("", row.take()?).into_iter().collect(),
            ..Column::new(name, data_type)
        };
        columns.insert((oid, attribute), column);
        Ok(())
    })
    .await?;
    for ((oid, _), column) in columns {
        if let Some((_, table)) = relations.tables.get_mut(&oid) {
            table.columns.push(column);
        }
    }
    Ok(names)
}

/// `pg_attribute.attstorage`.
const STORAGE: &[(&str, &str)] = &[
    ("p", "plain"),
    ("e", "external"),
    ("m", "main"),
    ("x", "extended"),
];

/// `pg_attribute.attcompression`.
const COMPRESSION: &[(&str, &str)] = &[("p", "pglz"), ("l", "lz4")];

fn spelled(code: &str, words: &[(&str, &str)]) -> String {
    let word = words.iter().find(|(known, _)| *known == code);
    word.map_or(code, |(_, word)| *word).to_owned()
}
