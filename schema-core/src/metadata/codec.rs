//! How each definition is read, and written again in tests, made from the description in `format`.
#![cfg_attr(
    not(test),
    expect(dead_code, reason = "the macros write all but types")
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "only the low bits are wanted"
)]

#[cfg(feature = "engine")]
use super::decode::{DecodeError, Reader};
use super::encode::{Writer, byte, count};
use super::format::records;
use crate::def::{
    ActionDef, AttachedDef, BoundDef, CheckDef, ColumnDef, CompositeDef, DeferrableDef, DomainDef,
    ElementDef, ElementKeyDef, EnumDef, ExcludeDef, ExtensionDef, FieldDef, ForeignKeyDef,
    GrantDef, IdentityDef, IndexDef, KeyDef, NameDef, NewtypeDef, PartitionByDef, PartitionDef,
    PolicyDef, Record, RowDef, RowsDef, SchemaDef, SourceDef, SqlDef, StatementsDef, StatisticsDef,
    TableDef, TriggerDef, TypeDef, TypeOrigin, ValueDef, ViewDef,
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
    ($writer:ident, $value:expr, ($kind:tt since $format:literal)) => {
        put!($writer, $value, $kind)
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
    ($writer:ident, $value:expr, resolved_bool) => {
        put!($writer, $value, bool)
    };
    ($writer:ident, $value:expr, resolved_u32) => {
        count!($writer, *$value + 1)
    };
    ($writer:ident, $value:expr, resolved_type) => {{
        byte!($writer, 1);
        put!($writer, $value, TypeDef)
    }};
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
    ($reader:ident, ($kind:tt since $format:literal)) => {
        if $reader.format >= $format {
            get!($reader, $kind)
        } else {
            Default::default()
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
    ($reader:ident, resolved_bool) => {
        $reader.resolved_bool()?
    };
    ($reader:ident, resolved_u32) => {
        $reader.resolved_u32()?
    };
    ($reader:ident, resolved_type) => {
        $reader.resolved_type()?
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

records!(codec);
