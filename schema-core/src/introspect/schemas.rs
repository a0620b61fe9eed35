//! Schemas and extensions.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use sqlx::postgres::types::Oid;

use super::{IntrospectError, Scope, rows};
use crate::catalog::{Catalog, Extension, SchemaObject};
use crate::ident::{Ident, QualifiedName};

/// The schemas that are read, by OID.
pub(super) struct Schemas(BTreeMap<u32, Ident>);

impl Schemas {
    pub(super) fn oids(&self) -> Vec<Oid> {
        self.0.keys().map(|oid| Oid(*oid)).collect()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(Ident::as_str)
    }

    /// The name of an object whose query was limited to [`Schemas::oids`].
    pub(super) fn qualify(&self, schema: u32, name: String) -> QualifiedName {
        let schema = self
            .0
            .get(&schema)
            .expect("the query names these schemas only");
        QualifiedName::new(schema.clone(), name)
    }
}

pub(super) async fn read(
    connection: &mut PgConnection,
    scope: &Scope,
    catalog: &mut Catalog,
) -> Result<Schemas, IntrospectError> {
    let mut schemas = BTreeMap::new();
    let query = sqlx::query(include_str!("queries/schemas.sql"));
    rows::each(connection, "schemas", query, |mut row| {
        let (oid, name) = (row.oid()?, row.take::<String>()?);
        if scope.has_schema(&name) {
            let name = Ident::from(name);
            schemas.insert(oid, name.clone());
            let comment = row.take()?;
            catalog.schemas.insert(name, SchemaObject { comment });
        }
        Ok(())
    })
    .await?;
    let query = sqlx::query(include_str!("queries/extensions.sql"));
    rows::each(connection, "extensions", query, |mut row| {
        let (name, schema): (String, String) = (row.take()?, row.take()?);
        let schema = Some(schema.into());
        catalog.extensions.insert(name.into(), Extension { schema });
        Ok(())
    })
    .await?;
    Ok(Schemas(schemas))
}
