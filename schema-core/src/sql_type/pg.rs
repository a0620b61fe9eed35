//! SQL types as `#[column(type = …)]` spells them: one empty struct each.
#![expect(non_camel_case_types, reason = "the names are PostgreSQL's")]

use std::marker::PhantomData;

use super::SqlType;
use crate::def::{NameDef, TypeDef, TypeOrigin};

/// A type without modifiers.
pub(super) const fn plain(sql_name: &'static str, origin: TypeOrigin<'static>) -> TypeDef<'static> {
    TypeDef {
        name: NameDef {
            schema: "",
            name: sql_name,
        },
        modifiers: &[],
        dimensions: 0,
        origin,
    }
}

/// An array of `T`: `type = text[]`.
#[derive(Debug)]
pub struct Array<T>(PhantomData<T>);

impl<T: SqlType> SqlType for Array<T> {
    const TYPE: TypeDef<'static> = array_of(T::TYPE);
}

/// The array of a type.
pub(super) const fn array_of(element: TypeDef<'static>) -> TypeDef<'static> {
    TypeDef {
        dimensions: element.dimensions + 1,
        ..element
    }
}

macro_rules! types {
    ($origin:expr; $($name:ident)*) => { $(
        #[doc = concat!("The SQL type `", stringify!($name), "`.")]
        #[derive(Debug)]
        pub struct $name;

        impl SqlType for $name {
            const TYPE: TypeDef<'static> = plain(stringify!($name), $origin);
        }
    )* };
}

types! { TypeOrigin::BuiltIn;
    bool int2 int4 int8 float4 float8 numeric money
    text varchar bpchar name xml bytea
    date time timetz timestamp timestamptz interval
    uuid json jsonb jsonpath
    inet cidr macaddr macaddr8
    bit varbit
    point line lseg path polygon circle
    tsvector tsquery
    int4range int8range numrange tsrange tstzrange daterange
    int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange
    oid xid xid8 pg_lsn
    regclass regproc regtype regrole regnamespace regconfig
}
types! { TypeOrigin::Extension("citext"); citext }
types! { TypeOrigin::Extension("hstore"); hstore }
types! { TypeOrigin::Extension("ltree"); ltree lquery ltxtquery }
types! { TypeOrigin::Extension("vector"); vector halfvec sparsevec }
types! { TypeOrigin::Extension("postgis"); geometry geography }

/// The SQL type `box`.
#[derive(Debug)]
pub struct r#box;

impl SqlType for r#box {
    const TYPE: TypeDef<'static> = plain("box", TypeOrigin::BuiltIn);
}
