//! Indexes, those of constraints included.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::columns::ColumnNames;
use super::definition::{self, ElementTail, bare};
use super::relations::{Relations, parameters};
use super::{IntrospectError, rows};
use crate::catalog::{Index, IndexElement, IndexKey};
use crate::ident::{Ident, QualifiedName};

/// An index on its way to its table or constraint.
pub(super) struct FoundIndex {
    pub(super) table: u32,
    pub(super) name: Ident,
    pub(super) index: Index,
    /// Key texts, where elements were read from a definition.
    pub(super) keys: Option<Vec<String>>,
}

impl FoundIndex {
    /// Key columns; only constraints that have no expressions ask.
    pub(super) fn key_columns(&self) -> Vec<Ident> {
        let elements = self.index.elements.iter();
        elements
            .filter_map(|element| match &element.key {
                IndexKey::Column(name) => Some(name.clone()),
                IndexKey::Expression(_) => None,
            })
            .collect()
    }
}

pub(super) async fn read(
    connection: &mut PgConnection,
    relations: &Relations,
    columns: &ColumnNames,
) -> Result<BTreeMap<u32, FoundIndex>, IntrospectError> {
    let mut indexes = BTreeMap::new();
    let query = sqlx::query(include_str!("queries/indexes.sql")).bind(relations.table_oids());
    rows::each(connection, "indexes", query, |mut row| {
        let (oid, table) = (row.oid()?, row.oid()?);
        let name = Ident::from(row.take::<String>()?);
        let method = Ident::from(row.take::<String>()?);
        let unique = row.take()?;
        let valid = row.take()?;
        let nulls_not_distinct = row.take()?;
        let key_count = usize::try_from(row.take::<i16>()?).unwrap_or_default();
        let mut attributes = numbers(row.take()?);
        let order = numbers(row.take()?);
        let storage_parameters = parameters("", row.take()?);
        let tablespace = row.take::<Option<String>>()?.map(Into::into);
        let predicate = row.take::<Option<&str>>()?.map(bare).map(str::to_owned);
        let used: Option<Vec<i16>> = row.take()?;
        let texts: Option<Vec<String>> = row.take()?;
        let comment = row.take()?;
        let parent: Option<String> = row.take()?;

        let (definition, keys) = match texts.as_deref() {
            Some([definition, keys @ ..]) => (Some(definition), keys),
            _ => (None, &[][..]),
        };
        let tails = match definition {
            Some(text) => {
                definition::elements(text, keys).ok_or_else(|| IntrospectError::Definition {
                    index: qualified(relations, table, &name).to_string(),
                    definition: text.clone(),
                })?
            }
            None => Vec::new(),
        };
        let include = columns.names(table, &attributes[key_count..]);
        let mut tails = tails.into_iter();
        let elements = (0..key_count)
            .map(|position| {
                let ElementTail {
                    collation, opclass, ..
                } = tails.next().unwrap_or_default();
                let key = match (attributes[position], keys.get(position)) {
                    (0, Some(key)) => IndexKey::Expression(bare(key).to_owned()),
                    (attribute, _) => IndexKey::Column(columns.name(table, attribute)),
                };
                IndexElement {
                    key,
                    opclass,
                    collation,
                    descending: order[position] & 1 != 0,
                    nulls_first: order[position] & 2 != 0,
                }
            })
            .collect();
        attributes.extend(used.unwrap_or_default());
        let index = Index {
            unique,
            method,
            include,
            nulls_not_distinct,
            storage_parameters,
            predicate,
            valid,
            tablespace,
            columns: columns.sorted(table, &attributes),
            comment,
            parent: parent.map(Into::into),
            ..Index::new(elements)
        };
        let keys = texts.map(|texts| texts.into_iter().skip(1).collect());
        let found = FoundIndex {
            table,
            name,
            index,
            keys,
        };
        indexes.insert(oid, found);
        Ok(())
    })
    .await?;
    Ok(indexes)
}

fn qualified(relations: &Relations, table: u32, index: &Ident) -> QualifiedName {
    match relations.tables.get(&table) {
        Some((name, _)) => name.sibling(index.clone()),
        None => QualifiedName::in_default_schema(index.clone()),
    }
}

/// `int2vector` as text: `1 2 0`.
fn numbers(vector: &str) -> Vec<i16> {
    let numbers = vector.split_ascii_whitespace();
    numbers
        .map(|number| number.parse().expect("int2vector holds numbers"))
        .collect()
}
