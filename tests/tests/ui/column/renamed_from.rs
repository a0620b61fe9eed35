use schema_core::prelude::*;

#[table(renamed_from = "user")]
pub struct User {
    #[column(primary_key, renamed_from = "id")]
    pub id: i64,
    #[column(renamed_from = "id")]
    pub key: i64,
    #[column(renamed_from = "old")]
    pub one: i64,
    #[column(renamed_from = "old")]
    pub two: i64,
}

fn main() {}
