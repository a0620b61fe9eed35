use schema_core::prelude::*;

#[index(id)]
#[table]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

fn main() {}
