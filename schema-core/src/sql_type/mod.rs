//! Which Rust type is which SQL type.
//!
//! [`SqlType`] names the SQL type of a Rust type; [`ColumnType`] adds what `Option` means;
//! [`StoredAs`] lists what `#[column(type = …)]` may choose instead. The built-in SQL types are
//! the empty structs of [`pg`].

mod json;
pub mod pg;
mod range;
mod std_types;

pub use self::json::Json;
#[cfg(any(
    feature = "chrono",
    feature = "jiff",
    feature = "rust_decimal",
    feature = "time"
))]
pub(crate) use self::range::range_of;
pub use self::range::{Range, RangeElement};
#[cfg(any(
    feature = "chrono",
    feature = "ipnetwork",
    feature = "jiff",
    feature = "rust_decimal",
    feature = "serde_json",
    feature = "time",
    feature = "uuid"
))]
pub(crate) use self::std_types::stored;
use crate::def::TypeDef;

/// A Rust type with an SQL type of its own.
///
/// ```
/// use schema_core::sql_type::SqlType;
/// assert_eq!(i64::TYPE.name.name, "int8");
/// assert_eq!(<Vec<String>>::TYPE.dimensions, 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no SQL type: it does not implement `SqlType`",
    label = "no SQL type is known for it",
    note = "a type of yours derives `PgEnum`, `PgDomain` or `PgNewtype`; a JSON document is a `Json<…>`",
    note = "a type of another crate needs a feature of schema-core: `uuid`, `chrono`, `time`, `jiff`, `serde_json`, `rust_decimal` or `ipnetwork`",
    note = "for an unsigned integer take the next larger signed one: `i32` for `u16`, `i64` for `u32` and `u64`",
    note = "`#[column(type = sql(\"…\"))]` names the SQL type of any Rust type, and `#[column(skip)]` leaves the field out"
)]
pub trait SqlType {
    /// Its SQL type.
    const TYPE: TypeDef<'static>;
    /// The type that values are compared as: of a domain, the type below it.
    const BASE: TypeDef<'static> = Self::TYPE;
}

/// The type of a field: a [`SqlType`], or an `Option` of one for a nullable column.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no SQL type: it does not implement `SqlType`",
    label = "no SQL type is known for it",
    note = "a type of yours derives `PgEnum`, `PgDomain` or `PgNewtype`; a JSON document is a `Json<…>`",
    note = "a type of another crate needs a feature of schema-core: `uuid`, `chrono`, `time`, `jiff`, `serde_json`, `rust_decimal` or `ipnetwork`",
    note = "for an unsigned integer take the next larger signed one: `i32` for `u16`, `i64` for `u32` and `u64`",
    note = "`#[column(type = sql(\"…\"))]` names the SQL type of any Rust type, and `#[column(skip)]` leaves the field out"
)]
pub trait ColumnType {
    /// The type without `Option`.
    type Value: SqlType;
    /// Whether the column takes NULL.
    const NULLABLE: bool;
    /// The SQL type of the column.
    #[doc(hidden)]
    const TYPE: TypeDef<'static> = <Self::Value as SqlType>::TYPE;
    /// The type that its values are compared as.
    #[doc(hidden)]
    const BASE: &'static TypeDef<'static> = &<Self::Value as SqlType>::BASE;
    /// The type and whether it takes NULL, as they are recorded.
    #[doc(hidden)]
    const BYTES: &'static crate::private::TypeBytes =
        &crate::private::TypeBytes::new(&Self::TYPE, Self::NULLABLE);
    /// All of them.
    #[doc(hidden)]
    const COLUMN: crate::private::Piece = Self::BYTES.column();
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> ColumnType for T {
    type Value = T;
    const NULLABLE: bool = false;
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> ColumnType for Option<T> {
    type Value = T;
    const NULLABLE: bool = true;
}

/// A Rust type whose values a column of the SQL type `Sql` can hold: `#[column(type = …)]`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field cannot be stored as `{Sql}`",
    label = "does not fit `{Sql}`",
    note = "`#[column(type = sql(\"…\"))]` takes any type, unchecked"
)]
pub trait StoredAs<Sql: SqlType> {}

/// A Rust type whose columns take a literal of kind `Kind` as `default` and in predicates.
#[diagnostic::on_unimplemented(
    message = "`{Kind}` does not fit a `{Self}` column",
    label = "expected a `{Self}`",
    note = "`sql(\"…\")` takes any SQL expression"
)]
pub trait Accepts<Kind> {
    /// The smallest and largest integer.
    const RANGE: (i128, i128) = (i128::MIN, i128::MAX);
}

/// An enum that derives `PgEnum`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an enum that derives `PgEnum`",
    label = "expected a literal, a function such as `now()`, or `sql(\"…\")`"
)]
pub trait PgEnum: SqlType {
    /// Discriminants and SQL literals of the variants.
    const LITERALS: &'static [(i128, &'static str)];
}

/// Kinds of values that a column may be given.
pub mod literal {
    #![expect(non_camel_case_types, reason = "the names are read in error messages")]

    /// `1`
    #[derive(Debug)]
    pub struct integer_literal;
    /// `1.5`
    #[derive(Debug)]
    pub struct number_literal;
    /// `"text"`
    #[derive(Debug)]
    pub struct string_literal;
    /// `true`
    #[derive(Debug)]
    pub struct bool_literal;
    /// The next number of a sequence.
    #[derive(Debug)]
    pub struct identity;
}
