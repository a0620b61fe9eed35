//! Types of the standard library.

use super::pg::{self, array_of, plain};
use super::{Accepts, SqlType, StoredAs, literal};
use crate::def::{TypeDef, TypeOrigin};

/// `Rust = own, other, …;` with the built-in SQL type of each and what else can hold it.
macro_rules! stored {
    ($($rust:ty = $own:ident $(, $other:ident)*;)*) => { $(
        impl $crate::sql_type::SqlType for $rust {
            const TYPE: $crate::def::TypeDef<'static> =
                <$crate::sql_type::pg::$own as $crate::sql_type::SqlType>::TYPE;
        }
        impl $crate::sql_type::StoredAs<$crate::sql_type::pg::$own> for $rust {}
        $( impl $crate::sql_type::StoredAs<$crate::sql_type::pg::$other> for $rust {} )*
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
pub(crate) use stored;

stored! {
    bool = bool;
    i16 = int2;
    i32 = int4, oid;
    i64 = int8, money, xid8;
    f32 = float4;
    f64 = float8;
    String = text, varchar, bpchar, name, citext, xml, json, jsonb, jsonpath, tsvector, tsquery,
        ltree, lquery, ltxtquery, hstore, inet, cidr, macaddr, macaddr8, interval, numeric, money, bit, varbit,
        uuid, date, time, timetz, timestamp, timestamptz, point, line, lseg, r#box, path, polygon, circle,
        int4range, int8range, numrange, tsrange, tstzrange, daterange,
        int4multirange, int8multirange, nummultirange, tsmultirange, tstzmultirange, datemultirange,
        pg_lsn, regclass, regproc, regtype, regrole, regnamespace, regconfig, vector, halfvec, sparsevec, geometry, geography;
    std::net::IpAddr = inet, cidr;
    std::net::Ipv4Addr = inet, cidr;
    std::net::Ipv6Addr = inet, cidr;
    std::time::Duration = interval;
    Vec<u8> = bytea, bit, varbit, geometry, geography;
}

impl<const N: usize> SqlType for [u8; N] {
    const TYPE: TypeDef<'static> = plain("bytea", TypeOrigin::BuiltIn);
}
impl<const N: usize> StoredAs<pg::bytea> for [u8; N] {}
impl StoredAs<pg::macaddr> for [u8; 6] {}
impl StoredAs<pg::macaddr8> for [u8; 8] {}

impl<T: SqlType> SqlType for Vec<T> {
    const TYPE: TypeDef<'static> = array_of(T::TYPE);
}
impl<T: StoredAs<Sql>, Sql: SqlType> StoredAs<pg::Array<Sql>> for Vec<T> {}
impl StoredAs<pg::vector> for Vec<f32> {}
impl StoredAs<pg::halfvec> for Vec<f32> {}
impl StoredAs<pg::sparsevec> for Vec<f32> {}

impl<T: SqlType, const N: usize> SqlType for [T; N] {
    const TYPE: TypeDef<'static> = array_of(T::TYPE);
}
impl<T: StoredAs<Sql>, Sql: SqlType, const N: usize> StoredAs<pg::Array<Sql>> for [T; N] {}
impl<const N: usize> StoredAs<pg::vector> for [f32; N] {}

impl<T: SqlType + ?Sized> SqlType for Box<T> {
    const TYPE: TypeDef<'static> = T::TYPE;
    const BASE: TypeDef<'static> = T::BASE;
}
impl<T: StoredAs<Sql> + ?Sized, Sql: SqlType> StoredAs<Sql> for Box<T> {}

impl SqlType for str {
    const TYPE: TypeDef<'static> = <String as SqlType>::TYPE;
}
impl StoredAs<pg::text> for str {}
impl StoredAs<pg::varchar> for str {}
impl StoredAs<pg::citext> for str {}

macro_rules! integers {
    ($($rust:ty)*) => { $(
        impl Accepts<literal::identity> for $rust {}
        impl Accepts<literal::integer_literal> for $rust {
            const RANGE: (i128, i128) = (<$rust>::MIN as i128, <$rust>::MAX as i128);
        }
    )* };
}
integers! { i16 i32 i64 }

impl Accepts<literal::integer_literal> for f32 {}
impl Accepts<literal::number_literal> for f32 {}
impl Accepts<literal::integer_literal> for f64 {}
impl Accepts<literal::number_literal> for f64 {}
impl Accepts<literal::bool_literal> for bool {}
impl Accepts<literal::string_literal> for String {}
impl Accepts<literal::string_literal> for str {}
impl<T: Accepts<Kind> + ?Sized, Kind> Accepts<Kind> for Box<T> {
    const RANGE: (i128, i128) = T::RANGE;
}
