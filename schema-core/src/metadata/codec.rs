//! How each definition is written and read: one description, from which both halves are made.
//!
//! A field is described by its kind: `str`, `bool`, `u8`, `u32`, `i32`, `i64` or another described
//! type; `(kind?)` for an option, `[kind]` for a list, `(kind, kind)` for a pair.
#![expect(
    clippy::cast_possible_truncation,
    reason = "only the low bits are wanted"
)]

#[cfg(feature = "engine")]
use super::decode::{DecodeError, Reader};
use super::encode::{Writer, byte, count};
use crate::def::{
    ActionDef, CheckDef, ColumnDef, DeferrableDef, DomainDef, ElementDef, ElementKeyDef, EnumDef,
    ExcludeDef, ExtensionDef, ForeignKeyDef, IdentityDef, IndexDef, KeyDef, NameDef, Record,
    SchemaDef, SourceDef, SqlDef, TableDef, TypeDef, TypeOrigin,
};

macro_rules! codec {
    () => {};
    (struct $name:ident$(<$life:lifetime>)? { $($field:ident: $kind:tt,)* } $($rest:tt)*) => {
        impl<'a> $name$(<$life>)? {
            /// The fields, in the order of the description.
            pub(super) const fn write(&self, writer: &mut Writer<'_>) {
                $( put!(writer, &self.$field, $kind); )*
            }

            /// What [`Self::write`] wrote.
            #[cfg(feature = "engine")]
            pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
                Ok(Self { $( $field: get!(reader, $kind), )* })
            }
        }
        codec! { $($rest)* }
    };
    (enum $name:ident$(<$life:lifetime>)? { $($tag:literal => $variant:ident $(($value:ident: $kind:tt))?,)* } $($rest:tt)*) => {
        impl $(<$life>)? $name$(<$life>)? {
            /// The tag, then the value if there is one.
            pub(super) const fn write(&self, writer: &mut Writer<'_>) {
                match self {
                    $( Self::$variant $(($value))? => {
                        byte!(writer, $tag);
                        $( put!(writer, $value, $kind); )?
                    } )*
                }
            }

            /// What [`Self::write`] wrote.
            #[cfg(feature = "engine")]
            pub(super) fn read(reader: &mut Reader<$($life)?>) -> Result<Self, DecodeError> {
                match reader.u8()? {
                    $( $tag => Ok(Self::$variant $(({
                        let $value = get!(reader, $kind);
                        $value
                    }))?), )*
                    _ => Err(reader.invalid(stringify!($name))),
                }
            }
        }
        codec! { $($rest)* }
    };
}

/// Writes a reference to a value of a kind.
macro_rules! put {
    ($writer:ident, $value:expr, [$kind:tt]) => {{
        let items = *$value;
        count!($writer, items.len());
        let mut index = 0;
        while index < items.len() {
            put!($writer, &items[index], $kind);
            index += 1;
        }
    }};
    ($writer:ident, $value:expr, ($kind:tt ?)) => {
        match $value {
            None => {
                byte!($writer, 0);
            }
            Some(value) => {
                byte!($writer, 1);
                put!($writer, value, $kind);
            }
        }
    };
    ($writer:ident, $value:expr, ($first:tt, $second:tt)) => {{
        let (first, second) = $value;
        put!($writer, first, $first);
        put!($writer, second, $second);
    }};
    ($writer:ident, $value:expr, str) => {
        $writer.str($value)
    };
    ($writer:ident, $value:expr, bool) => {
        byte!($writer, *$value as u8)
    };
    ($writer:ident, $value:expr, u8) => {
        byte!($writer, *$value)
    };
    ($writer:ident, $value:expr, u32) => {
        count!($writer, *$value)
    };
    ($writer:ident, $value:expr, i32) => {
        $writer.bytes(&$value.to_le_bytes())
    };
    ($writer:ident, $value:expr, i64) => {
        $writer.bytes(&$value.to_le_bytes())
    };
    ($writer:ident, $value:expr, $described:ident) => {
        $described::write($value, $writer)
    };
}

/// Reads a value of a kind.
#[cfg(feature = "engine")]
macro_rules! get {
    ($reader:ident, [$kind:tt]) => {{
        let count = $reader.count()?;
        let mut items = bumpalo::collections::Vec::with_capacity_in(count, $reader.arena);
        for _ in 0..count {
            items.push(get!($reader, $kind));
        }
        &*items.into_bump_slice()
    }};
    ($reader:ident, ($kind:tt ?)) => {
        if $reader.bool()? {
            Some(get!($reader, $kind))
        } else {
            None
        }
    };
    ($reader:ident, ($first:tt, $second:tt)) => {
        (get!($reader, $first), get!($reader, $second))
    };
    ($reader:ident, str) => {
        $reader.str()?
    };
    ($reader:ident, bool) => {
        $reader.bool()?
    };
    ($reader:ident, u8) => {
        $reader.u8()?
    };
    ($reader:ident, u32) => {
        $reader.u32()?
    };
    ($reader:ident, i32) => {
        $reader.i32()?
    };
    ($reader:ident, i64) => {
        $reader.i64()?
    };
    ($reader:ident, $described:ident) => {
        $described::read($reader)?
    };
}

codec! {
    enum Record<'a> {
        0 => Table(table: TableDef),
        1 => Enum(value: EnumDef),
        2 => Domain(domain: DomainDef),
        3 => Schema(schema: SchemaDef),
        4 => Extension(extension: ExtensionDef),
    }

    struct SourceDef<'a> {
        file: str,
        line: u32,
        column: u32,
        module: str,
        item: str,
    }

    struct NameDef<'a> {
        schema: str,
        name: str,
    }

    struct SqlDef<'a> {
        parts: [str],
        depends_on: [NameDef],
        line: u32,
    }

    struct TableDef<'a> {
        name: NameDef,
        renamed_from: (str?),
        comment: (str?),
        unlogged: bool,
        storage_parameters: [(str, str)],
        tablespace: (str?),
        columns: [ColumnDef],
        primary_key: (KeyDef?),
        uniques: [KeyDef],
        indexes: [IndexDef],
        foreign_keys: [ForeignKeyDef],
        checks: [CheckDef],
        excludes: [ExcludeDef],
        ignore_columns: [str],
        managed: bool,
        source: SourceDef,
    }

    struct ColumnDef<'a> {
        name: str,
        renamed_from: (str?),
        ty: TypeDef,
        nullable: bool,
        default: (SqlDef?),
        identity: (IdentityDef?),
        generated: (SqlDef?),
        collation: (str?),
        storage: (str?),
        compression: (str?),
        comment: (str?),
        backfill: (SqlDef?),
        using: (SqlDef?),
        deprecated: (str?),
        field: str,
        line: u32,
    }

    struct TypeDef<'a> {
        name: NameDef,
        modifiers: [i32],
        dimensions: u8,
        origin: TypeOrigin,
    }

    enum TypeOrigin<'a> {
        0 => BuiltIn,
        1 => Declared,
        2 => Extension(name: str),
        3 => Raw,
    }

    struct IdentityDef<'a> {
        always: bool,
        options: [(str, i64)],
    }

    struct KeyDef<'a> {
        name: str,
        renamed_from: (str?),
        columns: [str],
        include: [str],
        nulls_not_distinct: bool,
        deferrable: DeferrableDef,
        storage_parameters: [(str, str)],
        line: u32,
    }

    enum DeferrableDef {
        0 => No,
        1 => InitiallyImmediate,
        2 => InitiallyDeferred,
    }

    struct IndexDef<'a> {
        name: str,
        renamed_from: (str?),
        unique: bool,
        method: str,
        elements: [ElementDef],
        include: [str],
        predicate: (SqlDef?),
        nulls_not_distinct: bool,
        storage_parameters: [(str, str)],
        line: u32,
    }

    struct ElementDef<'a> {
        key: ElementKeyDef,
        descending: bool,
        nulls_first: (bool?),
        opclass: (str?),
        collation: (str?),
    }

    enum ElementKeyDef<'a> {
        0 => Column(name: str),
        1 => Expression(sql: SqlDef),
    }

    struct ForeignKeyDef<'a> {
        name: str,
        renamed_from: (str?),
        columns: [str],
        references: NameDef,
        referenced_columns: [str],
        on_delete: ActionDef,
        on_update: ActionDef,
        match_full: bool,
        deferrable: DeferrableDef,
        not_valid: bool,
        line: u32,
    }

    enum ActionDef {
        0 => NoAction,
        1 => Restrict,
        2 => Cascade,
        3 => SetNull,
        4 => SetDefault,
    }

    struct CheckDef<'a> {
        name: str,
        renamed_from: (str?),
        predicate: SqlDef,
        columns: [str],
        not_valid: bool,
        line: u32,
    }

    struct ExcludeDef<'a> {
        name: str,
        renamed_from: (str?),
        method: str,
        elements: [(ElementDef, str)],
        include: [str],
        predicate: (SqlDef?),
        deferrable: DeferrableDef,
        storage_parameters: [(str, str)],
        line: u32,
    }

    struct EnumDef<'a> {
        name: NameDef,
        renamed_from: (str?),
        comment: (str?),
        labels: [(str, (str?))],
        source: SourceDef,
    }

    struct DomainDef<'a> {
        name: NameDef,
        renamed_from: (str?),
        comment: (str?),
        base: TypeDef,
        collation: (str?),
        not_null: bool,
        default: (SqlDef?),
        checks: [(str, SqlDef)],
        source: SourceDef,
    }

    struct SchemaDef<'a> {
        name: str,
        comment: (str?),
        source: SourceDef,
    }

    struct ExtensionDef<'a> {
        name: str,
        schema: str,
        source: SourceDef,
    }
}
