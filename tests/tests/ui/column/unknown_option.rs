use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    #[column(referenses = User::id)]
    pub parent: i64,
    #[column(default = 1, default = 2)]
    pub twice: i32,
    #[column(on_delete = cascade)]
    pub no_reference: i32,
    #[column(storage = extern)]
    pub stored: String,
    #[index]
    pub misplaced: i32,
}

fn main() {}
