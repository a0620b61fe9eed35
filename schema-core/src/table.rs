//! Tables and columns as the compiler sees them, so that paths such as `User::id` can be checked.

use std::fmt;
use std::marker::PhantomData;

use crate::def::{NameDef, TypeDef};

/// A struct with `#[table]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "expected a struct with `#[table]`"
)]
pub trait Table {
    /// A struct with one [`Column`] per field.
    type Columns;
    /// The columns: `User::COLUMNS.email`.
    const COLUMNS: Self::Columns;
    /// The name in the database.
    const NAME: NameDef<'static>;
    /// Columns of the primary key and of each unique constraint.
    #[doc(hidden)]
    const KEYS: &'static [&'static [&'static str]];
}

/// A struct with `#[view]` or `#[materialized_view]`: rows are read from it as from a table, and nothing
/// can reference it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "expected a struct with `#[view]` or `#[materialized_view]`"
)]
pub trait View: Table {}

/// A schema that `pg_schema!` declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a schema",
    label = "declare it with `pg_schema!({Self})`, or name it as a string"
)]
pub trait Schema {
    /// The name in the database.
    const NAME: &'static str;
}

/// A column of the table `T` whose field is of the type `V`.
pub struct Column<T, V> {
    #[doc(hidden)]
    pub name: &'static str,
    #[doc(hidden)]
    pub base: &'static TypeDef<'static>,
    #[doc(hidden)]
    pub types: PhantomData<fn() -> (T, V)>,
}

impl<T, V> Column<T, V> {
    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<T, V> Copy for Column<T, V> {}

impl<T, V> Clone for Column<T, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, V> fmt::Debug for Column<T, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Column").field(&self.name).finish()
    }
}
