use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key, type = varchar(40))]
    pub id: i32,
}

fn main() {}
