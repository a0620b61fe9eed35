//! Whether what an option says fits the type of the field, so that one mistake is one message.

use std::marker::PhantomData;

use super::{Piece, Probe, TypeBytes};
use crate::def::TypeDef;
use crate::sql_type::{Accepts, PgEnum, SqlType, StoredAs};

/// An SQL type that can hold the values of a field of the type `Field`.
///
/// The bound is named from the side of the SQL type, because the compiler points at the first type
/// of `<A as Trait<B>>`, and that is the word that the user wrote.
#[diagnostic::on_unimplemented(
    message = "`{Field}` cannot be stored as `{Self}`",
    label = "the field is a `{Field}`",
    note = "a type of yours derives `PgNewtype` or `PgDomain`, and a JSON document is a `Json<…>`",
    note = "`type = sql(\"…\")` takes any type, unchecked"
)]
pub trait Stores<Field> {
    /// The type.
    const TYPE: TypeDef<'static>;
    /// The type that its values are compared as.
    const BASE: &'static TypeDef<'static>;
    /// Whether the field is an `Option`.
    const NULLABLE: bool;
    /// The type and whether the field is an `Option`, as they are recorded.
    const BYTES: &'static TypeBytes = &TypeBytes::new(&Self::TYPE, Self::NULLABLE);
    /// All of them.
    const COLUMN: Piece = Self::BYTES.column();
    /// The type only.
    const PIECE: Piece = Self::BYTES.ty();
}

#[diagnostic::do_not_recommend]
impl<Field: SqlType + StoredAs<Sql>, Sql: SqlType> Stores<Field> for Sql {
    const TYPE: TypeDef<'static> = Sql::TYPE;
    const BASE: &'static TypeDef<'static> = &Sql::BASE;
    const NULLABLE: bool = false;
}

#[diagnostic::do_not_recommend]
impl<Field: SqlType + StoredAs<Sql>, Sql: SqlType> Stores<Option<Field>> for Sql {
    const TYPE: TypeDef<'static> = Sql::TYPE;
    const BASE: &'static TypeDef<'static> = &Sql::BASE;
    const NULLABLE: bool = true;
}

/// Whether a column of the type `Value` takes a literal of kind `Kind`: `Fit::<…>::RANGE` finds
/// the inherent constant first, and that of [`NoFit`] otherwise.
#[derive(Debug)]
pub struct Fit<Value, Kind>(PhantomData<(Value, Kind)>);

impl<Value: Accepts<Kind>, Kind> Fit<Value, Kind> {
    /// The smallest and largest integer.
    pub const RANGE: Option<(i128, i128)> = Some(Value::RANGE);
}

/// See [`Fit`].
pub trait NoFit {
    /// Nothing fits.
    const RANGE: Option<(i128, i128)> = None;
}

impl<Value, Kind> NoFit for Fit<Value, Kind> {}

impl<E: PgEnum> Probe<E> {
    /// Discriminants and SQL literals of an enum.
    pub const LITERALS: Option<&'static [(i128, &'static str)]> = Some(E::LITERALS);
}

/// See [`Probe`]: any other type.
pub trait NotEnum {
    /// None.
    const LITERALS: Option<&'static [(i128, &'static str)]> = None;
}

impl<T> NotEnum for Probe<T> {}
