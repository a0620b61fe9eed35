//! Names for queries of `sea-query`, and values that the columns' types check.
//!
//! `#[table]` gives the struct one [`Name`] for the table and one for each column, under the names
//! that `sea-query`'s own derive would choose; [`insert`], [`names`] and [`Column::val`] take the
//! typed columns of `COLUMNS`, and compile only with values of their types.
//!
//! ```
//! use schema_core::prelude::*;
//! use schema_core::sea_query::{columns, insert};
//! use sea_query::{Expr, ExprTrait, PostgresQueryBuilder, Query};
//!
//! #[table(schema = "sales", name = "orders")]
//! struct Order {
//!     #[column(primary_key, identity)]
//!     id: i64,
//!     #[column(name = "state")]
//!     status: Option<String>,
//! }
//!
//! let query = Query::select()
//!     .columns([Order::Id, Order::Status])
//!     .from(Order::Table)
//!     .and_where(Expr::col((Order::Table, Order::Status)).is_not_null())
//!     .to_string(PostgresQueryBuilder);
//! assert_eq!(
//!     query,
//!     r#"SELECT "id", "state" FROM "sales"."orders" WHERE "sales"."orders"."state" IS NOT NULL"#
//! );
//!
//! let order = Order::COLUMNS;
//! let query = insert((order.id, order.status)).row((1, "open")).row((2, None)).statement();
//! assert_eq!(
//!     query.to_string(PostgresQueryBuilder),
//!     r#"INSERT INTO "sales"."orders" ("id", "state") VALUES (1, 'open'), (2, NULL)"#
//! );
//!
//! let all = Query::select().columns(columns::<Order>()).from(Order::Table).to_string(PostgresQueryBuilder);
//! assert_eq!(all, r#"SELECT "id", "state" FROM "sales"."orders""#);
//! ```

mod insert;
mod other_crates;
mod values;

use std::borrow::Cow;

#[doc(hidden)]
pub use ::sea_query::Expr;
use ::sea_query::{DynIden, Iden, IdenStatic, IntoIden, SchemaName, TableName};

pub use self::insert::{ColumnList, Insert, RowFor, insert, names};
pub use self::values::{Operand, ValueFor};
use crate::table::{Column, Table};

/// The name of a table, with its schema, or of a column: `User::Table`, `User::Email`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// As it stands between quotes: `sales"."orders`.
    quoted: &'static str,
    name: &'static str,
}

impl Name {
    /// A name, and the same as it stands between quotes.
    #[doc(hidden)]
    pub const fn new(quoted: &'static str, name: &'static str) -> Self {
        Self { quoted, name }
    }
}

impl Iden for Name {
    /// What is borrowed is written as it is; the quotes within are doubled already.
    fn quoted(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.quoted)
    }

    fn unquoted(&self) -> &str {
        self.name
    }
}

impl IdenStatic for Name {
    fn as_str(&self) -> &'static str {
        self.name
    }
}

impl<T, V> Iden for Column<T, V> {
    fn quoted(&self) -> Cow<'static, str> {
        self.name().quoted()
    }

    fn unquoted(&self) -> &str {
        self.name()
    }
}

/// A table whose columns have names.
#[doc(hidden)]
pub trait Named: Table {
    /// The columns, in the order of the fields.
    const ALL: &'static [Name];
}

/// All columns of a table, in the order of its fields: what `sqlx::FromRow` of the struct reads.
pub fn columns<T: Named>() -> impl Iterator<Item = Name> + Clone {
    T::ALL.iter().copied()
}

/// The table of a struct, with its schema; where the struct is known it is `User::Table`.
pub fn table<T: Table>() -> TableName {
    let schema = (!T::NAME.schema.is_empty()).then(|| SchemaName(None, T::NAME.schema.into_iden()));
    TableName(schema, T::NAME.name.into_iden())
}

/// A name that is written as it is.
fn verbatim(text: String) -> DynIden {
    DynIden::from(text)
}
