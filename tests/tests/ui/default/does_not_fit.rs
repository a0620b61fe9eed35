use schema_core::prelude::*;

#[derive(Clone, Copy, PgEnum)]
pub enum Plan {
    Free,
}

#[derive(Clone, Copy, PgEnum)]
pub enum Role {
    Admin,
}

#[table]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = "yes")]
    pub active: bool,
    #[column(default = 40_000)]
    pub small: i16,
    #[column(default = 1.5)]
    pub whole: i32,
    #[column(default = now())]
    pub day: String,
    #[column(default = Plan::Free)]
    pub plan: i32,
    #[column(default = Role::Admin)]
    pub other: Plan,
}

fn main() {}
