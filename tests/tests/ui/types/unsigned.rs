use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key)]
    pub id: u64,
}

fn main() {}
