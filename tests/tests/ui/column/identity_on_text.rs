use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key, identity)]
    pub id: String,
}

fn main() {}
