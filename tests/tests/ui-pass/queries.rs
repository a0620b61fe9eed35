//! Names, typed columns, rows and types of every shape that a struct can have.
#![deny(warnings, missing_docs, unreachable_pub)]
#![allow(dead_code, non_snake_case, non_upper_case_globals)]

use schema_core::prelude::*;
use schema_core::sea_query::{columns, insert, names};
use sea_query::{Expr, ExprTrait, PostgresQueryBuilder, Query};
use sqlx::postgres::PgRow;
use sqlx::{Decode, Encode, FromRow, Postgres, Type};

/// No `Default`, and nothing that sqlx could load.
struct Opaque;

pg_schema!(odd, name = "o\"dd");

/// In another schema, with odd names.
#[table(schema = odd, name = "T\"a.ble")]
pub(crate) struct Odd {
    #[column(primary_key)]
    r#type: i64,
    table: Option<Kind>,
    self_: Vec<Kind>,
    user_id: Id<i64>,
    user__id: Slug,
    _1: Json<Vec<i32>>,
    __: Json<()>,
    größe: Range<i32>,
    #[column(name = "quo\"ted")]
    plain: Option<Box<str>>,
    #[column(skip)]
    more: std::marker::PhantomData<()>,
}

/// What sqlx cannot load is no mistake until it is loaded.
#[table]
struct Unloaded {
    #[column(primary_key)]
    id: i64,
    #[column(type = sql("point"))]
    place: Opaque,
    grid: Vec<Vec<i32>>,
    at: Wrapped,
    #[column(skip)]
    rest: Opaque,
}

#[derive(PgEnum)]
#[pg(schema = odd, name = "Ki\"nd")]
enum Kind {
    One,
    #[pg(rename = "t'wo")]
    Two,
}

#[derive(PgNewtype)]
struct Id<T>(T);

#[derive(PgDomain)]
#[pg(check = sql("value <> ''"))]
struct Slug {
    text: String,
}

#[derive(PgNewtype)]
struct Wrapped(Vec<Vec<i32>>);

/// Rows of a query.
#[view(sql = "SELECT type AS kind FROM \"o\"\"dd\".\"T\"\"a.ble\"", name = "Odd ones")]
struct Seen {
    kind: Option<i64>,
}

/// Both by hand.
#[table(sqlx = false, names = false)]
struct ByHand {
    #[column(primary_key)]
    id: i64,
}

impl ByHand {
    const Table: i64 = 1;
    const Id: i64 = 2;
}

impl FromRow<'_, PgRow> for ByHand {
    fn from_row(_row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self { id: Self::Table + Self::Id })
    }
}

#[table]
#[derive(Debug, sqlx_derive::FromRow)]
struct Derived {
    #[column(primary_key)]
    id: i64,
}

/// Stands for sqlx's own derive, whose implementation would be a second one.
mod sqlx_derive {
    pub(crate) use test_derives::FromRow;
}

impl FromRow<'_, PgRow> for Derived {
    fn from_row(_row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self { id: 3 })
    }
}

/// A hand-written type beside the derive.
#[derive(PgEnum)]
#[pg(sqlx = false)]
enum Hand {
    Left,
}

impl Type<Postgres> for Hand {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        sqlx::postgres::PgTypeInfo::with_name("hand")
    }
}

fn is_row<T: for<'r> FromRow<'r, PgRow>>() {}
fn is_type<T: Type<Postgres> + for<'r> Decode<'r, Postgres> + for<'q> Encode<'q, Postgres>>() {}

fn main() {
    is_row::<Odd>();
    is_row::<ByHand>();
    is_row::<Seen>();
    is_row::<Derived>();
    is_type::<Kind>();
    is_type::<Slug>();
    is_type::<Id<Slug>>();
    is_type::<Vec<Kind>>();
    is_type::<Vec<Slug>>();
    is_type::<Option<Id<i64>>>();
    is_type::<Json<i32>>();
    is_type::<Range<i32>>();

    let query = Query::select()
        .columns([Odd::Type, Odd::Table_, Odd::Self_, Odd::UserId, Odd::UserId_])
        .columns([Odd::_1, Odd::__, Odd::Größe, Odd::Plain])
        .from(Odd::Table)
        .and_where(Expr::col((Odd::Table, Odd::Plain)).is_null())
        .to_string(PostgresQueryBuilder);
    assert_eq!(
        query,
        "SELECT \"type\", \"table\", \"self_\", \"user_id\", \"user__id\", \"_1\", \"__\", \"größe\", \"quo\"\"ted\" \
         FROM \"o\"\"dd\".\"T\"\"a.ble\" WHERE \"o\"\"dd\".\"T\"\"a.ble\".\"quo\"\"ted\" IS NULL"
    );
    let all = Query::select().columns(columns::<Odd>()).to_string(PostgresQueryBuilder);
    assert!(query.starts_with(&all), "{all}");
    let seen = Query::select().column(Seen::Kind).from(Seen::Table).to_string(PostgresQueryBuilder);
    assert_eq!(seen, "SELECT \"kind\" FROM \"Odd ones\"");
    let odd = Odd::COLUMNS;
    let typed = Query::select().columns(names((odd.r#type, odd.table))).to_string(PostgresQueryBuilder);
    assert_eq!(typed, "SELECT \"type\", \"table\"");
    let inserted = insert((odd.r#type, odd.table, odd.self_, odd.user_id, odd.user__id, odd.plain))
        .row((1, Kind::Two, vec![], Id(7), Slug { text: "a".to_owned() }, None))
        .statement()
        .to_string(PostgresQueryBuilder);
    assert!(
        inserted.ends_with("VALUES (1, CAST(E't\\'wo' AS \"o\"\"dd\".\"Ki\"\"nd\"), CAST('{}' AS \"o\"\"dd\".\"Ki\"\"nd\"[]), 7, 'a', NULL)"),
        "{inserted}"
    );
    assert!(odd.table.is_nullable() && !odd.r#type.is_nullable());
}
