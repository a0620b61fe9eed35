//! Values of columns as expressions.
//!
//! Booleans, numbers, text and bytes are parameters of their own types. All else is text with a
//! cast, so that no feature of `sea-query` and of what binds its parameters has to be chosen.

use std::fmt::{Display, Write as _};

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
    /// Whether its text is that of an array.
    #[doc(hidden)]
    const IS_ARRAY: bool = false;
    /// The value as PostgreSQL reads it.
    fn into_text(self) -> String;
    /// The value as an expression.
    fn into_expr(self) -> Expr {
        cast(Expr::val(self.into_text()), &Self::TYPE)
    }
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

/// Types that are values of `sea-query` whatever its features are.
macro_rules! own {
    ($($rust:ty = |$value:ident| $text:expr;)*) => { $(
        impl Operand for $rust {
            fn into_text(self) -> String {
                let $value = self;
                $text
            }

            fn into_expr(self) -> Expr {
                Expr::val(self)
            }
        }
    )* };
}
own! {
    bool = |it| it.to_string();
    i16 = |it| it.to_string();
    i32 = |it| it.to_string();
    i64 = |it| it.to_string();
    f32 = |it| it.to_string();
    f64 = |it| it.to_string();
    String = |it| it;
    Vec<u8> = |it| hexadecimal(&it);
}

/// Types by their text.
macro_rules! by_text {
    ($($rust:ty = |$value:ident| $text:expr;)*) => { $(
        impl $crate::sea_query::Operand for $rust {
            fn into_text(self) -> String {
                let $value = self;
                $text
            }
        }
    )* };
}
#[cfg(any(
    feature = "chrono",
    feature = "ipnetwork",
    feature = "jiff",
    feature = "rust_decimal",
    feature = "serde_json",
    feature = "time",
    feature = "uuid"
))]
pub(super) use by_text;

by_text! {
    std::net::IpAddr = |address| address.to_string();
    std::net::Ipv4Addr = |address| address.to_string();
    std::net::Ipv6Addr = |address| address.to_string();
    std::time::Duration = |took| interval(took.as_secs(), took.subsec_micros());
}

/// Seconds and microseconds as PostgreSQL reads them.
pub(super) fn interval(seconds: impl Display, microseconds: impl Display) -> String {
    format!("{seconds} seconds {microseconds} microseconds")
}

/// `\x00ff`
fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::from("\\x");
    for byte in bytes {
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}

impl<const N: usize> Operand for [u8; N] {
    fn into_text(self) -> String {
        hexadecimal(&self)
    }

    fn into_expr(self) -> Expr {
        Expr::val(self.to_vec())
    }
}

impl Operand for Box<str> {
    fn into_text(self) -> String {
        self.into_string()
    }

    fn into_expr(self) -> Expr {
        Expr::val(self.into_string())
    }
}

impl<T: Operand> Operand for Box<T> {
    const IS_ARRAY: bool = T::IS_ARRAY;

    fn into_text(self) -> String {
        (*self).into_text()
    }

    fn into_expr(self) -> Expr {
        (*self).into_expr()
    }
}

impl<T: Operand> Operand for Vec<T> {
    const IS_ARRAY: bool = true;

    fn into_text(self) -> String {
        array(self)
    }
}

impl<T: Operand, const N: usize> Operand for [T; N] {
    const IS_ARRAY: bool = true;

    fn into_text(self) -> String {
        array(self)
    }
}

/// `{"a","b"}`, `{{"1"},{"2"}}`
fn array<T: Operand>(elements: impl IntoIterator<Item = T>) -> String {
    let elements: Vec<_> = elements
        .into_iter()
        .map(Operand::into_text)
        .map(|text| if T::IS_ARRAY { text } else { escaped(&text) })
        .collect();
    format!("{{{}}}", elements.join(","))
}

/// A text in an array or a range.
fn escaped(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl<T: RangeElement + Operand> Operand for Range<T> {
    fn into_text(self) -> String {
        use std::ops::Bound::{Excluded, Included, Unbounded};
        let opened = if matches!(self.start, Included(_)) {
            '['
        } else {
            '('
        };
        let closed = if matches!(self.end, Included(_)) {
            ']'
        } else {
            ')'
        };
        let [start, end] = [self.start, self.end].map(|bound| match bound {
            Included(value) | Excluded(value) => escaped(&value.into_text()),
            Unbounded => String::new(),
        });
        format!("{opened}{start},{end}{closed}")
    }
}

#[cfg(feature = "serde_json")]
impl<T: serde::Serialize> Operand for Json<T> {
    /// # Panics
    ///
    /// If the value cannot be JSON, such as a map whose keys are no strings.
    fn into_text(self) -> String {
        match serde_json::to_string(&self.0) {
            Ok(json) => json,
            Err(error) => panic!("a value of a `Json` column is no JSON: {error}"),
        }
    }
}
