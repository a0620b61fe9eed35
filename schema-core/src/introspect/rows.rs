//! Rows of a query, decoded field by field.

use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{Decode, PgConnection, Postgres, Row, Type};

use super::IntrospectError;

/// Gives every row of `query` to `take`.
pub(super) async fn each(
    connection: &mut PgConnection,
    part: &'static str,
    query: Query<'_, Postgres, PgArguments>,
    mut take: impl FnMut(Fields<'_>) -> Result<(), IntrospectError>,
) -> Result<(), IntrospectError> {
    let rows = query.persistent(false).fetch_all(connection).await;
    let rows = rows.map_err(|source| IntrospectError::Query { part, source })?;
    rows.iter()
        .try_for_each(|row| take(Fields { row, part, next: 0 }))
}

/// The fields of a row, from the left.
pub(super) struct Fields<'r> {
    row: &'r PgRow,
    part: &'static str,
    next: usize,
}

impl<'r> Fields<'r> {
    /// The next field.
    pub(super) fn take<T: Decode<'r, Postgres> + Type<Postgres>>(
        &mut self,
    ) -> Result<T, IntrospectError> {
        let index = self.next;
        self.next += 1;
        self.row
            .try_get(index)
            .map_err(|source| IntrospectError::Query {
                part: self.part,
                source,
            })
    }

    /// Leaves fields out.
    pub(super) fn skip(&mut self, fields: usize) {
        self.next += fields;
    }

    /// The next field, an OID; 0 where it is null.
    pub(super) fn oid(&mut self) -> Result<u32, IntrospectError> {
        Ok(self.take::<Option<Oid>>()?.map_or(0, |oid| oid.0))
    }
}
