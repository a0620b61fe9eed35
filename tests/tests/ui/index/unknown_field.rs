use schema_core::prelude::*;

#[table]
#[index(emial)]
#[unique(email, nmae)]
#[index(mail)]
#[index(cache)]
#[check(ag >= 18)]
#[foreign_key(columns = [team], references = [User::id])]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    #[column(name = "mail")]
    pub name: String,
    pub age: i32,
    #[column(skip)]
    pub cache: u8,
}

fn main() {}
