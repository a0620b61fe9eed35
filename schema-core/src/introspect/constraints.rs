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
    Key, NotNull, ReferentialAction,
};
use crate::ident::{Ident, QualifiedName};

/// A constraint of a table, its columns and index not yet named.
#[expect(clippy::struct_excessive_bools, reason = "as in pg_constraint")]
pub(super) struct FoundConstraint {
    table: u32,
    name: Ident,
    kind: Kind,
    deferrable: Deferrable,
    validated: bool,
    enforced: bool,
    period: bool,
    local: bool,
    inherited: bool,
    comment: Option<String>,
    index: u32,
    /// The table that a foreign key references, or 0.
    pub(super) references: u32,
    columns: Vec<i16>,
}

enum Kind {
    PrimaryKey,
    Unique,
    /// PostgreSQL 18 and later.
    NotNull {
        no_inherit: bool,
    },
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
        let (enforced, period, local) = (row.take()?, row.take()?, row.take()?);
        let inherited = row.take::<i32>()? > 0;
        let text: Option<&str> = row.take()?;
        let text = text.unwrap_or_default();
        let comment = row.take()?;

        // NOT NULL is a property of the domain.
        if code == "n" && table == 0 {
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
            ("n", _) => Kind::NotNull { no_inherit },
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
            enforced,
            period,
            local,
            inherited,
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
        // A foreign key has the index of the key that it references.
        let owns = !matches!(found.kind, Kind::ForeignKey { .. });
        let index = owns.then(|| indexes.remove(&found.index)).flatten();
        let parent = index.as_ref().and_then(|found| found.index.parent.clone());
        let kind = match found.kind {
            Kind::NotNull { no_inherit } => {
                let names = columns.names(found.table, &found.columns);
                not_null(relations, found, no_inherit, &names);
                continue;
            }
            Kind::PrimaryKey => ConstraintKind::PrimaryKey(key(index, found.period)),
            Kind::Unique => ConstraintKind::Unique(key(index, found.period)),
            Kind::Exclusion { definition } => {
                ConstraintKind::Exclusion(exclusion(&found.name, definition, index)?)
            }
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
                period: found.period,
            }),
        };
        let constraint = Constraint {
            deferrable: found.deferrable,
            validated: found.validated,
            comment: found.comment,
            enforced: found.enforced,
            inherited: found.inherited && !found.local,
            parent,
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

/// What is said of a column's NOT NULL beside that.
fn not_null(relations: &mut Relations, found: FoundConstraint, no_inherit: bool, names: &[Ident]) {
    let Some((name, table)) = relations.tables.get_mut(&found.table) else {
        return;
    };
    let partition = table.partition_of.is_some();
    let column = table.columns.iter_mut().find(|it| names.contains(&it.name));
    let Some(column) = column else { return };
    let implicit = NotNull::implicit_name(name, &column.name);
    let said = NotNull {
        name: Some(found.name).filter(|name| *name != implicit),
        no_inherit,
        not_valid: !found.validated,
        local: found.local && found.inherited && !partition,
        comment: found.comment,
    };
    column.not_null_constraint = Some(said).filter(|said| *said != NotNull::default());
}

fn key(index: Option<FoundIndex>, without_overlaps: bool) -> Key {
    index.map_or_else(Key::default, |found| Key {
        columns: found.key_columns(),
        include: found.index.include,
        nulls_not_distinct: found.index.nulls_not_distinct,
        without_overlaps,
        storage_parameters: found.index.storage_parameters,
        tablespace: found.index.tablespace,
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
