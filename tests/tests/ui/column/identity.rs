use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key, identity(alwys))]
    pub id: i64,
    #[column(identity(start))]
    pub a: i64,
    #[column(identity(increment = 0))]
    pub b: i64,
    #[column(identity(start = 1, start = 2))]
    pub c: i64,
    #[column(identity(start = "1"))]
    pub d: i64,
    #[column(identity, identity)]
    pub e: i64,
}

fn main() {}
