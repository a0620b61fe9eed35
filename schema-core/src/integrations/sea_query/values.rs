//! Values of columns as expressions.
//!
//! Booleans, numbers, text and bytes are parameters of their own types. All else is text with a
//! cast, so that no feature of `sea-query` and of what binds its parameters has to be chosen.

use ::sea_query::{Expr, ExprTrait, Keyword};

use super::verbatim;
use crate::def::{TypeDef, TypeOrigin};
#[cfg(feature = "serde_json")]
use crate::sql_type::Json;
use crate::sql_type::{ColumnType, Range, RangeElement, SqlType};
use crate::table::Column;

/// A Rust type whose values can stand in a query of `sea-query`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot stand in a query of `sea-query`",
    label = "no expression is known for it",
    note = "give the value as an expression of `sea-query` itself, such as `Expr::val(…).cast_as(…)`"
)]
pub trait Operand: SqlType + Sized {
    /// The value as an expression.
    fn into_expr(self) -> Expr;
}

/// A value that a column of a field of the type `V` takes: the same type, `&str` for text, and
/// for an `Option` also the value without it.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is no value for a `{V}` column",
    label = "expected a `{V}`"
)]
pub trait ValueFor<V> {
    /// The value as an expression.
    fn into_value(self) -> Expr;
}

impl<V: Operand> ValueFor<V> for V {
    fn into_value(self) -> Expr {
        self.into_expr()
    }
}

impl<V: Operand> ValueFor<Option<V>> for V {
    fn into_value(self) -> Expr {
        self.into_expr()
    }
}

impl<V: Operand> ValueFor<Option<V>> for Option<V> {
    fn into_value(self) -> Expr {
        self.map_or_else(|| Expr::from(Keyword::Null), Operand::into_expr)
    }
}

impl ValueFor<String> for &str {
    fn into_value(self) -> Expr {
        Expr::val(self)
    }
}

impl ValueFor<Option<String>> for &str {
    fn into_value(self) -> Expr {
        Expr::val(self)
    }
}

impl<T, V: ColumnType> Column<T, V> {
    /// A value for this column, or to compare it with.
    ///
    /// ```
    /// # use schema_core::prelude::*;
    /// # use sea_query::{Expr, ExprTrait, PostgresQueryBuilder, Query};
    /// #[derive(PgEnum)]
    /// enum Role {
    ///     Admin,
    ///     Member,
    /// }
    ///
    /// #[table(name = "users")]
    /// struct User {
    ///     #[column(primary_key)]
    ///     id: i64,
    ///     role: Role,
    /// }
    ///
    /// let query = Query::update()
    ///     .table(User::Table)
    ///     .value(User::Role, User::COLUMNS.role.val(Role::Admin))
    ///     .and_where(Expr::col(User::Id).eq(User::COLUMNS.id.val(7)))
    ///     .to_string(PostgresQueryBuilder);
    /// assert_eq!(query, r#"UPDATE "users" SET "role" = CAST('admin' AS "role") WHERE "id" = 7"#);
    /// ```
    ///
    /// A value of another type does not compile:
    ///
    /// ```compile_fail
    /// # use schema_core::prelude::*;
    /// # #[table] struct User { #[column(primary_key)] id: i64 }
    /// let name = User::COLUMNS.id.val("seven");
    /// ```
    pub fn val(self, value: impl ValueFor<V>) -> Expr {
        let (expr, own) = (value.into_value(), V::BASE);
        if alike(self.base, own) {
            expr
        } else {
            cast(expr, self.base)
        }
    }

    /// Whether it takes NULL.
    pub const fn is_nullable(self) -> bool {
        V::NULLABLE
    }
}

/// Whether a value of the one type needs no cast for a column of the other.
fn alike(column: &TypeDef<'_>, value: &TypeDef<'_>) -> bool {
    let is_text = |it: &TypeDef<'_>| matches!(it.name.name, "text" | "varchar");
    let unknown = matches!(column.origin, TypeOrigin::Raw);
    let same = column.name == value.name || is_text(column) && is_text(value);
    unknown || same && (column.dimensions == 0) == (value.dimensions == 0)
}

/// `CAST(… AS "sales"."state"[])`
fn cast(expr: Expr, ty: &TypeDef<'_>) -> Expr {
    let double = |text: &str| text.replace('"', "\"\"");
    let mut name = double(ty.name.name);
    if !ty.name.schema.is_empty() {
        name = format!("{}\".\"{name}", double(ty.name.schema));
    }
    if ty.dimensions > 0 {
        name.push_str("[]");
    }
    // The name of a type is written as it is, between quotes.
    expr.as_enum(verbatim(name))
}

/// Text as a value of a type.
pub(super) fn text<T: SqlType>(text: String) -> Expr {
    cast(Expr::val(text), &T::TYPE)
}

/// The label of an enum.
pub fn label<T: SqlType>(label: &'static str) -> Expr {
    cast(Expr::val(label), &T::TYPE)
}

/// Types that are values of `sea-query` whatever its features are.
macro_rules! own {
    ($($rust:ty)*) => { $(
        impl Operand for $rust {
            fn into_expr(self) -> Expr {
                Expr::val(self)
            }
        }
    )* };
}
own! { bool i16 i32 i64 f32 f64 String Vec<u8> }

/// Types by their text.
macro_rules! by_text {
    ($($(#[$feature:meta])? $rust:ty = |$value:ident| $text:expr;)*) => { $(
        $(#[$feature])?
        impl $crate::sea_query::Operand for $rust {
            fn into_expr(self) -> ::sea_query::Expr {
                let $value = self;
                $crate::integrations::sea_query::values::text::<$rust>($text)
            }
        }
    )* };
}
pub(super) use by_text;

by_text! {
    std::net::IpAddr = |address| address.to_string();
    std::net::Ipv4Addr = |address| address.to_string();
    std::net::Ipv6Addr = |address| address.to_string();
    std::time::Duration = |took| interval(took.as_secs(), took.subsec_micros());
}

/// Seconds and microseconds as PostgreSQL reads them.
pub(super) fn interval(
    seconds: impl std::fmt::Display,
    microseconds: impl std::fmt::Display,
) -> String {
    format!("{seconds} seconds {microseconds} microseconds")
}

impl<const N: usize> Operand for [u8; N] {
    fn into_expr(self) -> Expr {
        Expr::val(self.to_vec())
    }
}

impl Operand for Box<str> {
    fn into_expr(self) -> Expr {
        Expr::val(self.into_string())
    }
}

impl<T: Operand> Operand for Box<T> {
    fn into_expr(self) -> Expr {
        (*self).into_expr()
    }
}

impl<T: Operand> Operand for Vec<T> {
    fn into_expr(self) -> Expr {
        array(self)
    }
}

impl<T: Operand, const N: usize> Operand for [T; N] {
    fn into_expr(self) -> Expr {
        array(self)
    }
}

/// `ARRAY[…]`, which without elements would have no type.
fn array<T: Operand>(elements: impl IntoIterator<Item = T>) -> Expr {
    let elements: Vec<_> = elements.into_iter().map(Operand::into_expr).collect();
    if elements.is_empty() {
        return Expr::cust("'{}'");
    }
    let places: Vec<_> = (1..=elements.len()).map(|at| format!("${at}")).collect();
    Expr::cust_with_exprs(format!("ARRAY[{}]", places.join(", ")), elements)
}

impl<T: RangeElement + Operand> Operand for Range<T> {
    fn into_expr(self) -> Expr {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let end = |bound| match bound {
            Included(value) | Excluded(value) => T::into_expr(value),
            Unbounded => Expr::from(Keyword::Null),
        };
        let opened = if matches!(self.start, Included(_)) { '[' } else { '(' };
        let closed = if matches!(self.end, Included(_)) { ']' } else { ')' };
        let function = <T::Range as SqlType>::TYPE.name.name;
        Expr::cust_with_exprs(
            format!("{function}($1, $2, '{opened}{closed}')"),
            [end(self.start), end(self.end)],
        )
    }
}

#[cfg(feature = "serde_json")]
impl<T: serde::Serialize> Operand for Json<T> {
    /// # Panics
    ///
    /// If the value cannot be JSON, such as a map whose keys are no strings.
    fn into_expr(self) -> Expr {
        match serde_json::to_string(&self.0) {
            Ok(json) => text::<Self>(json),
            Err(error) => panic!("a value of a `Json` column is no JSON: {error}"),
        }
    }
}
