use schema_core::prelude::*;

#[derive(Clone, Copy, PgEnum)]
pub enum Plan {
    Free,
}

#[table]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = i32::MAX)]
    pub most: i32,
}

#[table]
pub struct Account {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = Plan::Fre)]
    pub plan: Plan,
}

fn main() {}
