//! What generated code calls; not part of the public interface.

use std::marker::PhantomData;

pub use crate::def::{
    ActionDef, CheckDef, ColumnDef, DeferrableDef, DomainDef, ElementDef, ElementKeyDef, EnumDef,
    ExcludeDef, ExtensionDef, ForeignKeyDef, IdentityDef, IndexDef, KeyDef, NameDef, Record,
    SchemaDef, SourceDef, SqlDef, TableDef, TypeDef, TypeOrigin,
};
pub use crate::metadata::encode::{Encoded, bytes, encode};
pub use crate::sql_type::{Accepts, ColumnType, PgEnum, SqlType, StoredAs, literal, pg};
pub use crate::table::{Column, Schema, Table};

mod check;
mod fits;
mod message;

pub use self::check::*;
pub use self::fits::*;

/// Puts a record into the link section of the artifact.
#[doc(hidden)]
#[macro_export]
macro_rules! __pgschema_record {
    ($record:expr) => {
        const RECORD: $crate::private::Record<'static> = $record;
        const ENCODED: $crate::private::Encoded = $crate::private::encode(&RECORD);
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__pgschema"))]
        #[cfg_attr(target_os = "windows", unsafe(link_section = ".pgsch"))]
        #[cfg_attr(
            not(any(target_vendor = "apple", target_os = "windows")),
            unsafe(link_section = ".pgschema")
        )]
        static BYTES: [u8; ENCODED.len] = $crate::private::bytes(&RECORD, &ENCODED);
    };
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

/// An SQL type with modifiers.
pub const fn modified(ty: TypeDef<'static>, modifiers: &'static [i32]) -> TypeDef<'static> {
    TypeDef { modifiers, ..ty }
}

/// A column with nothing but a type; generated code sets the other fields.
///
/// The facts about the field's type are arguments, not a bound of this function: generated code
/// asks for them as `<T as ColumnType>::…` with the tokens of the field's type everywhere, so that
/// the compiler sees one and the same mistake and shows it once.
pub const fn column(
    name: &'static str,
    line: u32,
    ty: TypeDef<'static>,
    nullable: bool,
) -> ColumnDef<'static> {
    ColumnDef {
        name,
        renamed_from: None,
        ty,
        nullable,
        default: None,
        identity: None,
        generated: None,
        collation: None,
        storage: None,
        compression: None,
        comment: None,
        backfill: None,
        using: None,
        deprecated: None,
        field: name,
        line,
    }
}

/// The type that a raw column is compared as: none.
pub const UNKNOWN: TypeDef<'static> = raw("");

/// The source of a struct in error, which is never recorded.
pub const NO_SOURCE: SourceDef<'static> = SourceDef {
    file: "",
    line: 0,
    column: 0,
    module: "",
    item: "",
};

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

/// SQL text in pieces.
pub const fn sql(parts: &'static [&'static str], line: u32) -> SqlDef<'static> {
    SqlDef {
        parts,
        depends_on: &[],
        line,
    }
}

/// A table with nothing but a name.
pub const fn table(name: NameDef<'static>, source: SourceDef<'static>) -> TableDef<'static> {
    TableDef {
        name,
        renamed_from: None,
        comment: None,
        unlogged: false,
        storage_parameters: &[],
        tablespace: None,
        columns: &[],
        primary_key: None,
        uniques: &[],
        indexes: &[],
        foreign_keys: &[],
        checks: &[],
        excludes: &[],
        ignore_columns: &[],
        managed: true,
        source,
    }
}

/// A key with nothing but a name and columns.
pub const fn key(
    name: &'static str,
    columns: &'static [&'static str],
    line: u32,
) -> KeyDef<'static> {
    KeyDef {
        name,
        renamed_from: None,
        columns,
        include: &[],
        nulls_not_distinct: false,
        deferrable: DeferrableDef::No,
        storage_parameters: &[],
        line,
    }
}

/// A B-tree index of nothing yet.
pub const fn index(name: &'static str, line: u32) -> IndexDef<'static> {
    IndexDef {
        name,
        renamed_from: None,
        unique: false,
        method: "btree",
        elements: &[],
        include: &[],
        predicate: None,
        nulls_not_distinct: false,
        storage_parameters: &[],
        line,
    }
}

/// An element that is a column.
pub const fn element(name: &'static str) -> ElementDef<'static> {
    key_element(ElementKeyDef::Column(name))
}

/// An element that is an expression.
pub const fn expression(sql: SqlDef<'static>) -> ElementDef<'static> {
    key_element(ElementKeyDef::Expression(sql))
}

const fn key_element(key: ElementKeyDef<'static>) -> ElementDef<'static> {
    ElementDef {
        key,
        descending: false,
        nulls_first: None,
        opclass: None,
        collation: None,
    }
}

/// A check without its predicate.
pub const fn check(
    name: &'static str,
    columns: &'static [&'static str],
    line: u32,
) -> CheckDef<'static> {
    CheckDef {
        name,
        renamed_from: None,
        predicate: sql(&[], line),
        columns,
        not_valid: false,
        line,
    }
}

/// An exclusion constraint of nothing yet.
pub const fn exclude(name: &'static str, method: &'static str, line: u32) -> ExcludeDef<'static> {
    ExcludeDef {
        name,
        renamed_from: None,
        method,
        elements: &[],
        include: &[],
        predicate: None,
        deferrable: DeferrableDef::No,
        storage_parameters: &[],
        line,
    }
}

/// What a foreign key references: columns of one table.
pub struct References<const N: usize> {
    pub table: NameDef<'static>,
    pub columns: [Column<(), ()>; N],
    keys: &'static [&'static [&'static str]],
}

/// See [`References`]; asks for the table's trait once.
pub const fn references<To: Table, const N: usize>(columns: [Column<To, ()>; N]) -> References<N> {
    let mut erased = [Column::new("", UNKNOWN); N];
    let mut index = 0;
    while index < N {
        erased[index] = Column::new(columns[index].name(), columns[index].base());
        index += 1;
    }
    References {
        table: To::NAME,
        columns: erased,
        keys: To::KEYS,
    }
}

/// A foreign key without actions.
pub const fn foreign_key(
    name: &'static str,
    columns: &'static [&'static str],
    references: NameDef<'static>,
    line: u32,
) -> ForeignKeyDef<'static> {
    ForeignKeyDef {
        name,
        renamed_from: None,
        columns,
        references,
        referenced_columns: &[],
        on_delete: ActionDef::NoAction,
        on_update: ActionDef::NoAction,
        match_full: false,
        deferrable: DeferrableDef::No,
        not_valid: false,
        line,
    }
}
