use schema_core::prelude::*;

pub struct Unknown;

#[table]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub unknown: Unknown,
}

fn main() {}
