use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key, identity, default = 1)]
    pub id: i64,
    #[column(generated = sql("id + 1"), default = 1)]
    pub next: i64,
    #[column(generated = sql("id + 2"), identity)]
    pub after: i64,
}

fn main() {}
