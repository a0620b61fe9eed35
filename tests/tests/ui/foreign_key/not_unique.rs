use schema_core::prelude::*;

#[table]
#[unique(email, where = id > 3)]
#[unique(id, email)]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    #[column(references = Self::email)]
    pub other: String,
}

#[table]
#[foreign_key(columns = [email, id], references = [User::email, User::id])]
#[foreign_key(columns = [other, email], references = [User::other, User::email], name = "second")]
pub struct Post {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    pub other: String,
}

fn main() {}
