use schema_core::prelude::*;

#[table]
pub struct Tuple(i64);

#[table]
pub enum Choice {
    A,
}

#[table]
pub struct Generic<T> {
    pub id: T,
}

#[table(nam = "x", unlogged, unlogged, rls)]
pub struct Options {
    #[column(primary_key)]
    pub id: i64,
}

#[table(ignore_columns = ["id"])]
pub struct Ignored {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
