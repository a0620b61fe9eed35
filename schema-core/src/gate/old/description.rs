//! What PostgreSQL says a statement takes and gives.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgColumn, PgDatabaseError, PgErrorPosition};
use sqlx::{
    AssertSqlSafe, Column as _, Either, Executor as _, PgConnection, SqlSafeStr as _,
    Statement as _, TypeInfo as _,
};

use super::OldError;
use super::trial::Refusal;
use crate::ident::{Ident, QualifiedName};

/// What a statement takes and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Description {
    /// The types of its parameters.
    pub(super) parameters: Vec<String>,
    /// Its results.
    pub(super) columns: Vec<ResultColumn>,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ResultColumn {
    /// Its name.
    pub(super) name: String,
    /// Its type, as sqlx calls it.
    pub(super) type_name: String,
    /// The column that it comes from, if it is no expression.
    pub(super) origin: Option<Origin>,
}

/// Prepares statements; gives what each takes and gives, or what PostgreSQL says against it.
pub(super) async fn describe(
    connection: &mut PgConnection,
    statements: &[&str],
) -> Result<Vec<Result<Description, Refusal>>, OldError> {
    let mut described = Vec::with_capacity(statements.len());
    let mut origins: BTreeSet<u32> = BTreeSet::new();
    for sql in statements {
        let sql = AssertSqlSafe(*sql).into_sql_str();
        let prepared = (&mut *connection).prepare(sql).await;
        described.push(match prepared {
            Ok(prepared) => {
                let columns = prepared.columns().iter();
                origins.extend(columns.filter_map(PgColumn::relation_id).map(|oid| oid.0));
                Ok(prepared)
            }
            Err(sqlx::Error::Database(error)) => Err(refusal(error.downcast_ref())),
            Err(error) => return Err(OldError::Run(error)),
        });
    }
    let origins = read_origins(connection, origins).await?;
    let described = described.into_iter().map(|prepared| {
        let prepared = prepared?;
        let parameters = match prepared.parameters() {
            Some(Either::Left(types)) => types.iter().map(|it| it.name().to_owned()).collect(),
            Some(Either::Right(_)) | None => Vec::new(),
        };
        let columns = prepared.columns().iter().map(|column| {
            let relation = column.relation_id().map_or(0, |oid| oid.0);
            let origin = origins.get(&(relation, column.relation_attribute_no().unwrap_or(0)));
            ResultColumn {
                name: column.name().to_owned(),
                type_name: column.type_info().name().to_owned(),
                origin: origin.cloned(),
            }
        });
        Ok(Description {
            parameters,
            columns: columns.collect(),
        })
    });
    Ok(described.collect())
}

/// A column of a table or view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// The table.
    pub(super) table: QualifiedName,
    /// The column.
    pub(super) column: Ident,
    /// Its type with its modifier.
    pub(super) full_type: String,
    /// Whether it excludes null; not known of a view.
    pub(super) not_null: Option<bool>,
}

/// As the query gives it.
type OriginRow = (Oid, i16, String, String, String, String, Option<bool>);

/// The columns of relations, by relation and number.
async fn read_origins(
    connection: &mut PgConnection,
    relations: BTreeSet<u32>,
) -> Result<BTreeMap<(u32, i16), Origin>, OldError> {
    if relations.is_empty() {
        return Ok(BTreeMap::new());
    }
    let relations: Vec<Oid> = relations.into_iter().map(Oid).collect();
    let rows: Vec<OriginRow> = sqlx::query_as(include_str!("queries/origins.sql"))
        .bind(relations)
        .fetch_all(connection)
        .await
        .map_err(OldError::Run)?;
    let rows = rows.into_iter().map(
        |(relation, number, schema, table, column, full_type, not_null)| {
            let table = QualifiedName::new(schema, table);
            let column = Ident::new(column);
            (
                (relation.0, number),
                Origin {
                    table,
                    column,
                    full_type,
                    not_null,
                },
            )
        },
    );
    Ok(rows.collect())
}

fn refusal(error: &PgDatabaseError) -> Refusal {
    let position = match error.position() {
        Some(PgErrorPosition::Original(position)) => Some(position),
        _ => None,
    };
    Refusal {
        sqlstate: error.code().to_owned(),
        message: error.message().to_owned(),
        column: error.column().map(Ident::from),
        constraint: error.constraint().map(Ident::from),
        position,
    }
}
