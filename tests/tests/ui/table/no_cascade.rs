//! A struct in error is still a table to the others.
use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key, defualt = 1)]
    pub id: i64,
}

#[table]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub author: String,
}

fn main() {}
