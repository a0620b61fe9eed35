use schema_core::prelude::*;

#[table]
pub struct User {
    #[column(primary_key, identity)]
    pub id: u64,
    pub age: Option<u8>,
    pub initial: char,
    pub name: &'static str,
    #[column(type = sql("numeric(20)"))]
    pub total: u64,
}

fn main() {}
