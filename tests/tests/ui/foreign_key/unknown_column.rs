use schema_core::prelude::*;

pub struct NoTable {
    pub id: i64,
}

#[table]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    #[column(references = User::emial)]
    pub other: String,
    #[column(references = NoTable::id)]
    pub third: i64,
}

fn main() {}
