//! Constraints of tables and domains.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::columns::ColumnNames;
use super::definition::{self, bare};
use super::indexes::FoundIndex;
use super::relations::Relations;
use super::types::Types;
use super::{IntrospectError, rows};
use crate::catalog::{
    Catalog, Check, Constraint, ConstraintKind, Deferrable, DomainCheck, Exclusion, ForeignKey,
    Key, ReferentialAction,
};
use crate::ident::{Ident, QualifiedName};

/// A constraint of a table, its columns and index not yet named.
pub(super) struct FoundConstraint {
    table: u32,
    name: Ident,
    kind: Kind,
    deferrable: Deferrable,
    validated: bool,
    comment: Option<String>,
    index: u32,
    /// The table that a foreign key references, or 0.
    pub(super) references: u32,
    columns: Vec<i16>,
}

enum Kind {
    PrimaryKey,
    Unique,
    Check {
        expression: String,
        no_inherit: bool,
    },
    Exclusion {
        definition: String,
    },
    ForeignKey {
        references: QualifiedName,
        referenced_columns: Vec<i16>,
        on_update: ReferentialAction,
        on_delete: ReferentialAction,
        on_delete_columns: Vec<i16>,
        match_full: bool,
    },
}

/// Reads constraints; those of domains go into the catalog at once.
pub(super) async fn read(
    connection: &mut PgConnection,
    relations: &Relations,
    types: &Types,
    catalog: &mut Catalog,
) -> Result<Vec<FoundConstraint>, IntrospectError> {
    let mut constraints = Vec::new();
    let query = sqlx::query(include_str!("queries/constraints.sql"))
        .bind(relations.table_oids())
        .bind(types.oids());
    rows::each(connection, "constraints", query, |mut row| {
        let (table, domain) = (row.oid()?, row.oid()?);
        let name = Ident::from(row.take::<String>()?);
        let code: &str = row.take()?;
        let deferrable = match (row.take()?, row.take()?) {
            (false, _) => Deferrable::No,
            (true, false) => Deferrable::InitiallyImmediate,
            (true, true) => Deferrable::InitiallyDeferred,
        };
        let validated = row.take()?;
        let no_inherit = row.take()?;
        let (index, references) = (row.oid()?, row.oid()?);
        let referenced_name: (Option<String>, Option<String>) = (row.take()?, row.take()?);
        let (on_update, on_delete) = (action(row.take()?), action(row.take()?));
        let match_full = row.take()?;
        let columns: Option<Vec<i16>> = row.take()?;
        let referenced_columns: Option<Vec<i16>> = row.take()?;
        let on_delete_columns: Option<Vec<i16>> = row.take()?;
        let in_model: bool = row.take()?;
        let text: Option<&str> = row.take()?;
        let text = text.unwrap_or_default();
        let comment = row.take()?;

        if !in_model {
            if let Some((
                QualifiedName {
                    schema,
                    name: table,
                },
                _,
            )) = relations.tables.get(&table)
            {
                let found = format!("constraint {name} on {schema}.{table}");
                catalog.unmodelled.insert(found);
            }
            return Ok(());
        }
        if let Some(domain) = types
            .name(domain)
            .and_then(|name| catalog.domains.get_mut(name))
        {
            let expression = bare(text).to_owned();
            let check = DomainCheck {
                expression,
                validated,
            };
            domain.checks.insert(name, check);
            return Ok(());
        }
        let kind = match (code, referenced_name) {
            ("p", _) => Kind::PrimaryKey,
            ("u", _) => Kind::Unique,
            ("f", (Some(schema), Some(name))) => Kind::ForeignKey {
                references: QualifiedName::new(schema, name),
                referenced_columns: referenced_columns.unwrap_or_default(),
                on_update,
                on_delete,
                on_delete_columns: on_delete_columns.unwrap_or_default(),
                match_full,
            },
            ("x", _) => Kind::Exclusion {
                definition: text.to_owned(),
            },
            _ => Kind::Check {
                expression: bare(text).to_owned(),
                no_inherit,
            },
        };
        constraints.push(FoundConstraint {
            table,
            name,
            kind,
            deferrable,
            validated,
            comment,
            index,
            references,
            columns: columns.unwrap_or_default(),
        });
        Ok(())
    })
    .await?;
    Ok(constraints)
}

/// Puts constraints and the indexes that none of them owns into their tables.
pub(super) fn place(
    constraints: Vec<FoundConstraint>,
    mut indexes: BTreeMap<u32, FoundIndex>,
    columns: &ColumnNames,
    relations: &mut Relations,
) -> Result<(), IntrospectError> {
    for found in constraints {
        let kind = match found.kind {
            Kind::PrimaryKey => ConstraintKind::PrimaryKey(key(indexes.remove(&found.index))),
            Kind::Unique => ConstraintKind::Unique(key(indexes.remove(&found.index))),
            Kind::Exclusion { definition } => ConstraintKind::Exclusion(exclusion(
                &found.name,
                definition,
                indexes.remove(&found.index),
            )?),
            Kind::Check {
                expression,
                no_inherit,
            } => ConstraintKind::Check(Check {
                expression,
                no_inherit,
                columns: columns.sorted(found.table, &found.columns),
            }),
            Kind::ForeignKey {
                references,
                referenced_columns,
                on_update,
                on_delete,
                on_delete_columns,
                match_full,
            } => ConstraintKind::ForeignKey(ForeignKey {
                columns: columns.names(found.table, &found.columns),
                references,
                referenced_columns: columns.names(found.references, &referenced_columns),
                on_delete,
                on_delete_columns: columns.names(found.table, &on_delete_columns),
                on_update,
                match_full,
                period: false,
            }),
        };
        let constraint = Constraint {
            deferrable: found.deferrable,
            validated: found.validated,
            comment: found.comment,
            ..Constraint::new(kind)
        };
        if let Some((_, table)) = relations.tables.get_mut(&found.table) {
            table.constraints.insert(found.name, constraint);
        }
    }
    for found in indexes.into_values() {
        if let Some((_, table)) = relations.tables.get_mut(&found.table) {
            table.indexes.insert(found.name, found.index);
        }
    }
    Ok(())
}

fn key(index: Option<FoundIndex>) -> Key {
    index.map_or_else(Key::default, |found| Key {
        columns: found.key_columns(),
        include: found.index.include,
        nulls_not_distinct: found.index.nulls_not_distinct,
        storage_parameters: found.index.storage_parameters,
        tablespace: found.index.tablespace,
        ..Key::default()
    })
}

fn exclusion(
    name: &Ident,
    definition: String,
    index: Option<FoundIndex>,
) -> Result<Exclusion, IntrospectError> {
    let understood = index.and_then(|found| {
        let columns = found.key_columns();
        let keys = found
            .keys
            .unwrap_or_else(|| columns.iter().map(Ident::to_string).collect());
        let tails = definition::elements(&definition, &keys)?;
        let elements = found.index.elements.into_iter().zip(tails);
        Some(Exclusion {
            method: found.index.method,
            elements: elements
                .map(|(element, tail)| Some((element, tail.operator?)))
                .collect::<Option<_>>()?,
            include: found.index.include,
            predicate: found.index.predicate,
            storage_parameters: found.index.storage_parameters,
            tablespace: found.index.tablespace,
            columns: found.index.columns,
        })
    });
    understood.ok_or_else(|| IntrospectError::Definition {
        index: name.to_string(),
        definition,
    })
}

/// `pg_constraint.confdeltype`, `confupdtype`.
fn action(code: &str) -> ReferentialAction {
    match code {
        "r" => ReferentialAction::Restrict,
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _ => ReferentialAction::NoAction,
    }
}
