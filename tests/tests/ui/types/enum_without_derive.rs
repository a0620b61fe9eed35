use schema_core::prelude::*;

#[derive(Clone, Copy)]
pub enum Plan {
    Free,
}

#[table]
#[check(plan == Plan::Free)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(default = Plan::Free)]
    pub plan: Plan,
}

fn main() {}
