//! Names for queries of `sea-query`: the columns and tables that the structs declare.
//!
//! ```
//! use schema_core::prelude::*;
//! use schema_core::sea_query::table;
//! use sea_query::{Expr, ExprTrait, PostgresQueryBuilder, Query};
//!
//! #[table(schema = "sales", name = "orders")]
//! struct Order {
//!     #[column(primary_key)]
//!     id: i64,
//!     #[column(name = "state")]
//!     status: String,
//! }
//!
//! let query = Query::select()
//!     .column(Order::COLUMNS.id)
//!     .from(table::<Order>())
//!     .and_where(Expr::col(Order::COLUMNS.status).is_not_null())
//!     .to_string(PostgresQueryBuilder);
//! assert_eq!(query, r#"SELECT "id" FROM "sales"."orders" WHERE "state" IS NOT NULL"#);
//! ```

use std::borrow::Cow;

use ::sea_query::{Iden, IntoIden, SchemaName, TableName};

use crate::table::{Column, Table};

impl<T, V> Iden for Column<T, V> {
    fn quoted(&self) -> Cow<'static, str> {
        self.name().quoted()
    }

    fn unquoted(&self) -> &str {
        self.name()
    }
}

/// The table of a struct, with its schema.
pub fn table<T: Table>() -> TableName {
    let schema = (!T::NAME.schema.is_empty()).then(|| SchemaName(None, T::NAME.schema.into_iden()));
    TableName(schema, T::NAME.name.into_iden())
}
