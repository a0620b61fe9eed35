//! What generated code calls; not part of the public interface.

pub use std::marker::PhantomData;

#[cfg(feature = "sea-query")]
pub use crate::integrations::sea_query;
#[cfg(feature = "sqlx")]
pub use crate::integrations::sqlx;

pub use crate::def::{NameDef, TypeDef, TypeOrigin};
pub use crate::metadata::encode::{Piece, TypeBytes, record, record_len};
#[cfg(feature = "migrate")]
pub use crate::migrate::Migrator;
pub use crate::sql_type::{Accepts, ColumnType, PgEnum, SqlType, StoredAs, literal, pg};
pub use crate::table::{Column, Schema, Table, View};

mod check;
mod fits;
mod message;
#[cfg(any(feature = "sea-query", feature = "sqlx"))]
mod queries;

pub use self::check::*;
pub use self::fits::*;
#[cfg(any(feature = "sea-query", feature = "sqlx"))]
pub use self::queries::*;

/// Puts a record into the link section of the artifact.
#[doc(hidden)]
#[macro_export]
macro_rules! __pgschema_record {
    ($known:literal, $resolved:expr) => {
        const RESOLVED: &[$crate::private::Piece] = $resolved;
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__pgschema"))]
        #[cfg_attr(target_os = "windows", unsafe(link_section = ".pgsch"))]
        #[cfg_attr(
            not(any(target_vendor = "apple", target_os = "windows")),
            unsafe(link_section = ".pgschema")
        )]
        static BYTES: [u8; $crate::private::record_len($known, RESOLVED)] =
            $crate::private::record($known, RESOLVED);
    };
}

/// Code for queries of `sea-query`, which is left out without the feature.
#[cfg(feature = "sea-query")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_sea_query {
    ($($code:tt)*) => { $($code)* };
}

/// As above.
#[cfg(not(feature = "sea-query"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_sea_query {
    ($($code:tt)*) => {};
}

/// Code for rows and types of `sqlx`, which is left out without the feature.
#[cfg(feature = "sqlx")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_sqlx {
    ($($code:tt)*) => { $($code)* };
}

/// As above.
#[cfg(not(feature = "sqlx"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_sqlx {
    ($($code:tt)*) => {};
}

/// Code for either of them.
#[cfg(any(feature = "sea-query", feature = "sqlx"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_queries {
    ($($code:tt)*) => { $($code)* };
}

/// As above.
#[cfg(not(any(feature = "sea-query", feature = "sqlx")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_queries {
    ($($code:tt)*) => {};
}

/// A type given as SQL text.
pub const fn raw(sql: &'static str) -> TypeDef<'static> {
    TypeDef {
        name: NameDef {
            schema: "",
            name: sql,
        },
        modifiers: &[],
        dimensions: 0,
        origin: TypeOrigin::Raw,
    }
}

/// The type that a `PgEnum` or `PgDomain` is.
pub const fn declared(name: NameDef<'static>) -> TypeDef<'static> {
    TypeDef {
        name,
        modifiers: &[],
        dimensions: 0,
        origin: TypeOrigin::Declared,
    }
}

/// The type that a raw column is compared as: none.
pub const UNKNOWN: &TypeDef<'static> = &raw("");

/// Where to look up facts that not every type has. Whether a type without SQL mapping is an `Option`: `Probe::<T>::NULLABLE` finds the inherent
/// constant first, and that of [`NotOption`] otherwise.
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<Option<T>> {
    pub const NULLABLE: bool = true;
}

/// See [`Probe`].
pub trait NotOption {
    const NULLABLE: bool = false;
}

impl<T> NotOption for Probe<T> {}

/// The name of a table: `Probe::<T>::SQL_NAME`.
pub trait TableName {
    const SQL_NAME: NameDef<'static>;
}

impl<T: Table> TableName for Probe<T> {
    const SQL_NAME: NameDef<'static> = T::NAME;
}

/// The name of a type: `Probe::<T>::SQL_NAME`.
pub trait TypeName {
    const SQL_NAME: NameDef<'static>;
}

impl<T: SqlType> TypeName for Probe<T> {
    const SQL_NAME: NameDef<'static> = T::TYPE.name;
}

/// A column without its Rust type, in the checks of foreign keys.
#[derive(Clone, Copy)]
pub struct Operand {
    pub name: &'static str,
    pub base: &'static TypeDef<'static>,
}

/// See [`Operand`].
pub const fn operand<T, V>(column: Column<T, V>) -> Operand {
    Operand {
        name: column.name,
        base: column.base,
    }
}

/// What a foreign key references: columns of one table.
pub struct References<const N: usize> {
    pub table: NameDef<'static>,
    pub columns: [Operand; N],
    keys: &'static [&'static [&'static str]],
}

/// See [`References`].
pub const fn references<const N: usize>(
    columns: [Operand; N],
    table: NameDef<'static>,
    keys: &'static [&'static [&'static str]],
) -> References<N> {
    References {
        table,
        columns,
        keys,
    }
}
