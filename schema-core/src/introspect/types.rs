//! Enums and domains.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use sqlx::postgres::types::Oid;

use super::definition::collation;
use super::schemas::Schemas;
use super::{IntrospectError, rows};
use crate::catalog::{Catalog, Domain, Enum};
use crate::ident::QualifiedName;

/// The names of the catalog's enums and domains, by OID.
#[derive(Default)]
pub(super) struct Types(BTreeMap<u32, QualifiedName>);

impl Types {
    pub(super) fn name(&self, oid: u32) -> Option<&QualifiedName> {
        self.0.get(&oid)
    }

    pub(super) fn oids(&self) -> Vec<Oid> {
        self.0.keys().map(|oid| Oid(*oid)).collect()
    }
}

pub(super) async fn read(
    connection: &mut PgConnection,
    schemas: &Schemas,
    catalog: &mut Catalog,
) -> Result<Types, IntrospectError> {
    let mut types = Types::default();
    let mut bases = Vec::new();
    let query = sqlx::query(include_str!("queries/types.sql")).bind(schemas.oids());
    rows::each(connection, "types", query, |mut row| {
        let oid = row.oid()?;
        let name = schemas.qualify(row.oid()?, row.take()?);
        types.0.insert(oid, name.clone());
        let is_domain: bool = row.take()?;
        let labels: Option<Vec<String>> = row.take()?;
        let base: Option<String> = row.take()?;
        let base_oid = row.oid()?;
        let collation = collation(row.take()?, row.take()?);
        let default = row.take()?;
        let not_null = row.take()?;
        let comment = row.take()?;
        if is_domain {
            bases.push((name.clone(), base_oid));
            let domain = Domain {
                base: base.unwrap_or_default(),
                base_name: None,
                collation,
                default,
                not_null,
                checks: BTreeMap::new(),
                comment,
            };
            catalog.domains.insert(name, domain);
        } else {
            let labels = labels.unwrap_or_default();
            catalog.enums.insert(name, Enum { labels, comment });
        }
        Ok(())
    })
    .await?;
    for (name, base) in bases {
        if let Some(domain) = catalog.domains.get_mut(&name) {
            domain.base_name = types.name(base).cloned();
        }
    }
    Ok(types)
}
