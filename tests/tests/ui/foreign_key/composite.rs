use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
}

#[table]
#[foreign_key(columns = [a, b], references = [User::id])]
#[foreign_key(columns = [a, b], references = [User::id, Post::id], name = "two")]
#[foreign_key(columns = [a])]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub a: i64,
    pub b: i64,
}

fn main() {}
