//! Database to [`Catalog`]: a handful of set-based queries in one snapshot.
//!
//! Text that PostgreSQL deparses (types, defaults, expressions) is read with
//! `search_path = public` and fixed settings, so that two catalogs can be compared as text.

mod columns;
mod constraints;
mod definition;
mod error;
mod indexes;
mod objects;
mod partitions;
mod relations;
mod rows;
mod schemas;
mod scope;
mod settle;
mod types;

pub use error::IntrospectError;
pub use scope::{HISTORY_TABLE, Scope};
pub use settle::settled;

use sqlx::{Connection, PgConnection};

use crate::catalog::Catalog;
use rows::Fields;

/// The oldest server that is read, as `server_version_num`.
const OLDEST_SERVER: u32 = 140_000;

/// Reads what `scope` covers, in one read-only snapshot of the database.
///
/// The connection must not be within a transaction.
pub async fn introspect(
    connection: &mut PgConnection,
    scope: &Scope,
) -> Result<Catalog, IntrospectError> {
    if let Some(version) = connection.server_version_num()
        && version < OLDEST_SERVER
    {
        return Err(IntrospectError::Server { version });
    }
    let begin = include_str!("queries/session.sql");
    let mut snapshot = connection
        .begin_with(begin)
        .await
        .map_err(IntrospectError::Snapshot)?;
    let catalog = read(&mut snapshot, scope).await?;
    snapshot
        .rollback()
        .await
        .map_err(IntrospectError::Snapshot)?;
    Ok(catalog)
}

async fn read(connection: &mut PgConnection, scope: &Scope) -> Result<Catalog, IntrospectError> {
    let mut catalog = Catalog::default();
    let schemas = schemas::read(connection, scope, &mut catalog).await?;
    let types = types::read(connection, &schemas, &mut catalog).await?;
    let mut relations = relations::read(connection, scope, &schemas).await?;
    let constraints = constraints::read(connection, &relations, &types, &mut catalog).await?;
    let columns = columns::read(connection, &mut relations, &constraints, &types).await?;
    let indexes = indexes::read(connection, &relations, &columns).await?;
    constraints::place(constraints, indexes, &columns, &mut relations)?;
    relations::place(relations, scope, &columns, &mut catalog);
    unmodelled(connection, &schemas, &mut catalog).await?;
    objects::read(connection, scope, &schemas, &mut catalog).await?;
    scope::forget_empty_history_schema(&mut catalog);
    settle::settle(&mut catalog);
    Ok(catalog)
}

async fn unmodelled(
    connection: &mut PgConnection,
    schemas: &schemas::Schemas,
    catalog: &mut Catalog,
) -> Result<(), IntrospectError> {
    let names: Vec<&str> = schemas.names().collect();
    let query = sqlx::query(include_str!("queries/unmodelled.sql"))
        .bind(schemas.oids())
        .bind(names);
    rows::each(connection, "other objects", query, |mut row: Fields<'_>| {
        let kind: String = row.take()?;
        let identity: String = row.take()?;
        catalog.unmodelled.insert(format!("{kind} {identity}"));
        Ok(())
    })
    .await
}
