use schema_core::prelude::*;

type Maybe = Option<i64>;

#[table]
pub struct User {
    #[column(primary_key)]
    pub id: Maybe,
}

#[table]
#[primary_key(a, b)]
pub struct Pair {
    pub a: i64,
    pub b: Option<i64>,
}

fn main() {}
