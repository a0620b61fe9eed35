use schema_core::prelude::*;

#[derive(PgNewtype)]
pub struct UserId(pub i64);

#[table(name = "users")]
pub struct User {
    #[column(primary_key)]
    pub id: UserId,
}

#[table(name = "posts")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    #[column(references = User::id)]
    pub author_id: i32,
    #[column(references = User::id)]
    pub fine: i64,
    #[column(references = User::id, type = text)]
    pub as_text: String,
}

fn main() {}
