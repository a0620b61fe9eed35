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
#[check(name == 3, name = "a")]
#[check(age == "old", name = "b")]
#[check(plan == Role::Admin, name = "c")]
#[check(age.is_null(), name = "d")]
#[check(age == name, name = "e")]
#[check(age > 3_000_000_000, name = "f")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub age: i32,
    pub plan: Plan,
}

fn main() {
    let _ = Plan::Free;
}
