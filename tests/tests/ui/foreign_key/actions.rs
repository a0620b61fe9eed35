use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id, on_delete = set_null)]
    pub parent: i64,
}

#[table]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id, on_delete = set_default)]
    pub author: i64,
    #[column(references = User::id, on_update = casacde)]
    pub editor: i64,
    #[column(references = "users.id")]
    pub text: i64,
    #[column(references = User)]
    pub half: i64,
}

fn main() {}
