use schema_core::prelude::*;

#[table]
pub struct Order {
    #[column(primary_key)]
    pub id: i64,
    #[column(generated = id + 1)]
    pub next: i64,
    #[column(generated = id + next)]
    pub after: i64,
    #[column(generated = own)]
    pub own: i64,
    #[column(generated = sql("id * 2"), virtual)]
    pub twice: i64,
    #[column(generated = missing * 2)]
    pub third: i64,
}

fn main() {}
